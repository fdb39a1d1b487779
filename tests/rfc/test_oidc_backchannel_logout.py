"""OpenID Connect Back-Channel Logout 1.0: every portal of a session is told, and none keeps the others from it."""

import base64
import json

import pytest

from tests.rfc.stage import ISSUER, Portal, Stage

EVENT = "http://schemas.openid.net/event/backchannel-logout"


async def both_portals(stage: Stage) -> tuple[list[Portal], list[str], str]:
    browser = stage.browser()
    portals = [await stage.portal(), await stage.portal("Portal Sachsen", "sachsen.example")]
    hints = [(await stage.tokens(portal, await browser.code(portal)))["id_token"] for portal in portals]
    page = await browser.opens("/logout", {"id_token_hint": hints[0]})
    return portals, hints, page.text


async def test_every_portal_is_told_in_its_own_names(stage: Stage) -> None:
    portals, hints, page = await both_portals(stage)
    assert "Portal Hessen" in page
    assert "Portal Sachsen" in page
    assert "nicht geklappt" not in page
    told = {url: fields["logout_token"] for url, fields in stage.outside.posted}
    assert len(stage.outside.posted) == 2
    jtis = set()
    for portal, hint in zip(portals, hints, strict=True):
        token = told[str(portal.client.backchannel_logout_uri)]
        claims, login = stage.read(token), stage.read(hint)
        assert (claims["iss"], claims["aud"]) == (ISSUER, portal.client.client_id)
        assert (claims["sid"], claims["sub"]) == (login["sid"], login["sub"])
        assert claims["events"] == {EVENT: {}}
        assert claims["exp"] == claims["iat"] + 120
        assert "nonce" not in claims
        jtis.add(claims["jti"])
        head = token.split(".")[0]
        assert json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))["typ"] == "logout+jwt"
    assert len(jtis) == 2


@pytest.mark.parametrize("answer", [500, 302, 404, OSError("refused"), TimeoutError()])
async def test_a_portal_that_fails_is_named_and_keeps_none_of_the_others(
    stage: Stage, answer: int | Exception
) -> None:
    stage.outside.answers["https://hessen.example/backchannel"] = answer
    _, _, page = await both_portals(stage)
    done, failed = page.split("nicht geklappt")
    assert "Portal Sachsen" in done
    assert "Portal Hessen: Das Portal hat nicht geantwortet." in failed


async def test_a_failure_is_shown_before_the_way_back(stage: Stage) -> None:
    stage.outside.answers["https://hessen.example/backchannel"] = 500
    portal, browser = await stage.portal(), stage.browser()
    hint = (await stage.tokens(portal, await browser.code(portal)))["id_token"]
    back = "https://hessen.example/bye"
    page = await browser.opens("/logout", {"id_token_hint": hint, "post_logout_redirect_uri": back})
    assert page.status_code == 200
    assert "nicht geklappt" in page.text
    assert f'href="{back}"' in page.text


async def test_a_portal_without_an_address_is_named(stage: Stage) -> None:
    portal, browser = await stage.portal(backchannel_logout_uri=None), stage.browser()
    hint = (await stage.tokens(portal, await browser.code(portal)))["id_token"]
    page = await browser.opens("/logout", {"id_token_hint": hint})
    assert "Das Portal bietet keine gemeinsame Abmeldung an." in page.text
    assert stage.outside.posted == []


async def test_only_portals_that_got_an_id_token_are_told(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    await browser.code(portal)
    session = await stage.sessions.find(browser.session_cookie)
    assert session is not None
    await stage.sessions.end(session.id)
    assert await stage.back_channel(session.id) == []


async def test_nobody_is_told_twice_or_of_a_session_that_lives(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    await stage.tokens(portal, await browser.code(portal))
    session = await stage.sessions.find(browser.session_cookie)
    assert session is not None
    assert await stage.back_channel(session.id) == []
    await stage.sessions.end(session.id)
    assert len(await stage.back_channel(session.id)) == 1
    assert await stage.back_channel(session.id) == []


async def test_another_persons_login_in_the_browser_signs_the_first_out_everywhere(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    first = await stage.tokens(portal, await browser.code(portal))
    stage.login = stage.person("max")
    await browser.code(portal, prompt="login")
    assert len(stage.outside.posted) == 1
    told = stage.read(stage.outside.posted[0][1]["logout_token"])
    assert told["sid"] == stage.read(first["id_token"])["sid"]
    assert (await stage.userinfo(first["access_token"])).status_code == 401
