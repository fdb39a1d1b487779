"""RFC 6749 and RFC 9700: the authorization code grant."""

import asyncio
from urllib.parse import urlencode

import pytest
from sqlalchemy import Table, func, select

from identity import tables
from tests.rfc.stage import ISSUER, Stage, arrived


async def codes(stage: Stage) -> int:
    counted = select(func.count()).select_from(tables.authorization_code)
    return await stage.database.read(lambda connection: connection.execute(counted).scalar_one())


async def test_a_portal_gets_a_code_and_for_it_tokens(stage: Stage) -> None:
    portal = await stage.portal()
    answer = await stage.browser().signs_in(portal)
    assert answer["state"] == "state-1"
    response = await stage.redeem(portal, answer["code"])
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    made = response.json()
    assert made["token_type"] == "Bearer"
    assert made["scope"] == "openid profile"
    assert made["access_token"].startswith("vha_")


async def test_the_redirect_uri_keeps_its_own_query(stage: Stage) -> None:
    portal = await stage.portal(redirect_uris=("https://hessen.example/callback?tenant=1",))
    answer = await stage.browser().signs_in(portal)
    assert answer["tenant"] == "1"
    assert (await stage.redeem(portal, answer["code"])).status_code == 200


WRONG_ADDRESSES = [
    "https://hessen.example/callback/",
    "https://hessen.example/callback/more",
    "https://hessen.example/callbac",
    "https://hessen.example/CALLBACK",
    "https://HESSEN.example/callback",
    "https://hessen.example:443/callback",
    "https://hessen.example:8443/callback",
    "https://user@hessen.example/callback",
    "https://hessen.example/callback#x",
    "https://hessen.example/callback?x=1",
    "https://hessen.example/%63allback",
    "https://hessen.example/x/../callback",
    "https://hessen.example.evil.example/callback",
    "https://evil.example/https://hessen.example/callback",
    "http://hessen.example/callback",
    "javascript:alert(1)",
    "//hessen.example/callback",
    "https://hessen.example/callback\n",
    " https://hessen.example/callback",
]


@pytest.mark.parametrize("address", WRONG_ADDRESSES)
async def test_another_redirect_uri_is_told_here_and_nobody_is_redirected(stage: Stage, address: str) -> None:
    portal = await stage.portal()
    response = await stage.browser().opens("/authorize", portal.asks(redirect_uri=address))
    assert response.status_code == 400
    assert "location" not in response.headers
    assert "redirect_uri" in response.text
    assert await codes(stage) == 0


async def test_errors_do_not_redirect_before_the_address_is_sure(stage: Stage) -> None:
    portal = await stage.portal()
    bad = portal.asks(redirect_uri="https://evil.example/", response_type="token", scope=None)
    assert (await stage.browser().opens("/authorize", bad)).status_code == 400


@pytest.mark.parametrize("client_id", [None, "nobody", "", "\0", "x" * 3000])
async def test_an_unknown_portal_is_told_here(stage: Stage, client_id: str | None) -> None:
    portal = await stage.portal()
    response = await stage.browser().opens("/authorize", portal.asks(client_id=client_id))
    assert response.status_code == 400
    assert "client_id" in response.text


async def test_the_address_of_another_portal_is_refused(stage: Stage) -> None:
    hessen, sachsen = await stage.portal(), await stage.portal("Portal Sachsen", "sachsen.example")
    response = await stage.browser().opens("/authorize", hessen.asks(redirect_uri=sachsen.redirect_uri))
    assert response.status_code == 400


@pytest.mark.parametrize("name", ["redirect_uri", "client_id"])
async def test_a_doubled_address_or_client_is_told_here(stage: Stage, name: str) -> None:
    portal = await stage.portal()
    doubled = urlencode([*portal.asks().items(), (name, portal.asks()[name])])
    assert (await stage.browser().opens(f"/authorize?{doubled}")).status_code == 400


@pytest.mark.parametrize("name", ["state", "scope", "nonce", "code_challenge", "prompt", "unknown"])
async def test_a_doubled_parameter_is_refused_by_redirect(stage: Stage, name: str) -> None:
    portal = await stage.portal()
    doubled = urlencode([*portal.asks().items(), (name, "other"), (name, "another")])
    answer = arrived(await stage.browser().opens(f"/authorize?{doubled}"), portal)
    assert answer["error"] == "invalid_request"
    assert ("state" in answer) == (name != "state")


@pytest.mark.parametrize("name", ["state", "nonce", "login_hint"])
async def test_control_characters_are_refused(stage: Stage, name: str) -> None:
    portal = await stage.portal()
    answer = await stage.browser().signs_in(portal, **{name: "a\0b"})
    assert answer["error"] == "invalid_request"


async def test_a_request_beyond_measure_is_told_here(stage: Stage) -> None:
    portal = await stage.portal()
    response = await stage.browser().opens("/authorize", portal.asks(state="s" * 20_000))
    assert response.status_code == 400


async def test_long_state_and_nonce_come_back_whole(stage: Stage) -> None:
    portal = await stage.portal()
    answer = await stage.browser().signs_in(portal, state="s" * 2000, nonce="n" * 2000)
    assert answer["state"] == "s" * 2000
    made = await stage.tokens(portal, answer["code"])
    assert stage.read(made["id_token"])["nonce"] == "n" * 2000


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"scope": None}, "invalid_scope"),
        ({"scope": "profile"}, "invalid_scope"),
    ],
)
async def test_what_the_provider_does_not_do_is_said_with_its_code(
    stage: Stage, changes: dict[str, str | None], error: str
) -> None:
    portal = await stage.portal()
    answer = await stage.browser().signs_in(portal, **changes)
    assert answer["error"] == error
    assert answer["error_description"]
    assert answer["state"] == "state-1"
    assert await codes(stage) == 0


async def test_unknown_parameters_and_scopes_are_left_out(stage: Stage) -> None:
    portal = await stage.portal()
    code = await stage.browser().code(portal, extra="foobar", scope="openid unheard-of")
    assert (await stage.tokens(portal, code))["scope"] == "openid"


async def test_the_request_may_come_by_post(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    await browser.signs_in(portal)
    response = await browser.follows(await browser.http.post("/authorize", data=portal.asks()))
    assert arrived(response, portal)["code"]


async def test_a_post_of_another_type_is_told_here(stage: Stage) -> None:
    response = await stage.browser().http.post("/authorize", json={})
    assert response.status_code == 400


async def test_a_code_used_twice_is_refused_and_what_it_made_is_revoked(stage: Stage) -> None:
    portal = await stage.portal()
    code = await stage.browser().code(portal)
    made = await stage.tokens(portal, code)
    assert (await stage.userinfo(made["access_token"])).status_code == 200
    again = await stage.redeem(portal, code)
    assert again.status_code == 400
    assert again.json()["error"] == "invalid_grant"
    assert (await stage.userinfo(made["access_token"])).status_code == 401


async def test_a_code_used_again_after_its_life_still_revokes(stage: Stage) -> None:
    portal = await stage.portal()
    code = await stage.browser().code(portal)
    made = await stage.tokens(portal, code)
    stage.clock.now += 90
    assert (await stage.redeem(portal, code)).json()["error"] == "invalid_grant"
    assert (await stage.userinfo(made["access_token"])).status_code == 401


async def test_of_eight_parallel_redemptions_one_succeeds_at_most(stage: Stage) -> None:
    portal = await stage.portal()
    code = await stage.browser().code(portal)
    responses = await asyncio.gather(*(stage.redeem(portal, code) for _ in range(8)))
    good = [response.json() for response in responses if response.status_code == 200]
    assert len(good) == 1
    assert {r.json()["error"] for r in responses if r.status_code != 200} == {"invalid_grant"}
    assert (await stage.userinfo(good[0]["access_token"])).status_code == 401


async def test_a_code_lives_a_minute(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    early, late = await browser.code(portal), await browser.code(portal)
    stage.clock.now += 59
    assert (await stage.redeem(portal, early)).status_code == 200
    stage.clock.now += 1
    assert (await stage.redeem(portal, late)).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("redirect_uri", [None, "https://hessen.example/other"])
async def test_a_code_needs_the_redirect_uri_of_its_request(stage: Stage, redirect_uri: str | None) -> None:
    portal = await stage.portal()
    code = await stage.browser().code(portal)
    assert (await stage.redeem(portal, code, redirect_uri=redirect_uri)).json()["error"] == "invalid_grant"
    assert (await stage.redeem(portal, code)).status_code == 200, "a wrong attempt changes nothing"


async def test_another_portal_can_not_use_a_code_nor_spend_it(stage: Stage) -> None:
    hessen, sachsen = await stage.portal(), await stage.portal("Portal Sachsen", "sachsen.example")
    code = await stage.browser().code(hessen)
    stolen = await stage.redeem(sachsen, code, redirect_uri=hessen.redirect_uri)
    assert stolen.json()["error"] == "invalid_grant"
    assert (await stage.redeem(hessen, code)).status_code == 200


async def test_a_code_is_worth_nothing_after_logout(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    code = await browser.code(portal)
    session = await stage.sessions.find(browser.session_cookie)
    assert session is not None
    await stage.sessions.end(session.id)
    assert (await stage.redeem(portal, code)).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("code", [None, "unheard-of", "x" * 5000, "a\0b"])
async def test_a_code_that_is_none_is_refused(stage: Stage, code: str | None) -> None:
    portal = await stage.portal()
    response = await stage.redeem(portal, code)
    assert response.status_code == 400
    assert response.json()["error"] in ("invalid_grant", "invalid_request")


@pytest.mark.parametrize(
    ("grant_type", "error"), [(None, "invalid_request"), ("password", "unsupported_grant_type")]
)
async def test_other_grants_do_not_exist(stage: Stage, grant_type: str | None, error: str) -> None:
    portal = await stage.portal()
    response = await stage.redeem(portal, "x", grant_type=grant_type)
    assert response.status_code == 400
    assert response.json()["error"] == error


async def test_nothing_rests_in_the_clear(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    code = await browser.code(portal)
    made = await stage.tokens(portal, code)
    rested = await stage.database.read(
        lambda connection: repr(
            [list(connection.execute(select(table))) for table in tables.metadata.sorted_tables]
        )
    )
    for secret in (code, made["access_token"], portal.secret, browser.session_cookie):
        assert str(secret) not in rested


async def test_the_issuer_never_comes_from_the_host_header(stage: Stage) -> None:
    async with stage.client() as client:
        found = await client.get("/.well-known/openid-configuration", headers={"Host": "evil.example"})
    assert found.json()["issuer"] == ISSUER
    assert "evil" not in found.text


async def rows(stage: Stage, table: Table) -> int:
    counted = select(func.count()).select_from(table)
    return await stage.database.read(lambda connection: connection.execute(counted).scalar_one())


async def test_what_is_over_is_removed_when_new_is_made(stage: Stage) -> None:
    portal = await stage.portal()
    await stage.tokens(portal, await stage.browser().code(portal))
    over = (tables.interaction, tables.authorization_code, tables.access_token, tables.session)
    stage.clock.now += 13 * 3600
    stage.login = stage.person("erika")
    assert [await rows(stage, table) for table in over] == [1, 1, 1, 1]
    portal_again = stage.browser()
    await stage.tokens(portal, await portal_again.code(portal))
    assert [await rows(stage, table) for table in over] == [1, 1, 1, 1]
    assert (await stage.userinfo("vha_gone")).status_code == 401
    assert "code" in await portal_again.signs_in(portal, prompt="none")


async def test_a_code_is_kept_as_long_as_what_was_made_from_it(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    code = await browser.code(portal)
    access_token = (await stage.tokens(portal, code))["access_token"]
    stage.clock.now += 3500
    await browser.code(portal)
    assert (await stage.userinfo(access_token)).status_code == 200
    assert (await stage.redeem(portal, code)).json()["error"] == "invalid_grant"
    assert (await stage.userinfo(access_token)).status_code == 401
