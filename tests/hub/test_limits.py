"""The graph's limits as a client meets them over HTTP: what it costs, what is left, and what ends."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import orjson
import pytest
from starlette.types import Message

from hub.admission.rates import Limited, Rates, Unlimited
from hub.admission.shared import of_process
from hub.admission.turns import Lanes
from hub.endpoint import GraphEndpoint
from hub.execution.budget import Budget
from hub.execution.running import Executor
from schema.build import build_schema
from tests.catalogues import HUB, Catalogue
from tests.hub.test_endpoint import FakeViewers, explorer

GRAPHQL = "application/graphql-response+json"
SOURCES = "{ sources { key } }"
SOURCES_COST = 10 + 10
LIMIT = "{ rateLimit { cost limit remaining resetAt } sources { key } }"


def endpoint_of(catalogue: Catalogue, rates: Rates) -> GraphEndpoint:
    return GraphEndpoint(
        catalogue.graph,
        FakeViewers(),
        origin=HUB,
        cookie="session",
        explorer=explorer,
        new_id=lambda: "id-1",
        rates=rates,
    )


@asynccontextmanager
async def asking(
    catalogue: Catalogue, rates: Rates, address: str = "192.0.2.1"
) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(endpoint_of(catalogue, rates), client=(address, 4711))
    async with httpx2.AsyncClient(transport=transport, base_url=HUB) as made:
        yield made


async def post(client: httpx2.AsyncClient, query: str, **headers: str) -> httpx2.Response:
    named = {"accept": GRAPHQL} | {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.post("/graphql", json={"query": query}, headers=named)


def limited(catalogue: Catalogue, points: int) -> Limited:
    return Limited(points, catalogue.clock, of_process())


def code(response: httpx2.Response) -> str:
    found: str = response.json()["errors"][0]["extensions"]["code"]
    return found


async def test_an_answer_says_what_is_left(catalogue: Catalogue) -> None:
    async with asking(catalogue, limited(catalogue, 600)) as client:
        response = await post(client, SOURCES)
        assert response.status_code == 200
        assert response.headers["ratelimit-policy"] == '"points";q=600;w=60'
        assert response.headers["ratelimit"] == f'"points";r={600 - SOURCES_COST};t=2'
        assert "ratelimit" in response.headers["access-control-expose-headers"]
        refused = await post(client, "{ nothing }")
        assert refused.headers["ratelimit"] == f'"points";r={600 - SOURCES_COST - 10};t=3'


async def test_who_has_used_all_points_is_told_when_to_come_again(catalogue: Catalogue) -> None:
    async with asking(catalogue, limited(catalogue, 100)) as client:
        for _ in range(100 // SOURCES_COST):
            assert (await post(client, SOURCES)).status_code == 200
        response = await post(client, SOURCES)
        assert (response.status_code, code(response)) == (429, "RATE_LIMITED")
        assert response.headers["retry-after"] == "12"
        assert response.headers["cache-control"] == "no-store"
        catalogue.clock.now += 12
        assert (await post(client, SOURCES)).status_code == 200


async def test_each_client_has_points_of_its_own(catalogue: Catalogue) -> None:
    rates = limited(catalogue, 100)
    endpoint = endpoint_of(catalogue, rates)

    async def status(address: str, **headers: str) -> int:
        transport = httpx2.ASGITransport(endpoint, client=(address, 1))
        async with httpx2.AsyncClient(transport=transport, base_url=HUB) as client:
            return (await post(client, SOURCES, **headers)).status_code

    for _ in range(5):
        assert await status("2001:db8::1") == 200
    assert await status("2001:db8::1") == 429
    assert await status("2001:db8::ffff:1") == 429, "one site"
    assert await status("2001:db8:0:1::1") == 200
    assert await status("2001:db8::1", authorization="Bearer good") == 200, (
        "whoever has a token is known by it"
    )
    for _ in range(4):
        assert await status("192.0.2.99", authorization="Bearer good") == 200
    assert await status("192.0.2.99", authorization="Bearer good") == 429
    assert await status("192.0.2.99") == 200


async def test_trying_tokens_costs_too(catalogue: Catalogue) -> None:
    async with asking(catalogue, limited(catalogue, 100)) as client:
        statuses = [(await post(client, SOURCES, authorization="Bearer x")).status_code for _ in range(11)]
    assert statuses == [401] * 10 + [429]


async def test_what_is_sent_from_memory_costs_little(catalogue: Catalogue) -> None:
    from_memory = limited(catalogue, 1000)
    query = "{ services(first: 20) { edges { node { title } } } }"
    async with asking(catalogue, from_memory) as client:
        costs = []
        for _ in range(2):
            before = from_memory.charge("192.0.2.1", 0).remaining
            assert (await post(client, query)).status_code == 200
            costs.append(before - from_memory.charge("192.0.2.1", 0).remaining)
    assert costs[0] == 10 + 100 + 1 + 20 + 20


async def test_the_graph_says_how_whoever_asks_stands(catalogue: Catalogue) -> None:
    async with asking(catalogue, limited(catalogue, 600)) as client:
        response = await post(client, LIMIT)
        assert response.json()["data"]["rateLimit"] == {
            "cost": SOURCES_COST + 1,
            "limit": 600,
            "remaining": 600 - SOURCES_COST - 1,
            "resetAt": "2026-03-02T11:00:02+00:00",
        }
        assert response.headers["cache-control"] == "private, no-store"
    async with asking(catalogue, Unlimited()) as client:
        response = await post(client, LIMIT)
        assert response.json()["data"]["rateLimit"] is None
        assert "ratelimit" not in response.headers


async def test_the_cost_is_told_to_those_who_want_to_know(catalogue: Catalogue) -> None:
    async with asking(catalogue, Unlimited()) as client:
        assert "extensions" not in (await post(client, SOURCES)).json()
        for _ in range(2):
            response = await post(client, SOURCES, graphql_cost="report")
            assert response.json()["extensions"] == {
                "cost": {"requestedQueryCost": SOURCES_COST, "maximumQueryCost": 10_000}
            }
            assert len(response.json()["data"]["sources"]) == 4
            assert response.headers["cache-control"] == "private, no-store"
            assert int(response.headers["content-length"]) == len(response.content)
        too_dear = await post(
            client,
            "{ services(first: 100) { nearestBundles { name } edges { node { a: entries { modules { links { url } } } } } } }",
        )
        assert (too_dear.status_code, code(too_dear)) == (400, "TOO_EXPENSIVE")


@pytest.mark.parametrize("size", [-1, 1001])
async def test_a_size_that_is_none_is_refused_before_anything_runs(catalogue: Catalogue, size: int) -> None:
    async with asking(catalogue, Unlimited()) as client:
        response = await client.post(
            "/graphql",
            json={"query": "query($n: Int) { services(first: $n) { totalCount } }", "variables": {"n": size}},
            headers={"accept": GRAPHQL},
        )
        assert (response.status_code, code(response)) == (400, "BAD_PAGE_SIZE")


@pytest.mark.parametrize("quick", [True, False], ids=["quick", "reference"])
async def test_objects_are_counted_while_an_operation_runs(catalogue: Catalogue, quick: bool) -> None:
    query = "{ sources { areas { ancestors { name } } } }"

    async def answered(most: int) -> httpx2.Response:
        schema = build_schema()._schema  # noqa: SLF001 - the executable schema has no public name
        catalogue.graph.executor = Executor(schema, quick=quick, watch=lambda *_: Budget(most))
        async with asking(catalogue, Unlimited()) as client:
            return await post(client, query)

    whole = (await answered(10_000)).json()["data"]["sources"]
    objects = sum(1 + sum(1 + len(area["ancestors"]) for area in source["areas"]) for source in whole)
    assert (await answered(objects)).json()["data"]["sources"] == whole
    response = await answered(objects - 1)
    assert (response.status_code, code(response)) == (400, "TOO_LARGE")
    assert "data" not in response.json()


class Leaver:
    """A client that sends a request and closes the connection once its operation runs."""

    def __init__(self, query: str) -> None:
        self.body = orjson.dumps({"query": query})
        self.gone = asyncio.Event()
        self.sent: list[Message] = []
        self.asked = False

    async def receive(self) -> Message:
        if not self.asked:
            self.asked = True
            return {"type": "http.request", "body": self.body}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.sent.append(message)


SCOPE: dict[str, Any] = {
    "type": "http",
    "method": "POST",
    "path": "/graphql",
    "query_string": b"",
    "headers": [(b"content-type", b"application/json"), (b"authorization", b"Bearer good")],
}


class WaitingViewers(FakeViewers):
    """Whose look-up of a person takes for ever, or until its task is cancelled."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.cancelled = asyncio.Event(), asyncio.Event()

    async def of_cookie(self, cookie: str | None) -> None:
        """Wait."""
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.cancelled.set()


async def test_work_ends_when_the_client_goes(catalogue: Catalogue) -> None:
    viewers = WaitingViewers()
    endpoint = GraphEndpoint(
        catalogue.graph, viewers, origin=HUB, cookie="session", explorer=explorer, new_id=lambda: "id-1"
    )
    headers = [
        (b"content-type", b"application/json"),
        (b"cookie", b"session=secret"),
        (b"sec-fetch-site", b"same-origin"),
    ]
    leaver = Leaver("{ viewer { subject { id } } }")
    answering = asyncio.create_task(endpoint({**SCOPE, "headers": headers}, leaver.receive, leaver.send))
    await viewers.begun.wait()
    leaver.gone.set()
    await viewers.cancelled.wait()
    await answering
    assert leaver.sent == []


class HeldViewers(FakeViewers):
    """Whose look-up of a session takes until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.held, self.waiting = asyncio.Event(), asyncio.Event()

    async def of_cookie(self, cookie: str | None) -> None:
        """Wait."""
        self.waiting.set()
        await self.held.wait()


async def test_who_would_wait_too_long_is_told_so_and_who_has_a_token_is_served(catalogue: Catalogue) -> None:
    catalogue.graph.lanes = Lanes(1, 0.0)
    viewers = HeldViewers()
    endpoint = GraphEndpoint(
        catalogue.graph, viewers, origin=HUB, cookie="session", explorer=explorer, new_id=lambda: "id-1"
    )
    transport = httpx2.ASGITransport(endpoint)
    async with httpx2.AsyncClient(transport=transport, base_url=HUB) as client:
        own = {"cookie": "session=x", "sec_fetch_site": "same-origin"}
        slow = asyncio.create_task(post(client, "{ viewer { assurance } }", **own))
        await viewers.waiting.wait()
        response = await post(client, SOURCES)
        assert (response.status_code, code(response)) == (503, "OVERLOADED")
        assert response.headers["retry-after"] == "1"
        known = await post(client, "{ viewer { assurance } sources { key } }", authorization="Bearer good")
        assert (known.status_code, known.json()["data"]["viewer"]) == (200, {"assurance": "LOW"})
        viewers.held.set()
        assert (await slow).status_code == 200
        assert (await post(client, SOURCES)).status_code == 200
