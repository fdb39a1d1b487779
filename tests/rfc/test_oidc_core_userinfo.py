"""OpenID Connect Core sections 5.3 and 5.4, RFC 6750: attributes as granted, each release written down."""

import pytest
from sqlalchemy import select

from identity import source_tokens, tables
from identity.opaque import micros
from tests.rfc.stage import MUSTERBAU, Stage, arrived


async def released(stage: Stage) -> list[tuple[str, str]]:
    columns = tables.release.c
    rows = select(columns.purpose, columns.claim).order_by(columns.released_at)
    return await stage.database.read(
        lambda connection: [(r.purpose, r.claim) for r in connection.execute(rows)]
    )


async def test_scopes_bring_their_claims_and_each_release_is_a_row(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    scope = "openid profile email address"
    page = await browser.opens("/authorize", portal.asks(scope=scope))
    answer = arrived(await browser.decides(page.text, "accept", "birthdate", "email", "address"), portal)
    made = await stage.tokens(portal, answer["code"])
    claims = (await stage.userinfo(made["access_token"])).json()
    assert claims.pop("sub") == stage.read(made["id_token"])["sub"]
    assert claims == {
        "name": "Erika Mustermann",
        "given_name": "Erika",
        "family_name": "Mustermann",
        "birthdate": "1964-08-12",
        "email": "erika@example.org",
        "address": {"street_address": "Heidestraße 17", "postal_code": "51147", "locality": "Köln"},
    }
    assert set(await released(stage)) == {("login", "sub"), *(("userinfo", name) for name in claims)}


async def test_what_was_not_ticked_does_not_go_out(stage: Stage) -> None:
    portal = await stage.portal()
    made = await stage.tokens(portal, await stage.browser().code(portal, scope="openid profile email"))
    claims = (await stage.userinfo(made["access_token"])).json()
    assert set(claims) == {"sub", "name", "given_name", "family_name"}


async def test_openid_alone_tells_the_name_of_nobody(stage: Stage) -> None:
    portal = await stage.portal()
    made = await stage.tokens(portal, await stage.browser().code(portal, scope="openid"))
    assert set((await stage.userinfo(made["access_token"])).json()) == {"sub"}


async def test_an_organisation_goes_out_under_a_name_of_its_own_for_each_portal(stage: Stage) -> None:
    stage.login = stage.person("toni", 2, acting_for=MUSTERBAU)
    browser, ids = stage.browser(), set()
    for host in ("hessen.example", "sachsen.example"):
        portal = await stage.portal(host, host)
        made = await stage.tokens(portal, await browser.code(portal, scope="openid organisation"))
        found = (await stage.userinfo(made["access_token"])).json()["organisation"]
        ids.add(found.pop("id"))
        assert found == {"name": "Musterbau GmbH", "legal_form": "GmbH", "register_number": "HRB 1234"}
    assert len(ids | {MUSTERBAU.id}) == 3


async def test_a_citizen_has_no_organisation(stage: Stage) -> None:
    portal = await stage.portal()
    made = await stage.tokens(portal, await stage.browser().code(portal, scope="openid organisation"))
    assert set((await stage.userinfo(made["access_token"])).json()) == {"sub"}


async def test_the_token_comes_in_the_header_or_the_body(stage: Stage) -> None:
    portal = await stage.portal()
    token = (await stage.tokens(portal, await stage.browser().code(portal)))["access_token"]
    header = {"Authorization": f"Bearer {token}"}
    async with stage.client() as client:
        assert (await client.get("/userinfo", headers=header)).status_code == 200
        assert (await client.post("/userinfo", headers=header)).status_code == 200
        assert (await client.post("/userinfo", data={"access_token": token})).status_code == 200
        both = await client.post("/userinfo", headers=header, data={"access_token": token})
        in_the_address = await client.get(f"/userinfo?access_token={token}")
        nothing = await client.get("/userinfo")
    assert both.status_code == 400
    assert both.json()["error"] == "invalid_request"
    assert in_the_address.status_code == nothing.status_code == 401
    assert nothing.headers["www-authenticate"] == 'Bearer realm="userinfo"'


async def test_other_tokens_are_refused(stage: Stage) -> None:
    portal = await stage.portal()
    made = await stage.tokens(portal, await stage.browser().code(portal))
    source = await stage.database.write(
        lambda connection: source_tokens.issue(
            connection, "hessen", stage.provider.random, micros(stage.clock)
        )
    )
    for token in (made["id_token"], source, "vha_unknown", "x", made["access_token"] + "x"):
        response = await stage.userinfo(token)
        assert response.status_code == 401
        assert 'error="invalid_token"' in response.headers["www-authenticate"]


async def test_a_token_ends_after_an_hour(stage: Stage) -> None:
    portal = await stage.portal()
    made = await stage.tokens(portal, await stage.browser().code(portal))
    stage.clock.now += made["expires_in"] - 1
    assert (await stage.userinfo(made["access_token"])).status_code == 200
    stage.clock.now += 1
    assert (await stage.userinfo(made["access_token"])).status_code == 401


async def test_a_token_ends_with_its_session(stage: Stage) -> None:
    """Attack 8: nothing is usable after logout."""
    portal, browser = await stage.portal(), stage.browser()
    made = await stage.tokens(portal, await browser.code(portal))
    session = await stage.sessions.find(browser.session_cookie)
    assert session is not None
    await stage.sessions.end(session.id)
    assert (await stage.userinfo(made["access_token"])).status_code == 401


@pytest.mark.parametrize("account", ["nobody"])
async def test_a_token_of_an_account_that_is_gone_is_refused(stage: Stage, account: str) -> None:
    stage.login = stage.person(account)
    portal = await stage.portal()
    made = await stage.tokens(portal, await stage.browser().code(portal))
    assert (await stage.userinfo(made["access_token"])).status_code == 401


async def test_oidcc_scope_phone_and_unknown_scopes_are_left_out_and_the_login_succeeds(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    known = "openid profile email address"
    made = await stage.tokens(portal, await browser.code(portal, scope=f"{known} phone offline_access x:y"))
    assert made["scope"] == known
    claims = (await stage.userinfo(made["access_token"])).json()
    assert claims["name"] == "Erika Mustermann"
    assert not [name for name in claims if name.startswith("phone")]
    assert (await browser.signs_in(portal, scope="phone"))["error"] == "invalid_scope"
