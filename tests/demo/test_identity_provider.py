"""The stand-in identity provider: small, but as correct as OpenID Connect Core wants a provider."""

import asyncio
import hashlib
import re
import socket
import sys
from base64 import urlsafe_b64encode
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from hub.demo.identity_provider.app import create_identity_provider
from hub.demo.identity_provider.settings import InsecureStandInWarning, StandInSettings

ISSUER = "https://idp.example"
CALLBACK = "https://hub.example/login/callback/demo"
VERIFIER = "v" * 43
ACR = "http://eidas.europa.eu/LoA/"
NOW = 1_780_000_000
ASK = {
    "response_type": "code",
    "client_id": "hub",
    "redirect_uri": CALLBACK,
    "scope": "openid profile email address",
    "state": "the-state",
    "nonce": "the-nonce",
    "code_challenge": urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode(),
    "code_challenge_method": "S256",
}
BASIC = ("hub", "secret")


class Clock:
    def __init__(self) -> None:
        self.now = float(NOW)

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def idp(clock: Clock) -> httpx2.AsyncClient:
    with pytest.warns(InsecureStandInWarning):
        app = create_identity_provider(StandInSettings(ISSUER, "hub", "secret", (CALLBACK,)), clock=clock)
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=ISSUER)


def answer(response: httpx2.Response) -> dict[str, str]:
    assert response.status_code == 303
    location = response.headers["location"]
    assert location.startswith(CALLBACK + "?")
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


async def code(idp: httpx2.AsyncClient, choice: str = "erika:ausweis", **more: str) -> str:
    return answer(await idp.post("/choose", data={**ASK, **more, "choice": choice}))["code"]


async def redeem(idp: httpx2.AsyncClient, code: str, /, **change: str) -> httpx2.Response:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }
    return await idp.post("/token", data=form | change, auth=BASIC)


async def claims(idp: httpx2.AsyncClient, token: str) -> dict[str, Any]:
    keys = KeySet.import_key_set((await idp.get("/jwks")).json())
    return jwt.decode(token, keys, algorithms=["RS256"]).claims


async def test_its_front_page_says_what_it_is(idp: httpx2.AsyncClient) -> None:
    german = await idp.get("/")
    assert german.status_code == 200
    assert "Demonstration" in german.text
    assert "Erika Mustermann" in german.text
    english = await idp.get("/", headers={"accept-language": "en-GB,en;q=0.9"})
    assert "invented persons" in english.text
    assert '<html lang="en">' in english.text


async def test_discovery_names_what_is_there(idp: httpx2.AsyncClient) -> None:
    found = (await idp.get("/.well-known/openid-configuration")).json()
    assert found["issuer"] == ISSUER
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert found["authorization_response_iss_parameter_supported"] is True
    for name in ("jwks_uri", "authorization_endpoint", "token_endpoint", "userinfo_endpoint"):
        response = await idp.get(found[name].removeprefix(ISSUER))
        assert response.status_code != 404


async def test_one_button_per_person(idp: httpx2.AsyncClient) -> None:
    page = (await idp.get("/authorize", params=ASK)).text
    assert re.findall(r'class="person" name="choice" value="([^"]+)"', page) == [
        "erika:ausweis",
        "max:zertifikat",
        "kim:konto",
        "toni:zertifikat",
    ]
    assert page.count("Erika Mustermann") == 1
    assert "disabled" not in page
    assert "handelt für Musterbau GmbH" in page


async def test_the_page_is_strict_and_has_nothing_inline(idp: httpx2.AsyncClient) -> None:
    response = await idp.get("/authorize", params=ASK)
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "<script" not in response.text
    assert "style=" not in response.text
    assert (await idp.get("/static/stand-in.css")).status_code == 200


async def test_the_page_comes_in_the_language_the_client_wishes(idp: httpx2.AsyncClient) -> None:
    assert "Who is logging in?" in (await idp.get("/authorize", params={**ASK, "ui_locales": "en"})).text
    assert "Wer möchte sich anmelden?" in (await idp.get("/authorize", params=ASK)).text
    switched = await idp.get("/authorize", params={**ASK, "lang": "en"})
    assert "Who is logging in?" in switched.text


async def test_what_is_asked_is_shown_as_text_only(idp: httpx2.AsyncClient) -> None:
    response = await idp.get("/authorize", params={**ASK, "state": '"><script>alert(1)</script>'})
    assert "<script" not in response.text


@pytest.mark.parametrize(
    ("level", "possible"),
    [("low", "erika max kim toni"), ("substantial", "erika max toni"), ("high", "erika")],
)
async def test_who_can_not_reach_the_level_is_shown_with_the_reason(
    idp: httpx2.AsyncClient, level: str, possible: str
) -> None:
    page = (await idp.get("/authorize", params={**ASK, "acr_values": ACR + level})).text
    buttons = re.findall(r'class="person" name="choice" value="(\w+):\w+"( disabled)?', page)
    assert [person for person, disabled in buttons if not disabled] == possible.split()
    assert page.count("erreicht nur das Niveau") == 4 - len(possible.split())


async def test_a_disabled_button_that_is_pressed_all_the_same_gives_no_code(idp: httpx2.AsyncClient) -> None:
    form = {**ASK, "acr_values": ACR + "high"}
    for choice in ("kim:konto", "erika:konto", "kim:ausweis", "nobody:konto", ""):
        assert (await idp.post("/choose", data={**form, "choice": choice})).status_code == 400
    answer(await idp.post("/choose", data={**form, "choice": "erika:ausweis"}))


@pytest.mark.parametrize(
    ("choice", "level"),
    [
        ("erika:ausweis", "high"),
        ("erika:zertifikat", "substantial"),
        ("erika:konto", "low"),
        ("max:zertifikat", "substantial"),
        ("kim:konto", "low"),
        ("toni:zertifikat", "substantial"),
    ],
)
async def test_a_login_tells_who_and_how_surely(idp: httpx2.AsyncClient, choice: str, level: str) -> None:
    response = await redeem(idp, await code(idp, choice))
    tokens = response.json()
    assert response.headers["cache-control"] == "no-store"
    found = await claims(idp, tokens["id_token"])
    half = hashlib.sha256(tokens["access_token"].encode()).digest()[:16]
    assert found == {
        "iss": ISSUER,
        "sub": f"stand-in-{choice.split(':', maxsplit=1)[0]}",
        "aud": "hub",
        "iat": NOW,
        "exp": NOW + 300,
        "auth_time": NOW,
        "acr": ACR + level,
        "amr": [choice.split(":")[1]],
        "nonce": "the-nonce",
        "at_hash": urlsafe_b64encode(half).rstrip(b"=").decode(),
    }


async def test_userinfo_follows_the_scope_and_toni_brings_an_organisation(idp: httpx2.AsyncClient) -> None:
    async def told(choice: str, scope: str) -> dict[str, Any]:
        tokens = (await redeem(idp, await code(idp, choice, scope=scope))).json()
        bearer = {"authorization": f"Bearer {tokens['access_token']}"}
        found: dict[str, Any] = (await idp.get("/userinfo", headers=bearer)).json()
        return found

    assert await told("erika:konto", "openid") == {"sub": "stand-in-erika"}
    full = await told("erika:konto", "openid profile email address")
    assert (full["given_name"], full["family_name"], full["birthdate"]) == (
        "Erika",
        "Mustermann",
        "1964-08-12",
    )
    assert full["email"] == "erika.mustermann@example.org"
    assert full["address"]["locality"] == "Frankfurt am Main"
    assert "organisation" not in full
    toni = await told("toni:zertifikat", "openid profile")
    assert toni["organisation"]["name"] == "Musterbau GmbH"


@pytest.mark.parametrize("header", [None, "Bearer x", "Basic aHViOnNlY3JldA==", "Bearer"])
async def test_userinfo_without_a_valid_token_is_refused(idp: httpx2.AsyncClient, header: str | None) -> None:
    response = await idp.get("/userinfo", headers={"authorization": header} if header else {})
    assert response.status_code == 401
    assert "Bearer" in response.headers["www-authenticate"]


async def test_an_access_token_ends(idp: httpx2.AsyncClient, clock: Clock) -> None:
    tokens = (await redeem(idp, await code(idp))).json()
    bearer = {"authorization": f"Bearer {tokens['access_token']}"}
    clock.now += 299
    assert (await idp.get("/userinfo", headers=bearer)).status_code == 200
    clock.now += 2
    assert (await idp.get("/userinfo", headers=bearer)).status_code == 401


async def test_giving_up_leads_back(idp: httpx2.AsyncClient) -> None:
    found = answer(await idp.post("/choose", data={**ASK, "choice": "cancel"}))
    assert (found["error"], found["state"], found["iss"]) == ("access_denied", "the-state", ISSUER)


@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "portal"},
        {"redirect_uri": CALLBACK + "/"},
        {"redirect_uri": CALLBACK + "?x=1"},
        {"redirect_uri": CALLBACK.replace("hub.example", "hub.example.evil.example")},
        {"redirect_uri": ""},
        {"redirect_uri": "javascript:alert(1)"},
    ],
)
async def test_a_wrong_client_or_address_is_never_redirected(
    idp: httpx2.AsyncClient, change: dict[str, str]
) -> None:
    for response in (
        await idp.get("/authorize", params=ASK | change),
        await idp.post("/choose", data={**ASK, **change, "choice": "erika:konto"}),
    ):
        assert response.status_code == 400
        assert "location" not in response.headers


async def test_a_doubled_redirect_uri_is_never_redirected(idp: httpx2.AsyncClient) -> None:
    query = urlencode({**ASK}) + "&" + urlencode({"redirect_uri": CALLBACK})
    assert (await idp.get(f"/authorize?{query}")).status_code == 400


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"request": "x.y.z"}, "request_not_supported"),
        ({"request_uri": "https://evil.example"}, "request_uri_not_supported"),
    ],
)
async def test_other_mistakes_are_told_to_the_client(
    idp: httpx2.AsyncClient, change: dict[str, str], error: str
) -> None:
    found = answer(await idp.get("/authorize", params=ASK | change))
    assert (found["error"], found["state"], found["iss"]) == (error, "the-state", ISSUER)


async def test_a_doubled_parameter_is_told_to_the_client(idp: httpx2.AsyncClient) -> None:
    found = answer(await idp.get(f"/authorize?{urlencode(ASK)}&nonce=another"))
    assert found["error"] == "invalid_request"


@pytest.mark.parametrize(
    "change", [{"prompt": "login"}, {"max_age": "0"}, {"prompt": "select_account consent"}]
)
async def test_the_person_always_acts_now(idp: httpx2.AsyncClient, change: dict[str, str]) -> None:
    assert (await idp.get("/authorize", params=ASK | change)).status_code == 200


async def test_a_code_counts_once_and_for_a_minute(idp: httpx2.AsyncClient, clock: Clock) -> None:
    first, late = await code(idp), await code(idp)
    assert (await redeem(idp, first)).status_code == 200
    assert (await redeem(idp, first)).json() == {"error": "invalid_grant"}
    clock.now += 61
    assert (await redeem(idp, late)).json() == {"error": "invalid_grant"}


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"code": "guess"}, "invalid_grant"),
        ({"code_verifier": "w" * 43}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"redirect_uri": CALLBACK + "/"}, "invalid_grant"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
async def test_a_wrong_token_request_gets_nothing(
    idp: httpx2.AsyncClient, change: dict[str, str], error: str
) -> None:
    response = await redeem(idp, await code(idp), **change)
    assert (response.status_code, response.json()) == (400, {"error": error})


async def test_only_its_client_gets_tokens(idp: httpx2.AsyncClient) -> None:
    form = {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
    for wrong in ({}, {"client_id": "hub"}, {"client_id": "hub", "client_secret": "guess"}):
        response = await idp.post("/token", data={**form, "code": await code(idp), **wrong})
        assert (response.status_code, response.json()) == (401, {"error": "invalid_client"})
    in_form = {"client_id": "hub", "client_secret": "secret"}
    assert (await idp.post("/token", data={**form, "code": await code(idp), **in_form})).status_code == 200
    broken = {"authorization": "Basic ???"}
    assert (await idp.post("/token", data=form, headers=broken)).status_code == 401


async def test_it_runs_as_a_program_of_its_own() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "hub.demo.identity_provider", "--port", str(port), "--client-id", "hub"]
    command += ["--client-secret", "secret", "--redirect-uri", CALLBACK]
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    try:
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            found = await _when_up(client)
            assert found.json()["issuer"] == f"http://127.0.0.1:{port}"
            assert (await client.get("/")).status_code == 200
    finally:
        process.terminate()
        _, said = await process.communicate()
    assert b"InsecureStandInWarning" in said


async def _when_up(client: httpx2.AsyncClient) -> httpx2.Response:
    for _ in range(300):
        try:
            return await client.get("/.well-known/openid-configuration")
        except httpx2.ConnectError:
            await asyncio.sleep(0.05)
    raise AssertionError("the stand-in did not come up")
