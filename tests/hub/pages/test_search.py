import pytest

from hub.pages.summaries import first_sentence
from tests.hub.pages.fakes import KEY, FakeGraph, description, module, reader, service

PLACE = "065320023023"


def test_a_hit_names_title_sentence_authority_and_that_it_is_online_at_which_level() -> None:
    found = reader(FakeGraph(service())).get("/suche?q=Personalausweis&ort=35578").text
    assert f'href="/leistung/{KEY}?ort={PLACE}">Personalausweis beantragen</a>' in found
    assert "brauchen Sie einen <mark>Ausweis</mark>.</p>" in found
    assert "Zuständig: Bürgerbüro Wetzlar" in found
    assert "Online möglich" in found
    assert "Vertrauensniveau substanziell" in found
    assert "1 Treffer für Wetzlar, Stadt" in found


def test_without_an_online_service_it_says_on_site_and_names_no_level() -> None:
    found = reader(FakeGraph(service(onlineServices=[]))).get("/suche?q=Personalausweis&ort=35578").text
    assert "Vor Ort" in found
    assert '<span class="kern-label">Online möglich' not in found
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


def test_what_was_asked_for_is_marked_and_nothing_else_becomes_markup() -> None:
    found = reader(FakeGraph(service())).get("/suche?q=Personalausweis").text
    assert "brauchen Sie einen <mark>Ausweis</mark>." in found
    odd = service(description=description(title="<b>Ausweis</b>"))
    assert "&lt;b&gt;<mark>Ausweis</mark>&lt;/b&gt;" in reader(FakeGraph(odd)).get("/suche?q=Personal").text


def test_a_hit_says_in_words_why_it_is_there() -> None:
    found = " ".join(reader(FakeGraph(service())).get("/suche?q=Personalausweis").text.split())
    said = "<strong>„Perso“</strong> bedeutet nach unserem Wörterbuch auch <strong>„Personalausweis“</strong>"
    assert said + " (im Titel, in den Stichwörtern)." in found
    assert "Zu <strong>„grün“</strong> steht hier nichts." in found
    assert "<strong>„ausweis“</strong> steht im Text." in found
    assert 'href="/leistung/99008001012001">Reisepass Ausstellung</a>' in found


def test_why_in_english() -> None:
    found = " ".join(reader(FakeGraph(service())).get("/suche?q=Personalausweis&lang=en").text.split())
    assert "Why this hit?" in found
    assert (
        "<strong>“Perso”</strong> also means, by our thesaurus, <strong>“Personalausweis”</strong>" in found
    )
    assert "Nothing stands here for <strong>“grün”</strong>." in found


def test_without_words_there_is_nothing_to_explain() -> None:
    assert "Warum dieser Treffer?" not in reader(FakeGraph(service())).get("/suche?lage=17").text


def test_a_place_named_in_the_question_holds_for_the_hits_and_is_told() -> None:
    graph = FakeGraph(service())
    found = reader(graph).get("/suche?q=Personalausweis+in+H%C3%BCttenberg").text
    assert "Verstanden als Ort: <strong>Hüttenberg</strong>" in found
    assert 'href="#ort">Ändern</a>' in found
    assert [name for name, _ in graph.asked] == ["Suche", "SucheAmOrt"]
    assert graph.asked[-1][1]["area"] == "065320013013"
    assert f'href="/leistung/{KEY}?ort=065320013013"' in found
    assert "Zuständig:" in found


def test_a_chosen_place_goes_before_one_in_the_question() -> None:
    graph = FakeGraph(service())
    found = reader(graph).get("/suche?q=Personalausweis+in+H%C3%BCttenberg&ort=35578").text
    assert "Verstanden als Ort" not in found
    assert graph.asked[-1][1]["area"] == PLACE


def test_another_question_is_offered_with_place_and_filters_kept() -> None:
    found = reader(FakeGraph(service())).get("/suche?q=Personalauswei%C3%9F&ort=35578&wer=person").text
    assert f'href="/suche?q=Personalausweis&amp;ort={PLACE}&amp;wer=person">Personalausweis</a>' in found
    assert "Meinten Sie:" in found


def test_where_nothing_was_found_subjects_nearby_lead_on() -> None:
    found = reader(FakeGraph()).get("/suche?q=Einhorn&ort=35578&wer=person").text
    assert f'href="/suche?q=Ausweise+und+P%C3%A4sse&amp;ort={PLACE}"' in found
    assert "Suchen Sie ohne Filter." in found
    assert "Suchen Sie ohne Filter." not in reader(FakeGraph()).get("/suche?q=Einhorn").text
