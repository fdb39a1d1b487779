import pytest

from hub.pages.queries import GraphError
from tests.hub.pages.fakes import FakeGraph, reader, service


def test_the_front_page_asks_what_and_where_and_offers_life_situations_most_frequent_first() -> None:
    found = reader(FakeGraph(service())).get("/").text
    assert '<form class="hub-search" action="/suche"' in found
    assert 'name="q"' in found
    assert 'name="ort"' in found
    assert found.index(">Umzug<") < found.index(">Geburt<") < found.index(">Gewerbe<")


def test_it_says_how_fresh_each_source_is() -> None:
    found = reader(FakeGraph(service())).get("/").text
    assert "Stand: 2. März 2026, 07:15 Uhr" in found
    assert "noch nichts geliefert" in found
    assert "1.234 Leistungsbeschreibungen" in found
    assert "1,234 service entries" in reader(FakeGraph(service())).get("/?lang=en").text


def test_an_empty_catalogue_shows_no_empty_boxes() -> None:
    found = reader(FakeGraph()).get("/").text
    assert "Nach Lebenslage" not in found
    assert "Noch liefert keine Redaktion" in found


def test_the_header_knows_whether_somebody_is_signed_in() -> None:
    viewer = {"subject": {"name": "Erika Mustermann"}, "assurance": "HIGH", "actingFor": None}
    assert ">Anmelden<" in reader(FakeGraph()).get("/").text
    assert ">Mein Konto<" in reader(FakeGraph(viewer=viewer)).get("/").text


def test_a_remembered_place_is_named_and_can_be_left() -> None:
    browser = reader(FakeGraph(service()))
    browser.cookies.set("hub_place", "065320023023")
    assert "Wetzlar, Stadt" in browser.get("/").text
    assert 'href="/?ort="' in browser.get("/").text
    assert "Wetzlar" not in browser.get("/?ort=").text


@pytest.mark.parametrize("cookie", ["000000000001", "12", "x' OR 1"])
def test_a_remembered_place_that_is_none_is_forgotten(cookie: str) -> None:
    browser = reader(FakeGraph())
    browser.cookies.set("hub_place", cookie)
    found = browser.get("/")
    assert found.status_code == 200
    assert 'name="ort"' in found.text
    assert f'value="{cookie}"' not in found.text


class Broken(FakeGraph):
    def Startseite(self, variables: dict[str, object]) -> dict[str, object]:  # noqa: N802
        return {"data": None, "errors": [{"message": "database is gone", "extensions": {"code": "INTERNAL"}}]}


def test_no_data_at_all_is_an_error_and_no_empty_page() -> None:
    with pytest.raises(GraphError, match="database is gone"):
        reader(Broken()).get("/")
