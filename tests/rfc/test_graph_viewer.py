"""Who is asking the graph (the design's "Who is asking"): by a portal's token, or by the hub's own cookie."""

from sqlalchemy import select, update

from identity import source_tokens, tables
from identity.assurance import AssuranceLevel
from identity.opaque import micros
from identity.subject import SubjectKind
from tests.rfc.stage import MUSTERBAU, Stage

SCOPE = "openid profile organisation graph:viewer"


async def test_a_portals_token_knows_the_person_by_the_portals_name(stage: Stage) -> None:
    portal = await stage.portal()
    made = await stage.tokens(portal, await stage.browser().code(portal, scope=SCOPE))
    viewer = await stage.viewers.of_token(made["access_token"])
    assert viewer is not None
    assert viewer.subject.id == stage.read(made["id_token"])["sub"]
    assert viewer.subject.name == "Erika Mustermann"
    assert viewer.subject.kind is SubjectKind.CITIZEN
    assert viewer.assurance is AssuranceLevel.HIGH
    assert viewer.acting_for is None


async def test_for_whom_somebody_acts_has_a_pairwise_id(stage: Stage) -> None:
    stage.login = stage.person("toni", 2, acting_for=MUSTERBAU)
    portal = await stage.portal()
    made = await stage.tokens(portal, await stage.browser().code(portal, scope=SCOPE))
    viewer = await stage.viewers.of_token(made["access_token"])
    assert viewer is not None
    assert viewer.acting_for is not None
    assert viewer.subject.kind is SubjectKind.REPRESENTATIVE
    assert viewer.acting_for.name == "Musterbau GmbH"
    told = (await stage.userinfo(made["access_token"])).json()["organisation"]
    assert viewer.acting_for.id == told["id"] != MUSTERBAU.id


async def test_without_the_scope_nobody_is_known(stage: Stage) -> None:
    portal = await stage.portal()
    made = await stage.tokens(portal, await stage.browser().code(portal, scope="openid profile"))
    assert await stage.viewers.of_token(made["access_token"]) is None


async def test_a_name_or_a_business_is_known_only_where_it_was_granted(stage: Stage) -> None:
    stage.login = stage.person("toni", 2, acting_for=MUSTERBAU)
    portal = await stage.portal()
    made = await stage.tokens(portal, await stage.browser().code(portal, scope="openid graph:viewer"))
    viewer = await stage.viewers.of_token(made["access_token"])
    assert viewer is not None
    assert viewer.subject.name is None
    assert viewer.acting_for is None


async def test_the_release_is_written_down_once_for_a_token(stage: Stage) -> None:
    portal = await stage.portal()
    made = await stage.tokens(portal, await stage.browser().code(portal, scope=SCOPE))
    for _ in range(3):
        await stage.viewers.of_token(made["access_token"])
    rows = select(tables.release.c.claim).where(tables.release.c.purpose == "graph")
    assert await stage.database.read(lambda c: list(c.execute(rows).scalars())) == ["name"]


async def test_other_tokens_are_nobody(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    made = await stage.tokens(portal, await browser.code(portal, scope=SCOPE))
    source = await stage.database.write(
        lambda c: source_tokens.issue(c, "hessen", stage.provider.random, micros(stage.clock))
    )
    for token in (made["id_token"], source, str(browser.session_cookie), "", "vha_x", "\ud800"):
        assert await stage.viewers.of_token(token) is None


async def test_a_token_for_another_audience_is_nobody(stage: Stage) -> None:
    portal = await stage.portal()
    made = await stage.tokens(portal, await stage.browser().code(portal, scope=SCOPE))
    other = update(tables.access_token).values(audience="https://elsewhere.example")
    await stage.database.write(lambda c: c.execute(other).rowcount)
    assert await stage.viewers.of_token(made["access_token"]) is None


async def test_an_expired_token_and_an_ended_session_are_nobody(stage: Stage) -> None:
    portal, browser = await stage.portal(), stage.browser()
    made = await stage.tokens(portal, await browser.code(portal, scope=SCOPE))
    cookie = browser.session_cookie
    assert await stage.viewers.of_cookie(cookie)
    session = await stage.sessions.find(cookie)
    assert session is not None
    await stage.sessions.end(session.id)
    assert await stage.viewers.of_token(made["access_token"]) is None
    assert await stage.viewers.of_cookie(cookie) is None
    again = await stage.tokens(portal, await browser.code(portal, scope=SCOPE))
    stage.clock.now += 3600
    assert await stage.viewers.of_token(again["access_token"]) is None


async def test_the_hubs_own_cookie_knows_the_account(stage: Stage) -> None:
    stage.login = stage.person("toni", 2, acting_for=MUSTERBAU)
    portal, browser = await stage.portal(), stage.browser()
    await browser.code(portal)
    viewer = await stage.viewers.of_cookie(browser.session_cookie)
    assert viewer is not None
    assert (viewer.subject.id, viewer.subject.name) == ("toni", "Toni Beispiel")
    assert viewer.acting_for == MUSTERBAU
    assert await stage.viewers.of_cookie(None) is None
