import re

import pytest
from joserfc.jwk import KeySet
from starlette.testclient import TestClient

from tests.demo.answers import FRONT
from tests.demo.conftest import log_in
from tests.demo.fake_hub import OTHER_KEY, FakeHub

VIEWER = {
    "viewer": {
        "subject": {"id": "sub-at-hessen", "name": None, "kind": "CITIZEN"},
        "assurance": "LOW",
        "actingFor": None,
    }
}


@pytest.fixture(autouse=True)
def _answers(hub: FakeHub) -> None:
    hub.data = {"Front": FRONT, "Viewer": VIEWER}


def test_the_way_to_the_hub_has_state_nonce_and_a_s256_challenge(portal: TestClient, hub: FakeHub) -> None:
    away = portal.get("/anmelden?weiter=/konto")
    assert away.headers["location"].startswith("http://127.0.0.1:8000/authorize?")
    hub.authorize(away.headers["location"])
    assert hub.asked["response_type"] == "code"
    assert hub.asked["redirect_uri"] == "http://localhost:8001/login/callback"
    assert hub.asked["code_challenge_method"] == "S256"
    assert hub.asked["scope"] == "openid profile organisation graph:viewer"
    assert len(hub.asked["state"]) > 20
    assert len(hub.asked["nonce"]) >= 20
    assert "acr_values" not in hub.asked


def test_a_level_is_asked_for_as_acr_values(portal: TestClient, hub: FakeHub) -> None:
    hub.authorize(portal.get("/anmelden?niveau=high").headers["location"])
    assert hub.asked["acr_values"] == "http://eidas.europa.eu/LoA/high"
    hub.authorize(portal.get("/anmelden?niveau=royal").headers["location"])
    assert "acr_values" not in hub.asked


def test_after_login_the_page_names_person_level_and_the_portals_own_sub(
    portal: TestClient, hub: FakeHub
) -> None:
    log_in(portal, hub)
    page = portal.get("/konto").text
    assert "Angemeldet als" in page
    assert "Erika Mustermann" in page
    assert "Vertrauensniveau: niedrig" in page
    assert '<code class="address" id="sub">sub-at-hessen</code>' in page
    assert "Der Graph nennt diesem Portal dasselbe Kennzeichen." in page
    assert hub.token_form["code_verifier"]
    assert hub.bearer[-1] == "Bearer vha_1"


def test_the_organisation_somebody_acts_for_is_named(portal: TestClient, hub: FakeHub) -> None:
    hub.userinfo |= {"organisation": {"id": "o1", "name": "Musterbau GmbH"}}
    log_in(portal, hub)
    assert "für Musterbau GmbH" in portal.get("/konto").text


def test_the_session_has_a_new_name_after_login(portal: TestClient, hub: FakeHub) -> None:
    away = portal.get("/anmelden")
    before = portal.cookies["hessen_session"]
    cookie = away.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    portal.get(hub.authorize(away.headers["location"]))
    after = portal.cookies["hessen_session"]
    assert after != before
    portal.cookies.clear()
    assert "Anmelden" in portal.get("/", headers={"cookie": f"hessen_session={before}"}).text
    assert "Abmelden" in portal.get("/", headers={"cookie": f"hessen_session={after}"}).text


def test_who_only_reads_gets_no_cookie(portal: TestClient) -> None:
    assert "set-cookie" not in portal.get("/").headers


def _back_fails(portal: TestClient, hub: FakeHub, **changes: str) -> str:
    away = portal.get("/anmelden?weiter=/konto")
    answer = portal.get(hub.authorize(away.headers["location"], **changes))
    assert answer.status_code == 400
    assert "Angemeldet als" not in portal.get("/").text
    return answer.text


def test_another_browsers_state_is_refused(portal: TestClient, hub: FakeHub) -> None:
    away = portal.get("/anmelden")
    portal.cookies.clear()
    answer = portal.get(hub.authorize(away.headers["location"]))
    assert answer.status_code == 400
    assert "gehört zu keiner Anmeldung" in answer.text
    assert hub.token_form == {}


def test_a_callback_counts_once(portal: TestClient, hub: FakeHub) -> None:
    callback = hub.authorize(portal.get("/anmelden").headers["location"])
    assert portal.get(callback).status_code == 303
    assert portal.get(callback).status_code == 400


def test_an_answer_of_another_issuer_is_refused(portal: TestClient, hub: FakeHub) -> None:
    assert "nicht in Ordnung" in _back_fails(portal, hub, iss="http://127.0.0.1:9999")
    assert hub.token_form == {}


def test_an_answer_without_issuer_is_refused_when_the_hub_promises_one(
    portal: TestClient, hub: FakeHub
) -> None:
    callback = hub.authorize(portal.get("/anmelden").headers["location"])
    assert portal.get(re.sub(r"[?&]iss=[^&]*", "", callback)).status_code == 400


def test_a_doubled_parameter_is_refused(portal: TestClient, hub: FakeHub) -> None:
    callback = hub.authorize(portal.get("/anmelden").headers["location"])
    assert portal.get(f"{callback}&code=code-2").status_code == 400
    assert hub.token_form == {}


def test_who_cancels_reads_that_nothing_was_passed_on(portal: TestClient, hub: FakeHub) -> None:
    text = _back_fails(portal, hub, error="access_denied", error_description="<b>x</b>")
    assert "Sie haben die Anmeldung abgebrochen" in text
    assert "<b>x</b>" not in text


def test_an_error_that_answers_nothing_is_told_apart(portal: TestClient) -> None:
    assert (
        "gehört zu keiner Anmeldung" in portal.get("/login/callback?error=access_denied&state=made-up").text
    )


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-portal"},
        {"iss": "http://127.0.0.1:9999"},
        {"exp": 1_000_000_000},
        {"sub": None},
    ],
    ids=lambda claims: next(iter(claims)),
)
def test_an_id_token_that_is_not_in_order_is_refused(
    portal: TestClient, hub: FakeHub, claims: dict[str, object]
) -> None:
    hub.claims = claims
    _back_fails(portal, hub)


def test_an_id_token_of_another_key_is_refused(portal: TestClient, hub: FakeHub) -> None:
    hub.signing = OTHER_KEY
    _back_fails(portal, hub)


def test_a_new_key_of_the_hub_is_fetched(portal: TestClient, hub: FakeHub) -> None:
    log_in(portal, hub)
    hub.signing, hub.keys = OTHER_KEY, KeySet([OTHER_KEY])
    log_in(portal, hub)


def test_userinfo_about_somebody_else_is_refused(portal: TestClient, hub: FakeHub) -> None:
    hub.userinfo = {"sub": "somebody-else", "name": "Max"}
    _back_fails(portal, hub)


def test_a_discovery_document_of_another_issuer_is_refused(portal: TestClient, hub: FakeHub) -> None:
    hub.metadata = {"issuer": "http://127.0.0.1:9999"}
    assert portal.get("/anmelden").status_code == 400


@pytest.mark.parametrize(
    "onward", ["//evil.example", "https://evil.example/", "/\\evil.example", "/\t/evil.example", "konto", ""]
)
def test_the_way_back_stays_in_the_portal(portal: TestClient, hub: FakeHub, onward: str) -> None:
    away = portal.get("/anmelden", params={"weiter": onward})
    assert portal.get(hub.authorize(away.headers["location"])).headers["location"] == "/"


def test_two_tabs_come_back_to_their_own_pages(portal: TestClient, hub: FakeHub) -> None:
    first = hub.authorize(portal.get("/anmelden?weiter=/konto").headers["location"])
    second = hub.authorize(portal.get("/anmelden?weiter=/suche").headers["location"])
    assert portal.get(second).headers["location"] == "/suche"
    assert (
        portal.get(first).status_code == 400
    )  # the login was finished meanwhile; what the first tab waited for is gone
    assert "Angemeldet als" in portal.get("/").text


def test_who_stays_below_the_level_asked_for_is_told(portal: TestClient, hub: FakeHub) -> None:
    log_in(portal, hub, "/anmelden?weiter=/konto&niveau=high")
    assert "aber nicht mit dem nötigen Vertrauensniveau" in portal.get("/konto").text
    assert "aber nicht mit dem nötigen Vertrauensniveau" not in portal.get("/konto").text
    hub.level = "high"
    log_in(portal, hub, "/anmelden?weiter=/konto&niveau=high")
    page = portal.get("/konto").text
    assert "Vertrauensniveau: hoch" in page
    assert "aber nicht mit dem nötigen" not in page


def test_an_ended_token_is_noticed_at_the_graph(portal: TestClient, hub: FakeHub) -> None:
    log_in(portal, hub)
    hub.graph_status = 401
    page = portal.get("/").text
    assert "Ihre Anmeldung ist abgelaufen" in page
    assert "Personalausweis Ausstellung" in page
    hub.graph_status = 200
    assert "Ihre Anmeldung ist abgelaufen" not in portal.get("/").text


def _csrf(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found[1]


def test_logout_needs_the_forms_own_token(portal: TestClient, hub: FakeHub) -> None:
    log_in(portal, hub)
    assert portal.post("/abmelden", data={"csrf": "guessed"}).status_code == 403
    assert portal.post("/abmelden").status_code == 403
    assert "Angemeldet als" in portal.get("/").text


def test_logout_ends_here_and_goes_on_at_the_hub(portal: TestClient, hub: FakeHub) -> None:
    log_in(portal, hub)
    before = portal.cookies["hessen_session"]
    away = portal.post("/abmelden", data={"csrf": _csrf(portal.get("/").text)})
    assert away.status_code == 303
    hub_address = away.headers["location"]
    assert hub_address.startswith("http://127.0.0.1:8000/logout?")
    for part in (
        "id_token_hint=",
        "client_id=portal-a",
        "post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A8001%2Fabgemeldet",
        "state=",
    ):
        assert part in hub_address
    assert "Angemeldet als" not in portal.get("/").text
    state = hub_address.split("state=")[1].split("&")[0]
    page = portal.get(f"/abgemeldet?state={state}")
    assert "Sie sind abgemeldet" in page.text
    assert "auch die anderen Portale" in page.text
    assert "auch die anderen Portale" not in portal.get(f"/abgemeldet?state={state}").text
    assert "Angemeldet als" not in portal.get("/", headers={"cookie": f"hessen_session={before}"}).text


def test_the_signed_out_page_does_not_claim_what_is_not_so(portal: TestClient, hub: FakeHub) -> None:
    log_in(portal, hub)
    assert "Sie sind hier noch angemeldet" in portal.get("/abgemeldet").text


def test_the_account_asks_strangers_to_sign_in(portal: TestClient) -> None:
    answer = portal.get("/konto")
    assert (answer.status_code, answer.headers["location"]) == (303, "/anmelden?weiter=/konto")


def test_a_hub_that_is_down_is_said_plainly(portal: TestClient, hub: FakeHub) -> None:
    hub.down = True
    answer = portal.get("/anmelden")
    assert answer.status_code == 503
    assert "Die Anmeldung ist gerade nicht erreichbar" in answer.text
