"""Answers that are kept: whom they are for, for how long they are right, and what they cost."""

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import orjson
import pytest
from hypothesis import HealthCheck, given, settings

from hub.answering import Answering, Terms
from hub.endpoint import GraphEndpoint
from hub.execution.plans import Plan
from hub.execution.requests import Accepted
from hub.execution.running import Answer, Operation
from hub.graph import Asking, Graph, GraphAnswer, known
from schema.fields import OPERATIONS, VIEWER
from tests.catalogues import HUB, IDENTITY_CARD, NOON, Catalogue
from tests.hub.execution.generating import Asked, operations
from tests.hub.execution.test_real_schema import RIGHT, SCHEMA, catalogue_in, filled, in_own_loop
from tests.hub.test_endpoint import FakeViewers, _citizen, explorer
from tests.makers import message, service

__all__ = ["filled"]

JSON = {"accept": "application/json", "content-type": "application/json"}
TITLE = f'{{ service(leikaKey: "{IDENTITY_CARD}") {{ description(area: "06") {{ title }} }} }}'
START = f'{{ service(leikaKey: "{IDENTITY_CARD}") {{ viewerCanStart(area: "06") {{ reason current }} }} }}'
MEGABYTE = 1024 * 1024
Client = httpx2.AsyncClient


class Process:
    """A process of the hub: what it keeps, and a client that asks it. Its lease is an hour."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.graph = Graph(catalogue.catalog, catalogue.operations, catalogue.clock, HUB)
        self.answering = Answering(self.graph, MEGABYTE, lease=3600)
        endpoint = GraphEndpoint(
            self.graph,
            FakeViewers(),
            origin=HUB,
            cookie="session",
            explorer=explorer,
            new_id=lambda: "id-1",
            answering=self.answering,
        )
        self.client = Client(transport=httpx2.ASGITransport(endpoint), base_url=HUB)
        self._statements = catalogue.catalog.statements

    async def get(self, query: str, **headers: str) -> httpx2.Response:
        """A GET."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.get(f"/graphql?query={quote(query)}", headers=JSON | named)

    async def post(self, query: str, variables: Any = None, **headers: str) -> httpx2.Response:
        """A POST."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        body = orjson.dumps({"query": query, "variables": variables})
        return await self.client.post("/graphql", content=body, headers=JSON | named)

    async def cost(self, *args: Any, **headers: str) -> int:
        """The statements that a GET needs."""
        before = len(self._statements)
        await self.get(*args, **headers)
        return len(self._statements) - before


@pytest.fixture
async def hub(catalogue: Catalogue) -> Process:
    return Process(catalogue)


@pytest.fixture
async def on_both(stored: Catalogue) -> Process:
    """On each kind of database in turn."""
    return Process(stored)


def title(response: httpx2.Response) -> str | None:
    described = response.json()["data"]["service"]["description"]
    return None if described is None else str(described["title"])


async def test_a_public_answer_is_worked_out_once_for_get_and_post(hub: Process) -> None:
    first = await hub.get(TITLE)
    assert await hub.cost(TITLE) == 0
    posted, head = (
        await hub.post(TITLE),
        await hub.client.head(f"/graphql?query={quote(TITLE)}", headers=JSON),
    )
    for response in (await hub.get(TITLE), posted):
        assert (response.status_code, response.content) == (200, first.content)
        assert response.headers["content-length"] == str(len(first.content))
    assert (head.content, head.headers["etag"]) == (b"", first.headers["etag"])


async def test_another_variable_is_another_answer(hub: Process) -> None:
    query = "query($k: LeikaKey!) { service(leikaKey: $k) { leikaKey } }"
    other = "99050012104000"
    for key in (IDENTITY_CARD, other, IDENTITY_CARD):
        assert (await hub.post(query, {"k": key})).json()["data"]["service"]["leikaKey"] == key


async def test_each_media_type_has_its_own_answer_and_tag(hub: Process) -> None:
    new = await hub.get(TITLE, accept="application/graphql-response+json")
    old = await hub.get(TITLE)
    assert new.headers["content-type"].startswith("application/graphql-response+json")
    assert old.headers["content-type"].startswith("application/json")
    assert new.headers["etag"] != old.headers["etag"]


async def test_what_is_committed_here_is_answered_at_once(on_both: Process, stored: Catalogue) -> None:
    before = await on_both.get(TITLE)
    await stored.deliver("hessen", message(writes=[service("1", IDENTITY_CARD, title="Neu")]))
    on_both.answering.versions.expire()
    after = await on_both.get(TITLE, if_none_match=before.headers["etag"])
    assert (after.status_code, title(after)) == (200, "Neu")
    assert after.headers["etag"] != before.headers["etag"]


async def test_a_client_that_wants_no_cache_meets_what_was_committed_in_any_process(
    on_both: Process, stored: Catalogue
) -> None:
    await on_both.get(TITLE)
    await stored.deliver("hessen", message(writes=[service("1", IDENTITY_CARD, title="Neu")]))
    assert title(await on_both.get(TITLE)) is None
    assert title(await on_both.get(TITLE, cache_control="no-cache")) == "Neu"
    assert title(await on_both.get(TITLE)) == "Neu"


async def test_all_processes_give_the_same_tag(on_both: Process, stored: Catalogue) -> None:
    other = Process(stored)
    tag = (await on_both.get(TITLE)).headers["etag"]
    assert (await other.get(TITLE, if_none_match=tag)).status_code == 304


async def test_not_modified_is_said_without_working_anything_out(on_both: Process, stored: Catalogue) -> None:
    tag = (await on_both.get(TITLE)).headers["etag"]
    other = Process(stored)
    await other.answering.versions.current()
    assert await other.cost(TITLE, if_none_match=f'"x", W/{tag}') == 0
    found = await other.get(TITLE, if_none_match=tag)
    assert (found.status_code, found.content, found.headers["etag"]) == (304, b"", tag)
    assert found.headers["cache-control"].startswith("public, max-age=60")
    assert (await other.get(TITLE, if_none_match='"x"')).status_code == 200


async def test_a_day_in_berlin_ends_what_was_kept(hub: Process, catalogue: Catalogue) -> None:
    catalogue.clock.set(NOON.replace(hour=22, minute=59))
    before = (await hub.get(TITLE)).headers["etag"]
    hub.answering.versions.expire()
    assert (await hub.get(TITLE)).headers["etag"] == before
    catalogue.clock.set(NOON.replace(hour=23, minute=0))
    hub.answering.versions.expire()
    assert (await hub.get(TITLE)).headers["etag"] != before


VIEWER_ID = "{ viewer { subject { id } } }"


@pytest.mark.parametrize("query", [VIEWER_ID, START, f"{{ ...f }} fragment f on Query {VIEWER_ID}"])
async def test_what_a_person_is_told_is_kept_for_nobody(hub: Process, query: str) -> None:
    own = [await hub.post(query, authorization="Bearer good") for _ in range(2)]
    nobody = [await hub.post(query), await hub.get(query)]
    for response in (*own, *nobody):
        assert response.headers["cache-control"] == "private, no-store"
        assert "etag" not in response.headers
    assert own[0].content == own[1].content != nobody[0].content == nobody[1].content


async def test_a_field_that_is_skipped_makes_it_no_more_public(hub: Process) -> None:
    query = "query($v: Boolean!) { sources { key } viewer @include(if: $v) { subject { id } } }"
    assert (await hub.post(query, {"v": False})).headers["cache-control"] == "private, no-store"


async def test_a_public_answer_is_the_same_for_everybody_but_closed_to_others_where_somebody_asked(
    hub: Process,
) -> None:
    own = await hub.get(TITLE, authorization="Bearer good")
    assert own.headers["cache-control"] == "private, no-store"
    public = await hub.get(TITLE)
    assert public.headers["cache-control"].startswith("public")
    again = await hub.get(TITLE, authorization="Bearer good", if_none_match=public.headers["etag"])
    assert (again.status_code, again.content) == (200, public.content)
    assert again.headers["cache-control"] == "private, no-store"
    assert (await hub.get(TITLE, authorization="Bearer bad")).status_code == 401


async def test_errors_are_worked_out_again(hub: Process) -> None:
    query = '{ node(id: "x") { id } catalogue { counts { live } } }'
    first = await hub.get(query)
    assert (first.headers["cache-control"], first.json()["data"]["node"]) == ("no-store", None)
    assert await hub.cost(query) > 0


async def test_runs_are_told_as_they_are_though_the_data_version_stands(
    on_both: Process, stored: Catalogue
) -> None:
    query = '{ catalogue { dataVersion } source(id: "hessen") { freshness lastRun { id } } }'
    answers = []
    for minute in (0, 1):
        stored.clock.set(NOON.replace(minute=minute))
        await stored.deliver("hessen", message(writes=[service("1")]))
        response = await on_both.get(query)
        assert response.headers["cache-control"] == "public, no-cache"
        answers.append(response.json()["data"])
    assert answers[0]["catalogue"] == answers[1]["catalogue"]
    assert answers[0]["source"]["lastRun"] != answers[1]["source"]["lastRun"]
    assert answers[0]["source"]["freshness"] < answers[1]["source"]["freshness"]


async def test_what_is_right_only_now_is_asked_again_cheaply(hub: Process) -> None:
    query = '{ source(id: "hessen") { freshness } }'
    tag = (await hub.get(query)).headers["etag"]
    assert (await hub.get(query, if_none_match=tag)).status_code == 304
    assert "etag" not in (await hub.post(query)).headers


async def test_a_source_that_is_added_changes_the_answer(on_both: Process, stored: Catalogue) -> None:
    query = "{ sources { key } }"
    before = await on_both.get(query)
    await stored.source("bremen", "Bremen", "L100001", "02")
    on_both.answering.versions.expire()
    assert (
        len((await on_both.get(query)).json()["data"]["sources"]) == len(before.json()["data"]["sources"]) + 1
    )


async def test_many_that_ask_at_once_are_answered_by_one_computation(
    hub: Process, catalogue: Catalogue
) -> None:
    await hub.answering.versions.current()
    alone = await hub.cost(TITLE)
    other = Process(catalogue)
    await other.answering.versions.current()
    catalogue.count_anew()
    found = await asyncio.gather(*(other.post(TITLE) for _ in range(10)))
    assert len({one.content for one in found}) == 1
    assert len(catalogue.catalog.statements) == alone


class Unmarked:
    """A graph with a field that reads the viewer and does not say so."""

    def __init__(self, graph: Graph) -> None:
        self.executor = graph.executor
        self.lanes = graph.lanes
        self.version = graph.version

    async def answer(self, operation: Operation, request_id: str, asking: Asking) -> GraphAnswer:
        """Says who asks."""
        viewer = await asking.find_viewer()
        data = {"me": viewer.subject.id if viewer else None}
        version = await self.version()
        return GraphAnswer(
            Answer(executed=True, data=data, errors=[]), "1", viewer_was_read=True, version=version
        )


async def test_a_field_that_forgot_to_say_that_it_reads_the_viewer_leaks_nothing(
    catalogue: Catalogue, caplog: pytest.LogCaptureFixture
) -> None:
    answering = Answering(Unmarked(catalogue.graph), MEGABYTE, lease=3600)  # type: ignore[arg-type] # of its kind
    asked = answering.asked(Operation(TITLE), Accepted("application/json"))
    assert asked.key is not None
    for name in ("anna", "ben"):
        reply = await answering.reply(asked, Asking(known(_citizen(name))), "id-1", Terms(posted=True))
        assert orjson.loads(reply.body) == {"data": {"me": name}}
        assert dict(reply.headers)[b"cache-control"] == b"private, no-store"
    assert answering.cache.bytes == 0
    assert "does not say so" in caplog.text


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=operations(SCHEMA, RIGHT, {}))
def test_every_field_says_what_it_reads_beside_the_catalogue(asked: Asked, filled: Path) -> None:
    async def check() -> None:
        async with catalogue_in(filled) as made:
            plan = made.graph.executor.operations.plan(asked.query, None)
            if not isinstance(plan, Plan):
                return
            found = await made.graph.run(Operation(asked.query, asked.variables), "r")
            assert not found.viewer_was_read or VIEWER in plan.facts.scopes
            assert not found.operations_were_read or plan.facts.scopes & {OPERATIONS, VIEWER}

    in_own_loop(check())
