"""What stands before the routes: whatever comes there is an address, and an acknowledgement holds everywhere."""

from typing import Any

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message

from hub.front_door import Hub
from hub.versions import Versions

ANSWER = PlainTextResponse("graph")


async def said(request: Request) -> Response:
    return PlainTextResponse(request.query_params.get("q", ""))


class Time:
    """Seconds that stand."""

    now = 10.0

    def __call__(self) -> float:
        return self.now


async def version() -> str:
    return "1"


def hub(versions: Versions | None = None) -> Hub:
    return Hub(ANSWER, versions, routes=[Route("/said", said, methods=["GET", "POST"])])


async def ask(app: ASGIApp, path: str, query: bytes = b"", method: str = "GET") -> tuple[int, bytes]:
    told: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        told.append(message)

    scope: dict[str, Any] = {"type": "http", "method": method, "path": path, "query_string": query}
    scope |= {"headers": [], "root_path": "", "scheme": "http", "server": ("127.0.0.1", 1)}
    await app(scope, receive, send)
    return told[0]["status"], told[1]["body"]


async def test_the_graph_is_reached_before_the_routes_and_the_others_by_them() -> None:
    assert await ask(hub(), "/graphql") == (200, b"graph")
    assert await ask(hub(), "/said", b"q=a") == (200, b"a")
    assert (await ask(hub(), "/nowhere"))[0] == 404


@pytest.mark.parametrize(
    ("query", "expected"),
    [(b"q=\xc3\xa4 b", "ä b"), (b"q=%C3%A4", "ä"), (b"q=\xd8x", "\ufffdx"), (b"q=\xe4&\xff=%", "\ufffd")],
)
async def test_bytes_that_no_address_has_are_read_as_if_they_were_escaped(
    query: bytes, expected: str
) -> None:
    assert await ask(hub(), "/said", query) == (200, expected.encode())


async def test_what_was_written_is_acknowledged_when_every_process_has_noticed() -> None:
    time = Time()
    versions = Versions(version, 0.002, time)
    versions.expire()
    waits: list[float] = []

    class Watching(Versions):
        """Notes how long an acknowledgement would wait."""

        def settled(self) -> float:
            """See `Versions.settled`."""
            waits.append(versions.settled())
            return waits[-1]

    shared = hub(Watching(version, 0.002, time))
    assert await ask(shared, "/said", method="GET") == (200, b"")
    assert waits == []
    assert await ask(shared, "/said", method="POST") == (200, b"")
    assert waits == [pytest.approx(0.002)]
    time.now += 1
    await ask(shared, "/said", method="POST")
    assert waits[1] == 0


async def test_a_hub_by_itself_waits_for_nobody() -> None:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(hub()), base_url="http://hub") as client:
        assert (await client.post("/said?q=x")).text == "x"
