import pytest
from starlette.testclient import TestClient

from tests.demo import answers
from tests.demo.fake_hub import FakeHub

SERVICE = {"leikaKey": answers.KEY, "title": "Personalausweis Ausstellung"}


def test_a_service_is_suggested_for_the_own_area_and_leads_on_with_the_place(
    portal: TestClient, hub: FakeHub
) -> None:
    hub.data = {"Suggestions": {"suggestions": [{"text": "Perso", "service": SERVICE}]}}
    found = portal.get("/vorschlaege?q=per&wo=Kassel&ort=066110000000").json()["options"]
    address = f"/suche?leistung={answers.KEY}&wo=Kassel&ort=066110000000"
    assert found == [{"text": "Perso", "extra": "Personalausweis Ausstellung", "address": address}]
    assert hub.questions[-1]["variables"] == {"prefix": "per", "area": "06", "language": "de"}


def test_the_address_of_a_suggestion_ends_at_the_service_in_the_place(
    portal: TestClient, hub: FakeHub
) -> None:
    hub.data = {"Places": {"areas": answers.connection(answers.PLACE)}}
    answer = portal.get(f"/suche?leistung={answers.KEY}&wo=Kassel", follow_redirects=False)
    assert answer.headers["location"] == f"/leistung/{answers.KEY}?ort=066110000000"


def test_places_of_the_own_state_are_suggested_first(portal: TestClient, hub: FakeHub) -> None:
    areas = [
        {"ars": "145240200000", "name": "Neustadt", "distinction": "Zwickau, Sachsen"},
        {"ars": "065340016016", "name": "Neustadt", "distinction": "Marburg-Biedenkopf, Hessen"},
    ]
    hub.data = {"SuggestedPlaces": {"areas": answers.connection(*areas)}}
    found = portal.get("/orte?q=Neu").json()["options"]
    assert [one["key"] for one in found] == ["065340016016", "145240200000"]
    assert found[0]["extra"] == "Marburg-Biedenkopf, Hessen"


@pytest.mark.parametrize("path", ["/vorschlaege", "/orte"])
def test_before_two_letters_nothing_is_asked(portal: TestClient, hub: FakeHub, path: str) -> None:
    assert portal.get(f"{path}?q=+a+").json() == {"options": []}
    assert hub.questions == []


def test_without_the_hub_there_are_no_suggestions_and_no_error(portal: TestClient, hub: FakeHub) -> None:
    hub.data = {"Suggestions": None}
    assert portal.get("/vorschlaege?q=perso").json() == {"options": []}


def test_the_script_is_served_from_here(portal: TestClient) -> None:
    answer = portal.get("/suggest.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "aria-activedescendant" in answer.text


def test_another_question_is_offered(portal: TestClient, hub: FakeHub) -> None:
    found = {**answers.connection(answers.HIT), "didYouMean": ["Personalausweis"]}
    hub.data = {"Results": {"area": answers.PLACE, "services": found}}
    page = portal.get("/suche?frage=Personalausweiss").text
    assert '<a href="/suche?frage=Personalausweis&amp;ort=06">Personalausweis</a>' in page


def test_a_hit_says_why_it_is_there(portal: TestClient, hub: FakeHub) -> None:
    parts = [
        {"asked": "perso", "matched": "Personalausweis", "how": "THESAURUS"},
        {"asked": "grün", "matched": None, "how": None},
    ]
    edges = [{"node": answers.HIT, "why": {"parts": parts}}]
    hub.data = {"Results": {"area": answers.PLACE, "services": {"totalCount": 1, "edges": edges}}}
    page = portal.get("/suche?frage=perso+gr%C3%BCn").text
    assert "<li>„perso“ bedeutet auch „Personalausweis“.</li>" in page
    assert "<li>„grün“ kommt hier nicht vor.</li>" in page


def test_where_nothing_was_found_subjects_nearby_lead_on(portal: TestClient, hub: FakeHub) -> None:
    found = {"totalCount": 0, "edges": [], "nearestBundles": [{"name": "Tiere & Halten"}]}
    hub.data = {"Results": {"area": answers.PLACE, "services": found}}
    page = portal.get("/suche?frage=Einhorn").text
    assert '<a href="/suche?frage=Tiere+%26+Halten&amp;ort=06" lang="de">Tiere &amp; Halten</a>' in page
