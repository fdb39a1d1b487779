"""GraphQL over Server-Sent Events, distinct connections mode; and the two protocols with their own clients."""

import asyncio
import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hub.subscriptions.sse import wants_stream
from tests.hub.subscriptions.conftest import Served
from tests.makers import message, service

Json = dict[str, Any]
ALL = "subscription { catalogChanges { entryId action } }"
STREAM = {"Accept": "text/event-stream"}
CLIENTS = Path(__file__).parent


class Events:
    """The events of one stream."""

    def __init__(self, response: httpx2.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def hear(self) -> tuple[str, Json | None]:
        """The next event and its data."""
        name = ""
        async with asyncio.timeout(5):
            async for line in self._lines:
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data:"):
                    data = line.removeprefix("data:").strip()
                    return name, json.loads(data) if data else None
        raise EOFError


@asynccontextmanager
async def stream(served: Served, query: str = ALL, **headers: str) -> AsyncIterator[Events]:
    sent = {**STREAM, **headers}
    async with (
        httpx2.AsyncClient() as client,
        client.stream("POST", served.http, json={"query": query}, headers=sent) as response,
    ):
        yield Events(response)


@pytest.mark.parametrize(
    ("accept", "verdict"),
    [
        ("text/event-stream", True),
        ("text/event-stream, application/json", True),
        ("application/json;q=0.5, text/event-stream", True),
        ("TEXT/EVENT-STREAM; q=1", True),
        ("application/json, text/event-stream", False),
        ("application/graphql-response+json, application/json, text/event-stream, multipart/mixed", False),
        ("text/event-stream;q=0.9, application/json", False),
        ("text/event-stream;q=0", False),
        ("*/*", False),
        ("", False),
    ],
)
def test_only_the_first_choice_streams(accept: str, verdict: bool) -> None:
    assert wants_stream(accept) is verdict


async def test_changes_are_told_as_they_are_committed_and_a_client_that_leaves_is_let_go(
    served: Served,
) -> None:
    async with stream(served) as events:
        assert events.response.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert events.response.headers["cache-control"] == "private, no-store"
        await served.followed(1)
        await served.catalogue.deliver("hessen", message(writes=[service("1")]))
        told = {"entryId": "L100042.LB.1", "action": "ADDED"}
        assert await events.hear() == ("next", {"data": {"catalogChanges": told}})
    await served.followed(0)


async def test_a_subscription_may_be_asked_with_get(served: Served) -> None:
    async with (
        httpx2.AsyncClient() as client,
        client.stream("GET", served.http, params={"query": ALL}, headers=STREAM) as response,
    ):
        assert response.status_code == 200
        await served.followed(1)


async def test_a_query_is_answered_once_and_completed(served: Served) -> None:
    async with stream(served, "{ __typename }") as events:
        assert await events.hear() == ("next", {"data": {"__typename": "Query"}})
        assert await events.hear() == ("complete", None)


async def test_a_wrong_operation_is_told_in_the_stream(served: Served) -> None:
    async with stream(served, "subscription { nothing }") as events:
        assert events.response.status_code == 200
        name, data = await events.hear()
        assert data is not None
        assert (name, data["errors"][0]["extensions"]["code"]) == ("next", "BAD_DOCUMENT")
        assert await events.hear() == ("complete", None)


async def test_without_a_stream_a_subscription_is_refused_and_told_how(served: Served) -> None:
    async with httpx2.AsyncClient() as client:
        for accept in ("application/json", "application/json, text/event-stream"):
            answer = await client.post(served.http, json={"query": ALL}, headers={"Accept": accept})
            error = answer.json()["errors"][0]
            assert (answer.status_code, error["extensions"]["code"]) == (406, "NOT_ACCEPTABLE")
            assert "text/event-stream" in error["message"]


async def test_a_bad_token_is_refused_and_one_taken_back_ends_the_stream(served: Served) -> None:
    async with stream(served, Authorization="Bearer bad") as events:
        assert events.response.status_code == 401
    async with stream(served, Authorization="Bearer good") as events:
        await served.followed(1)
        served.viewers.tokens.clear()
        await served.catalogue.deliver("hessen", message(writes=[service("1")]))
        _, data = await events.hear()
        assert data is not None
        assert data["errors"][0]["extensions"]["code"] == "INVALID_TOKEN"
        assert await events.hear() == ("complete", None)


def _modules(tmp_path: Path) -> Path:
    """A folder with the two npm clients; skipped with a word where node or the registry is missing."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("There is no node here; the protocols are tested with Python clients too.")
    wanted = ["graphql-ws@6.4.2", "graphql-sse@2.6.1", "graphql@16.15.0", "ws@8.23.0"]
    command = [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(tmp_path), *wanted]
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    if done.returncode:
        pytest.skip("npm could not fetch the clients here; the protocols are tested with Python clients too.")
    return tmp_path


@pytest.mark.parametrize("protocol", ["ws", "sse"])
async def test_the_protocols_own_client_hears_the_changes(
    served: Served, tmp_path: Path, protocol: str
) -> None:
    modules = await asyncio.to_thread(_modules, tmp_path)
    script = modules / "client.mjs"
    script.write_text((CLIENTS / "client.mjs").read_text(encoding="utf-8"), encoding="utf-8")
    address = served.ws if protocol == "ws" else served.http
    process = await asyncio.create_subprocess_exec(
        "node", str(script), protocol, address, stdout=asyncio.subprocess.PIPE
    )
    await served.followed(1)
    await served.catalogue.deliver("hessen", message(writes=[service("1")]))
    output, _ = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 0
    assert json.loads(output) == [
        {"data": {"catalogChanges": {"entryId": "L100042.LB.1", "action": "ADDED"}}}
    ]
    await served.followed(0)
