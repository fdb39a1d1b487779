"""Logout tokens at a portal (OpenID Connect Back-Channel Logout 1.0, section 2.6), each rule with both verdicts."""

import hmac
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from joserfc.jwk import KeySet
from starlette.testclient import TestClient

from tests.demo.answers import FRONT
from tests.demo.conftest import log_in
from tests.demo.fake_hub import EVENT, KEY, OTHER_KEY, FakeHub

ADDRESS = "/login/backchannel-logout"


@pytest.fixture(autouse=True)
def _signed_in(portal: TestClient, hub: FakeHub) -> None:
    hub.data = {"Front": FRONT}
    log_in(portal, hub)


def _b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _signed_in_now(portal: TestClient) -> bool:
    return "Angemeldet als" in portal.get("/").text


def _send(portal: TestClient, token: str) -> tuple[int, str]:
    answer = portal.post(ADDRESS, data={"logout_token": token})
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, answer.json()["error_description"] if answer.status_code == 400 else ""


def test_a_good_token_ends_the_session_it_names(portal: TestClient, hub: FakeHub) -> None:
    assert _send(portal, hub.logout_token()) == (200, "")
    assert not _signed_in_now(portal)


def test_a_token_with_sub_alone_ends_all_sessions_of_the_person(portal: TestClient, hub: FakeHub) -> None:
    assert _send(portal, hub.logout_token(sid=None, sub="sub-at-hessen")) == (200, "")
    assert not _signed_in_now(portal)


@pytest.mark.parametrize("changes", [{"sid": "sid-of-another"}, {"sid": None, "sub": "somebody-else"}])
def test_a_token_about_others_changes_nothing_here(
    portal: TestClient, hub: FakeHub, changes: dict[str, Any]
) -> None:
    assert _send(portal, hub.logout_token(**changes)) == (200, "")
    assert _signed_in_now(portal)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"iss": "http://127.0.0.1:9999"}, "another issuer"),
        ({"aud": "portal-b"}, "another client"),
        ({"aud": None}, "another client"),
        ({"iat": 1_000_000_000}, "iat is not about now"),
        ({"iat": 9_000_000_000}, "iat is not about now"),
        ({"iat": None}, "needs iat"),
        ({"iat": "today"}, "needs iat"),
        ({"exp": 1_000_000_000}, "expired"),
        ({"exp": None}, "needs exp"),
        ({"events": None}, "events"),
        ({"events": {}}, "events"),
        ({"events": {EVENT: True}}, "events"),
        ({"events": [EVENT]}, "events"),
        ({"sid": None}, "names a sid"),
        ({"sid": 7}, "names a sid"),
        ({"jti": None}, "needs a jti"),
        ({"nonce": "n"}, "no nonce"),
    ],
)
def test_a_token_that_breaks_a_rule_ends_nothing(
    portal: TestClient, hub: FakeHub, changes: dict[str, Any], problem: str
) -> None:
    status, sentence = _send(portal, hub.logout_token(**changes))
    assert status == 400
    assert problem in sentence
    assert _signed_in_now(portal)


def test_an_audience_may_be_a_list(portal: TestClient, hub: FakeHub) -> None:
    assert _send(portal, hub.logout_token(aud=["portal-b", "portal-a"])) == (200, "")
    assert not _signed_in_now(portal)


def test_a_token_counts_once(portal: TestClient, hub: FakeHub) -> None:
    token = hub.logout_token()
    assert _send(portal, token)[0] == 200
    log_in(portal, hub)
    assert _send(portal, token) == (400, "This logout token was used before.")
    assert _signed_in_now(portal)


@pytest.mark.parametrize("kind", ["at+jwt", "id+jwt", "dpop+jwt"])
def test_a_token_of_another_type_is_refused(portal: TestClient, hub: FakeHub, kind: str) -> None:
    assert _send(portal, hub.logout_token(header={"typ": kind}))[0] == 400
    assert _signed_in_now(portal)


def test_an_id_token_is_no_logout_token(portal: TestClient, hub: FakeHub) -> None:
    assert _send(portal, hub.id_token())[0] == 400
    assert _signed_in_now(portal)


def test_a_token_of_an_unknown_key_is_refused_and_keys_are_not_fetched_in_a_storm(
    portal: TestClient, hub: FakeHub
) -> None:
    assert _send(portal, hub.logout_token(key=OTHER_KEY))[0] == 400
    hub.keys = KeySet([OTHER_KEY])
    assert _send(portal, hub.logout_token(key=OTHER_KEY))[0] == 400  # asked a moment ago
    assert _signed_in_now(portal)


def test_a_token_of_a_new_key_is_taken(portal: TestClient, hub: FakeHub) -> None:
    hub.keys = KeySet([KEY, OTHER_KEY])
    assert _send(portal, hub.logout_token(key=OTHER_KEY))[0] == 200
    assert not _signed_in_now(portal)


def test_tricks_with_the_algorithm_are_refused(portal: TestClient, hub: FakeHub) -> None:
    head, body, signature = hub.logout_token().split(".")
    hs_head, none_head = _b64(b'{"alg":"HS256","kid":"one"}'), _b64(b'{"alg":"none"}')
    mac = hmac.digest(KEY.as_pem(private=False), f"{hs_head}.{body}".encode(), "sha256")
    hs256, none = f"{hs_head}.{body}.{_b64(mac)}", f"{none_head}.{body}."
    for token in (hs256, none, f"{head}.{body}.", f"{head}.{body}.{signature[::-1]}", "x", "", "a" * 10_000):
        assert _send(portal, token)[0] == 400
    assert _signed_in_now(portal)


def test_a_request_without_token_is_refused(portal: TestClient) -> None:
    assert portal.post(ADDRESS).status_code == 400
    assert portal.get(ADDRESS).status_code == 405


def test_when_keys_can_not_be_had_the_hub_may_try_again(portal: TestClient, hub: FakeHub) -> None:
    hub.down = True
    assert portal.post(ADDRESS, data={"logout_token": hub.logout_token(key=OTHER_KEY)}).status_code == 503
