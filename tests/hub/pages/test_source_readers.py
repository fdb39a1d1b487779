"""Who may see a source's runs over HTTP: the source by its token, its staff by their session, nobody else."""

import secrets
from dataclasses import dataclass
from typing import Any

import httpx2
import orjson
import pytest
from starlette.types import Receive, Scope, Send

from hub.endpoint import GraphEndpoint
from identity.keys import Keys
from identity.sessions import SESSION_COOKIE
from identity.source_readers import SourceReaders
from identity.source_staff import SourceStaff
from identity.source_tokens import SourceTokens
from identity.viewers import Viewers
from tests.catalogues import HUB, Catalogue, small
from tests.conftest import Databases
from tests.hub.pages.login_stage import LoginStage
from tests.hub.pages.test_login import session_of
from tests.makers import message, service

QUERY = '{ source(id: "hessen") { runs(first: 5) { totalCount edges { node { objects(first: 5) { totalCount } } } } } }'


async def no_explorer(scope: Scope, receive: Receive, send: Send) -> None:
    raise AssertionError("nobody asks for the explorer here")


@dataclass
class Stage:
    catalogue: Catalogue
    login: LoginStage
    staff: SourceStaff
    tokens: SourceTokens
    client: httpx2.AsyncClient

    async def asks(self, **headers: str) -> httpx2.Response:
        sent = {
            "content-type": "application/json",
            **{name.replace("_", "-"): one for name, one in headers.items()},
        }
        return await self.client.post("/graphql", content=orjson.dumps({"query": QUERY}), headers=sent)

    async def code(self, **headers: str) -> str:
        """The code of the one error; the answer must be for the asker alone."""
        answer = await self.asks(**headers)
        assert answer.headers["cache-control"] == "private, no-store"
        (error,) = answer.json()["errors"]
        assert answer.json()["data"] == {"source": {"runs": None}}
        return str(error["extensions"]["code"])

    async def cookie(self, choice: str, *, granted: bool) -> str:
        browser = self.login.browser(accept="text/html")
        await browser.opens("/login")
        await browser.logs_in(choice)
        session = await session_of(self.login, browser)
        assert session is not None
        if granted:
            await self.staff.grant("hessen", session.account_id)
        return f"{SESSION_COOKIE}={browser.http.cookies[SESSION_COOKIE]}"


@pytest.fixture
async def stage(databases: Databases, keys: Keys, tmp_path: Any) -> Stage:
    catalogue = await small(databases.catalog, databases.operations, tmp_path)
    await catalogue.deliver("hessen", message(writes=[service("1")]))
    login = LoginStage(databases.identity, keys)
    staff = SourceStaff(databases.identity, login.clock)
    tokens = SourceTokens(databases.identity, login.clock, secrets.token_bytes)
    pairwise = login.provider.pairwise
    viewers = Viewers(HUB, databases.identity, login.sessions, login.accounts, pairwise, login.clock)
    endpoint = GraphEndpoint(
        catalogue.graph,
        viewers,
        origin=HUB,
        cookie=SESSION_COOKIE,
        explorer=no_explorer,
        new_id=lambda: "id-1",
        readers=SourceReaders(login.sessions, staff, tokens),
    )
    client = httpx2.AsyncClient(transport=httpx2.ASGITransport(endpoint), base_url=HUB)
    return Stage(catalogue, login, staff, tokens, client)


SEEN = {"source": {"runs": {"totalCount": 1, "edges": [{"node": {"objects": {"totalCount": 1}}}]}}}


async def test_a_source_sees_its_own_runs_by_its_token(stage: Stage) -> None:
    token = await stage.tokens.issue("hessen")
    answer = await stage.asks(authorization=f"Bearer {token}")
    assert (answer.json(), answer.headers["cache-control"]) == ({"data": SEEN}, "private, no-store")
    foreign = await stage.tokens.issue("sachsen")
    assert await stage.code(authorization=f"Bearer {foreign}") == "FORBIDDEN_SOURCE"
    await stage.tokens.revoke("hessen")
    revoked = await stage.asks(authorization=f"Bearer {token}")
    assert (revoked.status_code, revoked.json()["errors"][0]["extensions"]["code"]) == (401, "INVALID_TOKEN")


async def test_a_source_is_no_person(stage: Stage) -> None:
    token = await stage.tokens.issue("hessen")
    body = orjson.dumps({"query": "{ viewer { assurance } }"})
    sent = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    assert (await stage.client.post("/graphql", content=body, headers=sent)).json() == {
        "data": {"viewer": None}
    }


async def test_staff_see_their_sources_runs_from_the_hubs_own_pages_only(stage: Stage) -> None:
    cookie = await stage.cookie("max:zertifikat", granted=True)
    assert (await stage.asks(cookie=cookie, sec_fetch_site="same-origin")).json() == {"data": SEEN}
    assert await stage.code(cookie=cookie) == "NOT_SIGNED_IN"
    session = await stage.login.sessions.find(cookie.partition("=")[2])
    assert session is not None
    await stage.staff.withdraw("hessen", session.account_id)
    assert await stage.code(cookie=cookie, sec_fetch_site="same-origin") == "FORBIDDEN_SOURCE"


async def test_a_weak_login_is_asked_for_a_stronger_one(stage: Stage) -> None:
    cookie = await stage.cookie("erika:konto", granted=True)
    answer = await stage.asks(cookie=cookie, sec_fetch_site="same-origin")
    extensions = answer.json()["errors"][0]["extensions"]
    assert extensions["code"] == "ASSURANCE_TOO_LOW"
    assert extensions["stepUpUrl"].startswith(f"{HUB}/login?")
    assert "substantial" in extensions["stepUpUrl"]


async def test_nobody_and_a_stranger_hear_it(stage: Stage) -> None:
    assert await stage.code() == "NOT_SIGNED_IN"
    cookie = await stage.cookie("erika:ausweis", granted=False)
    assert await stage.code(cookie=cookie, sec_fetch_site="same-origin") == "FORBIDDEN_SOURCE"
