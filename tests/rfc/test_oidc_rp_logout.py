"""OpenID Connect RP-Initiated Logout 1.0."""

import base64
import json

import pytest

from tests.rfc.stage import Browser, Portal, Stage, hidden

BYE = "https://hessen.example/bye"


async def signed_in(stage: Stage) -> tuple[Portal, Browser, str]:
    portal, browser = await stage.portal(), stage.browser()
    made = await stage.tokens(portal, await browser.code(portal))
    return portal, browser, made["id_token"]


async def is_signed_in(stage: Stage, browser: Browser) -> bool:
    return await stage.sessions.find(browser.session_cookie) is not None


async def test_with_an_id_token_of_the_session_one_is_out_at_once_and_back(stage: Stage) -> None:
    _, browser, hint = await signed_in(stage)
    asked = {"id_token_hint": hint, "post_logout_redirect_uri": BYE, "state": "a b&c"}
    response = await browser.opens("/logout", asked)
    assert response.status_code == 303
    assert response.headers["location"] == f"{BYE}?state=a+b%26c"
    assert not await is_signed_in(stage, browser)
    assert browser.session_cookie is None


async def test_an_old_id_token_will_do(stage: Stage) -> None:
    _, browser, hint = await signed_in(stage)
    stage.clock.now += 3600
    assert (await browser.opens("/logout", {"id_token_hint": hint})).status_code == 200
    assert not await is_signed_in(stage, browser)


async def test_without_state_there_is_none(stage: Stage) -> None:
    _, browser, hint = await signed_in(stage)
    response = await browser.opens("/logout", {"id_token_hint": hint, "post_logout_redirect_uri": BYE})
    assert response.headers["location"] == BYE


async def test_by_post_likewise(stage: Stage) -> None:
    _, browser, hint = await signed_in(stage)
    fields = {"id_token_hint": hint, "post_logout_redirect_uri": BYE}
    response = await browser.follows(await browser.http.post("/logout", data=fields))
    assert response.headers["location"] == BYE
    assert not await is_signed_in(stage, browser)


@pytest.mark.parametrize("asked", [{}, {"state": "x"}])
async def test_without_a_hint_the_person_is_asked(stage: Stage, asked: dict[str, str]) -> None:
    """Attack 13: no page elsewhere can sign somebody out."""
    _, browser, _ = await signed_in(stage)
    page = await browser.opens("/logout", asked)
    assert page.status_code == 200
    assert "Möchten Sie sich abmelden?" in page.text
    assert await is_signed_in(stage, browser)
    done = await browser.http.post("/logout/confirm", data=hidden(page.text))
    assert "Sie sind abgemeldet" in done.text
    assert "Portal Hessen" in done.text
    assert not await is_signed_in(stage, browser)


async def test_a_forged_confirmation_signs_nobody_out(stage: Stage) -> None:
    _, browser, _ = await signed_in(stage)
    for fields in ({}, {"form_token": "0" * 64}):
        await browser.http.post("/logout/confirm", data=fields)
        assert await is_signed_in(stage, browser)


async def test_a_client_id_and_the_persons_yes_lead_back(stage: Stage) -> None:
    portal, browser, _ = await signed_in(stage)
    asked = {"client_id": portal.client.client_id, "post_logout_redirect_uri": BYE, "state": "s"}
    page = await browser.opens("/logout", asked)
    assert await is_signed_in(stage, browser)
    assert "form-action 'self' https://hessen.example;" in page.headers["content-security-policy"]
    done = await browser.http.post("/logout/confirm", data=hidden(page.text))
    assert done.headers["location"] == f"{BYE}?state=s"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        BYE + "?x=1",
        BYE + "/",
        "https://hessen.example/callback",
        "//evil.example",
        "javascript:alert(1)",
        "https://hessen.example.evil.example/bye",
    ],
)
async def test_an_address_that_is_not_registered_is_never_led_to(stage: Stage, address: str) -> None:
    """Attack 5: no open redirect, neither at once nor after the person's yes."""
    _, browser, hint = await signed_in(stage)
    page = await browser.opens("/logout", {"id_token_hint": hint, "post_logout_redirect_uri": address})
    assert page.status_code == 400
    assert "Wir leiten nicht zum Portal zurück" in page.text
    assert await is_signed_in(stage, browser), "a faulty request changes nothing"
    done = await browser.http.post(
        "/logout/confirm", data=hidden(page.text) | {"post_logout_redirect_uri": address}
    )
    assert done.status_code == 200
    assert "location" not in done.headers
    assert not await is_signed_in(stage, browser)


async def test_an_address_without_any_portal_is_never_led_to(stage: Stage) -> None:
    _, browser, _ = await signed_in(stage)
    assert (await browser.opens("/logout", {"post_logout_redirect_uri": BYE})).status_code == 400
    assert (await stage.browser().opens("/logout", {"post_logout_redirect_uri": BYE})).status_code == 400


def tampered(token: str) -> str:
    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))) | {"aud": "other"}
    changed = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"{head}.{changed}.{signature}"


@pytest.mark.parametrize("kind", ["tampered", "garbage", "unsigned", "long"])
async def test_a_hint_that_is_not_ours_is_no_proof(stage: Stage, kind: str) -> None:
    _, browser, hint = await signed_in(stage)
    body = hint.split(".")[1]
    bad = {
        "tampered": tampered(hint),
        "garbage": "x.y.z",
        "unsigned": f"eyJhbGciOiJub25lIn0.{body}.",
        "long": hint + "x" * 20_000,
    }[kind]
    response = await browser.opens("/logout", {"id_token_hint": bad, "post_logout_redirect_uri": BYE})
    assert response.status_code == 400
    assert "location" not in response.headers
    assert await is_signed_in(stage, browser)


async def test_a_logout_token_is_no_hint(stage: Stage) -> None:
    """Attack 6: a token of one kind never passes as another."""
    _, browser, hint = await signed_in(stage)
    await browser.opens("/logout", {"id_token_hint": hint})
    logout_token = stage.outside.posted[0][1]["logout_token"]
    _, again, _ = await signed_in(stage)
    assert (await again.opens("/logout", {"id_token_hint": logout_token})).status_code == 400
    assert await is_signed_in(stage, again)


async def test_the_hint_of_an_older_session_asks_the_person(stage: Stage) -> None:
    portal, browser, hint = await signed_in(stage)
    stage.login = stage.person("max")
    await browser.code(portal, prompt="login")
    page = await browser.opens("/logout", {"id_token_hint": hint, "post_logout_redirect_uri": BYE})
    assert "Möchten Sie sich abmelden?" in page.text
    assert await is_signed_in(stage, browser)


async def test_another_client_id_than_the_hints_is_refused(stage: Stage) -> None:
    _, browser, hint = await signed_in(stage)
    other = await stage.portal("S", "sachsen.example")
    asked = {"id_token_hint": hint, "client_id": other.client.client_id}
    assert (await browser.opens("/logout", asked)).status_code == 400
    assert await is_signed_in(stage, browser)


async def test_doubled_parameters_are_refused(stage: Stage) -> None:
    _, browser, hint = await signed_in(stage)
    query = f"id_token_hint={hint}&post_logout_redirect_uri={BYE}&post_logout_redirect_uri={BYE}"
    assert (await browser.opens(f"/logout?{query}")).status_code == 400
    assert await is_signed_in(stage, browser)


async def test_who_is_not_signed_in_goes_straight_back(stage: Stage) -> None:
    _, browser, hint = await signed_in(stage)
    asked = {"id_token_hint": hint, "post_logout_redirect_uri": BYE}
    await browser.opens("/logout", asked)
    assert (await browser.opens("/logout", asked)).headers["location"] == BYE
    assert "Sie sind abgemeldet" in (await stage.browser().opens("/logout")).text
