import pytest

from tests.hub.pages.fakes import KEY, FakeGraph, reader, service


def test_a_service_is_suggested_with_its_address_at_the_place_of_the_form() -> None:
    graph = FakeGraph(service())
    answer = reader(graph).get("/vorschlaege?q=Pers&ort=065320023023")
    assert answer.headers["content-type"] == "application/json"
    option = {"text": "Personalausweis", "extra": "Personalausweis Ausstellung"}
    assert answer.json() == {"options": [option | {"address": f"/leistung/{KEY}?ort=065320023023"}]}
    assert graph.asked[-1][1] == {"prefix": "Pers", "area": "065320023023", "language": "de"}


def test_a_place_that_is_only_written_goes_along_as_it_is() -> None:
    graph = FakeGraph(service())
    found = reader(graph).get("/vorschlaege?q=Pers&ort=Bad+Homburg").json()["options"]
    assert found[0]["address"] == f"/leistung/{KEY}?ort=Bad%20Homburg"
    assert graph.asked[-1][1]["area"] is None


def test_a_text_that_is_the_title_is_said_once() -> None:
    found = reader(FakeGraph(service(title="personalausweis"))).get("/vorschlaege?q=Pers").json()["options"]
    assert found == [{"text": "Personalausweis", "extra": None, "address": f"/leistung/{KEY}"}]


def test_a_place_is_suggested_with_its_key_and_what_tells_it_apart() -> None:
    found = reader(FakeGraph()).get("/orte?q=wetz").json()
    assert found == {"options": [{"text": "Wetzlar, Stadt", "extra": "Hessen", "key": "065320023023"}]}


@pytest.mark.parametrize("address", ["/vorschlaege", "/orte"])
def test_nothing_is_asked_before_two_letters_and_long_ones_are_cut(address: str) -> None:
    graph = FakeGraph(service())
    assert reader(graph).get(f"{address}?q=+P+").json() == {"options": []}
    assert reader(graph).get(address).json() == {"options": []}
    assert graph.asked == []
    reader(graph).get(address, params={"q": "x" * 5000})
    assert max(len(value or "") for value in graph.asked[-1][1].values()) == 100


def test_only_pages_with_a_search_may_ask_for_suggestions() -> None:
    browser = reader(FakeGraph(service()))
    for address in ("/", "/suche?q=Personalausweis", f"/leistung/{KEY}"):
        assert "connect-src 'self'" in browser.get(address).headers["content-security-policy"]
    assert "connect-src" not in browser.get("/suche?ort=35625").headers["content-security-policy"]


def test_the_fields_name_where_to_ask_and_stay_plain_without_script() -> None:
    found = reader(FakeGraph(service())).get("/").text
    assert 'data-suggest="/vorschlaege"' in found
    assert 'data-suggest="/orte"' in found
    assert 'role="combobox"' not in found, "a combobox without its script would promise what is not there"
