import pytest

from hub.pages.summaries import first_sentence
from tests.hub.pages.fakes import KEY, FakeGraph, description, module, reader, service

PLACE = "065320023023"


def test_a_hit_names_title_sentence_authority_and_that_it_is_online_at_which_level() -> None:
    found = reader(FakeGraph(service())).get("/suche?q=Personalausweis&ort=35578").text
    assert f'href="/leistung/{KEY}?ort={PLACE}">Personalausweis beantragen</a>' in found
    assert "brauchen Sie einen Ausweis.</p>" in found
    assert "Zuständig: Bürgerbüro Wetzlar" in found
    assert "Online möglich" in found
    assert "Vertrauensniveau substanziell" in found
    assert "1 Treffer für Wetzlar, Stadt" in found


def test_without_an_online_service_it_says_on_site_and_names_no_level() -> None:
    found = reader(FakeGraph(service(onlineServices=[]))).get("/suche?q=Personalausweis&ort=35578").text
    assert "Vor Ort" in found
    assert "Online möglich" not in found
    assert "Vertrauensniveau" not in found


def test_without_a_place_nothing_is_said_about_authorities() -> None:
    graph = FakeGraph(service())
    found = reader(graph).get("/suche?q=Personalausweis").text
    assert f'href="/leistung/{KEY}"' in found
    assert "Zuständig" not in found
    assert [name for name, _ in graph.asked] == ["Suche"]


def test_a_service_that_nobody_describes_is_listed_by_its_official_name() -> None:
    found = reader(FakeGraph(service(description=None))).get("/suche?q=Personalausweis&ort=35578").text
    assert ">Personalausweis Ausstellung</a>" in found


def test_the_teaser_goes_before_the_short_text_and_says_its_language() -> None:
    modules = [
        module("SHORT_TEXT", "<p>Kurz.</p>"),
        module("TEASER", "<p>In short, an ID.</p>", language="en"),
    ]
    graph = FakeGraph(service(description=description(modules=modules)))
    assert '<p class="kern-body hub-text" lang="en">In short, an ID.</p>' in reader(graph).get("/suche").text


def test_nothing_found_is_said_honestly_with_next_steps() -> None:
    found = reader(FakeGraph(service())).get("/suche?q=Raumschiff").text
    assert "Dazu haben wir nichts gefunden" in found
    assert "115" in found
    assert "„Raumschiff“" in found


def test_an_unknown_place_is_said_on_top_and_at_the_field_and_the_hits_stay() -> None:
    found = reader(FakeGraph(service())).get("/suche?q=Personalausweis&ort=Nirgendwo").text
    assert 'href="#ort">Diesen Ort kennen wir nicht.' in found
    assert 'aria-invalid="true"' in found
    assert 'value="Nirgendwo"' in found
    assert "1 Treffer" in found


def test_more_hits_are_a_link_that_keeps_the_question() -> None:
    graph = FakeGraph(*[service(leikaKey=f"990080010120{n:02}") for n in range(12)])
    found = reader(graph).get("/suche?q=Personalausweis&ort=").text
    assert 'href="/suche?q=Personalausweis&amp;ort=&amp;after=cursor-1"' in found
    assert "Weitere Treffer" not in reader(FakeGraph(service())).get("/suche?q=Personalausweis").text


def test_a_life_situation_is_passed_on_and_named() -> None:
    graph = FakeGraph(service())
    found = reader(graph).get("/suche?lage=17").text
    assert graph.asked[-1][1]["situation"] == "17"
    assert "„Ausweise und Dokumente“" in found


def test_very_long_questions_are_cut() -> None:
    graph = FakeGraph()
    assert reader(graph).get("/suche", params={"q": "x" * 5000}).status_code == 200
    assert len(graph.asked[-1][1]["query"]) == 200


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Kurz.", "Kurz."),
        ("", ""),
        (
            "Sie brauchen z. B. Ihren Reisepass, wenn Sie verreisen. Danach nicht.",
            "Sie brauchen z. B. Ihren Reisepass, wenn Sie verreisen.",
        ),
        (
            "Ein  Satz\nmit Lücken, der lang genug ist, um einer zu sein! Noch einer.",
            "Ein Satz mit Lücken, der lang genug ist, um einer zu sein!",
        ),
    ],
)
def test_one_sentence(text: str, sentence: str) -> None:
    assert first_sentence(text) == sentence


def test_a_sentence_without_end_is_cut_between_words() -> None:
    found = first_sentence("Wort, " * 100)
    assert len(found) <= 222
    assert found.endswith("Wort …")
