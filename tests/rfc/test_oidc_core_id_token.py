"""OpenID Connect Core sections 2, 3.1.3 and 8: what an ID token says, and the names in it."""

import base64
import hashlib
import json

from identity.assurance import AssuranceLevel
from tests.rfc.stage import ISSUER, MUSTERBAU, Stage


async def test_the_claims_of_a_login(stage: Stage) -> None:
    portal = await stage.portal()
    made = await stage.tokens(portal, await stage.browser().code(portal))
    claims = stage.read(made["id_token"])
    now = int(stage.clock())
    assert claims["iss"] == ISSUER
    assert claims["aud"] == portal.client.client_id
    assert (claims["iat"], claims["exp"], claims["auth_time"]) == (now, now + 600, now)
    assert claims["nonce"] == "nonce-1"
    assert claims["acr"] == AssuranceLevel.HIGH.acr
    half = hashlib.sha256(made["access_token"].encode()).digest()[:16]
    assert claims["at_hash"] == base64.urlsafe_b64encode(half).rstrip(b"=").decode()
    assert set(claims) == {"iss", "sub", "aud", "iat", "exp", "auth_time", "nonce", "acr", "sid", "at_hash"}


async def test_rs256_unless_registered_otherwise(stage: Stage) -> None:
    browser = stage.browser()
    for name, algorithm in (("a", "RS256"), ("b", "ES256")):
        portal = await stage.portal(name, f"{name}.example", id_token_signed_response_alg=algorithm)
        made = await stage.tokens(portal, await browser.code(portal))
        head = made["id_token"].split(".")[0]
        header = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
        assert header["alg"] == algorithm
        assert header["kid"] == stage.keys.signing[algorithm].kid


async def test_without_nonce_there_is_none(stage: Stage) -> None:
    portal = await stage.portal()
    made = await stage.tokens(portal, await stage.browser().code(portal, nonce=None))
    assert "nonce" not in stage.read(made["id_token"])


async def test_two_portals_know_one_person_by_two_names(stage: Stage) -> None:
    browser = stage.browser()
    subs, sids = set(), set()
    for host in ("hessen.example", "sachsen.example"):
        portal = await stage.portal(host, host)
        for _ in range(2):
            claims = stage.read((await stage.tokens(portal, await browser.code(portal)))["id_token"])
            subs.add(claims["sub"])
            sids.add(claims["sid"])
    assert len(subs) == len(sids) == 2
    assert "erika" not in subs


async def test_two_clients_of_one_host_share_a_name_and_ports_of_loopback_do_not(stage: Stage) -> None:
    browser, subs = stage.browser(), []
    for uri in ("https://a.example/1", "https://a.example/2", "http://localhost:1/", "http://localhost:2/"):
        portal = await stage.portal(uri, redirect_uris=(uri,))
        claims = stage.read((await stage.tokens(portal, await browser.code(portal)))["id_token"])
        subs.append(claims["sub"])
    assert subs[0] == subs[1]
    assert len(set(subs)) == 3


async def test_two_people_have_two_names_at_one_portal(stage: Stage) -> None:
    portal, subs = await stage.portal(), set()
    for account in ("erika", "max"):
        stage.login = stage.person(account)
        made = await stage.tokens(portal, await stage.browser().code(portal))
        subs.add(stage.read(made["id_token"])["sub"])
    assert len(subs) == 2


async def test_no_portal_sees_the_hubs_own_names(stage: Stage) -> None:
    """Attack 18: neither account, session nor organisation leaks by its own id."""
    stage.login = stage.person("toni", 2, acting_for=MUSTERBAU)
    portal, browser = await stage.portal(), stage.browser()
    code = await browser.code(portal, scope="openid profile organisation graph:viewer")
    made = await stage.tokens(portal, code)
    session = await stage.sessions.find(browser.session_cookie)
    assert session is not None
    told = json.dumps(
        [dict(stage.read(made["id_token"])), (await stage.userinfo(made["access_token"])).json()]
    )
    for own in ("toni", session.id, MUSTERBAU.id):
        assert f'"{own}"' not in told
