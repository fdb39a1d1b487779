import asyncio
import gzip
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from catalog_sync.endpoints import CATALOG_WRITE, routes
from catalog_sync.intake import Intake
from catalog_sync.pipeline.receiving import NotReceived
from catalog_sync.pipeline.run import Delivery, Pipeline
from catalog_sync.sources.incoming import Sizes
from tests.catalog_sync.pipeline.hub import Hub, open_hub
from tests.conftest import Databases
from tests.makers import message, service

XML = {"Content-Type": "application/xml"}
CONTENT = message(writes=[service("1")])
PATH = "/sync/hessen/messages"


@dataclass(frozen=True)
class Grant:
    source: str
    scopes: frozenset[str] = frozenset({CATALOG_WRITE})


@dataclass
class Tokens:
    known: dict[str, Grant] = field(
        default_factory=lambda: {
            "vhs_hessen": Grant("hessen"),
            "vhs_sachsen": Grant("sachsen"),
            "vhs_gone": Grant("gone"),
            "vhs_reader": Grant("hessen", frozenset({"catalog:read"})),
        }
    )

    async def verify(self, token: str) -> Grant | None:
        return self.known.get(token)


@dataclass
class Portal:
    """An editorial system that pushes."""

    hub: Hub
    intake: Intake
    client: httpx2.AsyncClient

    async def push(
        self,
        content: bytes = CONTENT,
        query: str = "",
        token: str = "vhs_hessen",
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> httpx2.Response:
        sent = {**XML, "Authorization": f"Bearer {token}", **headers}
        return await self.client.post(PATH + query, content=content, headers=sent)

    async def get(self, path: str, token: str = "vhs_hessen") -> httpx2.Response:
        return await self.client.get(path, headers={"Authorization": f"Bearer {token}"})


async def open_portal(databases: Databases, **settings: Any) -> Portal:
    hub = await open_hub(databases, **settings)
    intake = Intake(hub.pipeline, Tokens())
    transport = httpx2.ASGITransport(app=Starlette(routes=routes(intake)))
    return Portal(hub, intake, httpx2.AsyncClient(transport=transport, base_url="http://localhost"))


@pytest.fixture
async def portal(databases: Databases) -> AsyncIterator[Portal]:
    made = await open_portal(databases)
    async with made.client:
        yield made
    await made.intake.close()


@pytest.fixture
async def lite(sqlite_databases: Databases) -> AsyncIterator[Portal]:
    made = await open_portal(sqlite_databases, sizes=Sizes(wire=20_000, synchronous=5_000))
    async with made.client:
        yield made
    await made.intake.close()


async def test_a_push_is_answered_with_the_runs_report(portal: Portal) -> None:
    answer = await portal.push()
    told = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert (told["source"], told["mode"], told["dryRun"], told["counts"]["added"]) == (
        "hessen",
        "delta",
        False,
        1,
    )
    assert await portal.hub.live() == {"LB": 1}


async def test_a_runs_report_can_be_read_again_by_its_source_only(portal: Portal) -> None:
    told = (await portal.push()).json()
    assert (await portal.get(f"/sync/hessen/runs/{told['run']}")).json() == told
    runs = (await portal.get("/sync/hessen/runs")).json()["runs"]
    assert [(run["run"], run["state"], run["counts"]["added"]) for run in runs] == [
        (told["run"], "finished", 1)
    ]
    await portal.hub.add_source("sachsen", ["L2"], ["14"])
    assert (await portal.get(f"/sync/sachsen/runs/{told['run']}", "vhs_sachsen")).status_code == 404
    assert (await portal.get("/sync/hessen/runs/none")).status_code == 404
    assert (await portal.get("/sync/hessen/runs", "vhs_sachsen")).status_code == 403


async def test_a_dry_run_changes_nothing(portal: Portal) -> None:
    told = (await portal.push(query="?dry_run=true")).json()
    assert (told["dryRun"], told["counts"]["added"]) == (True, 1)
    assert await portal.hub.live() == {}


async def test_a_snapshot_sweeps(portal: Portal) -> None:
    await portal.push()
    newer = message(created="2026-04-01T00:00:00Z", writes=[service("2")])
    told = (await portal.push(newer, "?mode=snapshot")).json()
    assert (told["counts"]["added"], told["counts"]["gone"]) == (1, 1)


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (CONTENT, {"Content-Type": "text/xml; charset=utf-8"}),
        (CONTENT, {"Content-Type": "application/octet-stream"}),
        (gzip.compress(CONTENT), {"Content-Type": "application/octet-stream"}),
        (gzip.compress(CONTENT), {"Content-Type": "application/gzip"}),
        (gzip.compress(CONTENT), {"Content-Encoding": "gzip"}),
    ],
)
async def test_forms_of_a_body(lite: Portal, content: bytes, headers: dict[str, str]) -> None:
    answer = await lite.push(content, headers=headers)
    assert (answer.status_code, answer.json()["counts"]["added"]) == (200, 1)


@pytest.mark.parametrize(
    "headers",
    [{"Content-Type": "application/json"}, {"Content-Type": "text/html"}, {"Content-Encoding": "br"}],
)
async def test_other_forms_are_told_what_is_right(lite: Portal, headers: dict[str, str]) -> None:
    answer = await lite.push(headers=headers)
    assert answer.status_code == 415
    assert "gzip" in answer.json()["detail"]


@pytest.mark.parametrize("query", ["?mode=full", "?dry_run=perhaps"])
async def test_a_bad_query_is_told_what_is_right(lite: Portal, query: str) -> None:
    answer = await lite.push(query=query)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert "default" in answer.json()["detail"]
    assert await lite.hub.live() == {}


async def test_without_a_token_nothing_is_told(lite: Portal) -> None:
    for headers in ({}, {"Authorization": "Basic dTpw"}, {"Authorization": "Bearer "}):
        answer = await lite.client.post(PATH, content=CONTENT, headers={**XML, **headers})
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="sync"')
    answer = await lite.push(token="vhs_wrong")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="sync", error="invalid_token"'
    unknown = await lite.client.post("/sync/nowhere/messages", content=CONTENT, headers=XML)
    assert unknown.status_code == 401


async def test_another_sources_token_is_forbidden_whether_the_source_exists_or_not(lite: Portal) -> None:
    assert (await lite.push(token="vhs_sachsen")).status_code == 403
    headers = {**XML, "Authorization": "Bearer vhs_hessen"}
    assert (
        await lite.client.post("/sync/nowhere/messages", content=CONTENT, headers=headers)
    ).status_code == 403
    assert await lite.hub.live() == {}


async def test_a_token_without_the_scope_is_forbidden(lite: Portal) -> None:
    answer = await lite.push(token="vhs_reader")
    assert answer.status_code == 403
    assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]


async def test_a_source_that_is_gone_is_not_found_with_its_own_token(lite: Portal) -> None:
    headers = {**XML, "Authorization": "Bearer vhs_gone"}
    assert (
        await lite.client.post("/sync/gone/messages", content=CONTENT, headers=headers)
    ).status_code == 404


async def test_a_refused_file_is_a_problem_with_rule_line_and_remedy(portal: Portal) -> None:
    answer = await portal.push(CONTENT.replace(b"</x:leistung>", b"</x:leistng>"))
    told = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert (told["status"], told["rule"], told["code"]) == (422, "not-well-formed", "REFUSED_FILE")
    assert told["line"] > 1
    assert told["remedy"]
    assert (await portal.get(f"/sync/hessen/runs/{told['run']}")).json()["state"] == "refused"


async def test_a_foreign_object_is_rejected_in_the_report_and_not_the_request(lite: Portal) -> None:
    content = CONTENT.replace(b'schemeAgencyID="L100042"', b'schemeAgencyID="L2"')
    answer = await lite.push(content)
    assert answer.status_code == 200
    assert [(one["outcome"], one["rule"]) for one in answer.json()["objects"]] == [
        ("rejected", "foreign-agency")
    ]


async def test_a_body_over_the_limit_is_refused_with_the_limit_named(lite: Portal) -> None:
    big = b"x" * 20_001

    async def dripping() -> AsyncIterator[bytes]:
        for _ in range(21):
            yield b"x" * 1000

    announced = await lite.push(big)
    headers = {**XML, "Authorization": "Bearer vhs_hessen"}
    unannounced = await lite.client.post(PATH, content=dripping(), headers=headers)
    for answer in (announced, unannounced):
        assert answer.status_code == 413
        assert "20000 bytes" in answer.json()["detail"]


async def test_a_bomb_is_refused_with_the_limit_named(lite: Portal) -> None:
    bomb = gzip.compress(CONTENT + b" " * 3_000_000)
    answer = await lite.push(bomb, headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 413
    assert "200 bytes of XML for each packed byte" in answer.json()["detail"]


async def test_a_large_body_is_accepted_and_worked_in_order(lite: Portal) -> None:
    large = message(created="2026-03-01T00:00:00Z", writes=[service(str(number)) for number in range(10)])
    assert len(large) > 5_000
    answer = await lite.push(large)
    small = await lite.push(message(created="2026-04-01T00:00:00Z", writes=[service("0")]))
    told = answer.json()
    assert (answer.status_code, told["state"]) == (202, "received")
    assert answer.headers["location"] == f"/sync/hessen/runs/{told['run']}"
    assert small.json()["counts"]["unchanged"] == 1  # the large one went before it
    await asyncio.wait_for(lite.intake.close(), 30)
    done = (await lite.get(answer.headers["location"])).json()
    assert (done["state"], done["counts"]["added"]) == ("finished", 10)


async def test_a_large_refused_body_is_told_in_its_run(lite: Portal) -> None:
    answer = await lite.push(b"<x>" + b"y" * 6_000)
    assert answer.status_code == 202
    await asyncio.wait_for(lite.intake.close(), 30)
    done = (await lite.get(answer.headers["location"])).json()
    assert (done["state"], len(done["refused"])) == ("refused", 1)


class GivenUp(Pipeline):
    """A pipeline whose receiving was taken for lost."""

    async def accept(self, *args: Any, **more: Any) -> Delivery:
        raise NotReceived("given up")


async def test_a_push_that_was_given_up_is_to_be_sent_again(lite: Portal) -> None:
    stores = lite.hub.databases.catalog, lite.hub.databases.operations
    lite.intake.pipeline = GivenUp(*stores, clock=lite.hub.now, random=bytes)
    answer = await lite.push()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.json()["code"] == "NOT_RECEIVED"
