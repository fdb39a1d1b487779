import pytest

from tests.hub.pages.fakes import (
    KEY,
    FakeGraph,
    decision,
    description,
    module,
    offer,
    reader,
    responsibility,
    service,
)

HERE = f"/leistung/{KEY}?ort=065320023023"


def shown(address: str = HERE, **changes: object) -> str:
    viewer = changes.pop("viewer", None)
    graph = FakeGraph(service(**changes), viewer=viewer)  # type: ignore[arg-type]
    return reader(graph).get(address).text


def test_not_signed_in() -> None:
    found = shown()
    assert 'href="/login?acr=substantial"><span class="kern-label">Anmelden und beantragen</span>' in found
    assert "Vertrauensniveau „substanziell“" in found


def test_signed_in_and_high_enough_leads_to_the_online_service_of_the_place() -> None:
    found = shown(viewerCanStart=decision("OK", current="HIGH"))
    assert (
        'href="https://antrag.example/start?ars=065320023023"><span class="kern-label">Online beantragen'
        in found
    )
    assert "Sie kommen zu antrag.example." in found


def test_too_low_names_both_levels_and_the_way() -> None:
    step_up = decision("ASSURANCE_TOO_LOW", current="LOW", stepUpUrl="/login?acr=substantial&next=%2F")
    found = shown(viewerCanStart=step_up)
    assert "Höheres Vertrauensniveau nötig: so geht es" in found
    assert 'href="/login?acr=substantial&amp;next=%2F"' in found
    assert "„niedrig“" in found


def test_not_online_here_leads_to_the_authority_on_the_page() -> None:
    found = shown(viewerCanStart=decision("NOT_ONLINE_HERE", onlineService=None), onlineServices=[])
    assert 'href="#responsible"><span class="kern-label">Vor Ort beantragen' in found
    assert 'id="responsible"' in found


def test_neither_online_nor_an_authority_is_said() -> None:
    found = shown(
        viewerCanStart=decision("NOT_ONLINE_HERE", onlineService=None), onlineServices=[], responsibilities=[]
    )
    assert "noch keine zuständige Stelle eingetragen" in found
    assert "#responsible" not in found


def test_a_service_for_others_says_for_whom_one_is_acting() -> None:
    acting = {"subject": {"name": "Toni"}, "assurance": "HIGH", "actingFor": {"name": "Musterbau GmbH"}}
    assert "für Musterbau GmbH" in shown(viewerCanStart=decision("NOT_FOR_THIS_SUBJECT"), viewer=acting)
    assert "mit einem Unternehmenskonto" in shown(viewerCanStart=decision("NOT_FOR_THIS_SUBJECT"))


def test_an_unknown_level_is_said_and_one_may_start() -> None:
    found = shown(viewerCanStart=decision("LEVEL_UNKNOWN", required=None))
    assert "Online beantragen" in found
    assert "sagt Ihnen der Onlinedienst" in found


@pytest.mark.parametrize("address", ["javascript:alert(1)", None])
def test_a_start_that_leads_nowhere_is_no_button(address: str | None) -> None:
    found = shown(viewerCanStart=decision("OK"), onlineServices=[offer(address)])
    assert "javascript" not in found
    assert "Vor Ort beantragen" in found


def test_a_link_of_the_online_service_stands_in_for_a_start_address() -> None:
    linked = offer(None)
    linked["onlineService"]["links"] = [{"url": "https://dienst.example/", "title": None}]
    assert 'href="https://dienst.example/"' in shown(viewerCanStart=decision("OK"), onlineServices=[linked])


def test_the_authority_with_address_hours_channels_and_why() -> None:
    found = shown()
    assert "Ernst-Leitz-Straße 30<br>" in found
    assert 'href="tel:06441991234"' in found
    assert 'href="mailto:buergerbuero%40wetzlar.example"' in found
    assert "Donnerstag auch 14 bis 18 Uhr" in found
    assert "Warum diese Stelle?" in found
    assert "Eine genauere Regel gibt es nicht." in found


def test_a_contact_point_is_told_from_the_authority() -> None:
    found = shown(responsibilities=[responsibility(), responsibility("CONTACT_POINT", "Servicestelle")])
    assert found.index("Zuständige Stelle") < found.index("Ansprechpunkt")


def test_data_in_the_readers_format() -> None:
    german, english = shown(), shown(HERE + "&lang=en")
    assert "37,00\N{NO-BREAK SPACE}€" in german
    assert "13,00\N{NO-BREAK SPACE}€ bis 26,50\N{NO-BREAK SPACE}€" in german
    assert "4\N{NO-BREAK SPACE}Wochen" in german
    assert "2 bis 3\N{NO-BREAK SPACE}Wochen" in german
    assert "€37.00" in english
    assert "2 to 3\N{NO-BREAK SPACE}weeks" in english


def test_each_part_names_its_origin_and_day_in_berlin() -> None:
    found = shown()
    assert "Stand: 2. März 2026, Quelle: Redaktion Hessen (gilt für das ganze Land)" in found
    assert "Stand: 15. Januar 2026, Quelle: Bundesredaktion (gilt bundesweit)" in found
    assert "As of 2 March 2026, source: Redaktion Hessen" in shown(HERE + "&lang=en")


def test_required_documents_are_a_check_list() -> None:
    assert "hub-checklist" in shown()
    assert "hub-checklist" not in shown(description=description(modules=[module("FULL_TEXT", "<p>x</p>")]))


def test_parts_without_content_have_no_heading() -> None:
    found = shown(
        description=description(fees=[], deadlines=[], processingTimes=[], modules=[module("NOTES", " ")])
    )
    for heading in ("Kosten", "Fristen", "Bearbeitungsdauer", "Gut zu wissen"):
        assert heading not in found


def test_what_the_texts_say_about_the_authority_stands_in_where_none_is_named() -> None:
    said = description(modules=[module("COMPETENT_AUTHORITY", "<p>Wenden Sie sich an die Gemeinde.</p>")])
    assert "Wenden Sie sich an die Gemeinde." in shown(description=said, responsibilities=[])
    assert "Wenden Sie sich an die Gemeinde." not in shown(description=said)


def test_texts_in_another_language_say_so_and_other_languages_are_offered() -> None:
    found = shown(HERE + "&lang=en")
    assert '<h1 class="kern-heading-large" lang="de">' in found
    assert 'sprache=de-simple" lang="de-simple"' in found
    assert ">Leichte Sprache</a>" in found


def test_a_wanted_text_language_is_passed_on_and_nonsense_is_not() -> None:
    graph = FakeGraph(service())
    reader(graph).get(HERE + "&sprache=hsb")
    assert graph.asked[-1][1]["language"] == "hsb"
    reader(graph).get(HERE + '&sprache="}')
    assert graph.asked[-1][1]["language"] == "de"


def test_the_page_shows_the_query_that_it_came_from() -> None:
    found = shown()
    assert "So fragt ein Portal" in found
    assert "query LeistungAmOrt(" in found
    assert "&#34;area&#34;: &#34;065320023023&#34;" in found


def test_without_a_place_it_asks_where_and_starts_nothing() -> None:
    found = shown(f"/leistung/{KEY}")
    assert "Wo möchten Sie das erledigen?" in found
    assert "Anmelden und beantragen" not in found
    assert "37,00" in found


def test_an_unknown_place_is_said_at_the_field() -> None:
    assert "Diesen Ort kennen wir nicht." in shown(f"/leistung/{KEY}?ort=Nirgendwo")


def test_a_service_that_nobody_describes_here_says_so() -> None:
    found = shown(description=None, entries=[])
    assert "Zu dieser Leistung gibt es noch keine Beschreibung" in found
    assert "<h1" in found


@pytest.mark.parametrize("key", ["99000000000000", "1234", "99008001012000x"])
def test_what_is_no_service_is_not_found_with_a_search_box(key: str) -> None:
    answer = reader(FakeGraph(service())).get(f"/leistung/{key}")
    assert answer.status_code == 404
    assert 'name="q"' in answer.text
