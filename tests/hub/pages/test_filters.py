from starlette.datastructures import QueryParams

from hub.pages.filters import narrowing
from tests.hub.pages.fakes import FACETS, KEY, FakeGraph, reader, service

ALL = "wer=unternehmen&lage=17&feld=Feld+1&niveau=hoch&online=1"


def test_filters_combine_and_reach_the_graph() -> None:
    graph = FakeGraph(service())
    reader(graph).get(f"/suche?q=Personalausweis&ort=35578&{ALL}")
    asked = graph.asked[-1][1]
    assert (asked["audience"], asked["situation"], asked["field"]) == ("BUSINESS", "17", "Feld 1")
    assert (asked["assurance"], asked["online"]) == ("HIGH", True)


def test_what_is_online_is_not_asked_without_a_place() -> None:
    graph = FakeGraph(service())
    reader(graph).get("/suche?q=Personalausweis&online=1")
    assert "online" not in graph.asked[-1][1]


def test_values_that_no_filter_has_are_left_out() -> None:
    given = narrowing(QueryParams("wer=jemand&niveau=HIGH&online=ja&lage=&feld=Feld+1"))
    assert given.chosen == {"feld": "Feld 1"}


def test_a_value_is_added_changed_and_taken_away_by_its_link() -> None:
    groups = {
        one.name: one.values for one in narrowing(QueryParams("wer=person")).groups(FACETS, {"q": "Hund"})
    }
    citizen, business = groups["wer"]
    assert (citizen.chosen, citizen.address, citizen.count) == (True, "/suche?q=Hund", 1200)
    assert (business.chosen, business.address) == (False, "/suche?q=Hund&wer=unternehmen")
    assert groups["niveau"][0].address == "/suche?q=Hund&wer=person&niveau=niedrig"
    assert [value.code for value in groups["online"]] == ["ONLINE"]


def test_a_chosen_value_can_be_taken_away_though_nothing_has_it() -> None:
    groups = narrowing(QueryParams("wer=verwaltung")).groups({}, {"q": "Hund"})
    assert [(one.code, one.count, one.address) for one in groups[0].values] == [
        ("ADMINISTRATION", None, "/suche?q=Hund")
    ]
    assert len(groups) == 1


def test_the_page_shows_counts_and_keeps_filters_in_form_and_next_page() -> None:
    graph = FakeGraph(*[service(leikaKey=f"990080010120{n:02}") for n in range(12)])
    found = reader(graph).get("/suche?q=Personalausweis&ort=35578&wer=person").text
    assert "Treffer eingrenzen (1)" in found
    assert 'href="/suche?q=Personalausweis&amp;ort=065320023023" aria-current="true"' in found
    assert "1.200" not in found, "a chosen value shows how to remove it"
    assert '<input type="hidden" name="wer" value="person">' in found
    assert "ort=065320023023&amp;wer=person&amp;after=cursor-1" in found
    assert "wer=person&amp;feld=Feld+14" in found
    assert "Weitere anzeigen" in found


def test_a_hit_keeps_the_place_only() -> None:
    found = reader(FakeGraph(service())).get("/suche?q=Personalausweis&ort=35578&wer=person").text
    assert f'href="/leistung/{KEY}?ort=065320023023"' in found
