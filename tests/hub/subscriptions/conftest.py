"""The graph on a real socket, with its streams."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route, WebSocketRoute

from catalog_sync.feed.watch import FeedWatch
from hub.endpoint import GraphEndpoint
from hub.subscriptions.streams import Streams
from hub.subscriptions.websocket import SocketEndpoint
from identity.assurance import AssuranceLevel
from identity.subject import Subject, SubjectKind
from identity.viewer import Viewer
from tests.catalogues import HUB, Catalogue, catalogue, stored, template

__all__ = ["catalogue", "stored", "template"]


@dataclass
class FakeViewers:
    """Knows some tokens, which may be taken back, and one cookie."""

    tokens: set[str] = field(default_factory=lambda: {"good"})

    async def of_token(self, bearer: str) -> Viewer | None:
        """Whose access token it is."""
        return _citizen("by-token") if bearer in self.tokens else None

    async def of_cookie(self, cookie: str | None) -> Viewer | None:
        """Whose session it is."""
        return _citizen("by-cookie") if cookie == "secret" else None


def _citizen(name: str) -> Viewer:
    return Viewer(Subject(name, None, SubjectKind.CITIZEN), AssuranceLevel.LOW)


@dataclass
class Served:
    """A hub that listens."""

    catalogue: Catalogue
    viewers: FakeViewers
    watch: FeedWatch
    address: str

    @property
    def http(self) -> str:
        return f"http://{self.address}/graphql"

    @property
    def ws(self) -> str:
        return f"ws://{self.address}/graphql"

    async def followed(self, count: int) -> None:
        """Wait until so many wait for changes."""
        async with asyncio.timeout(10):
            while self.watch.waiting != count:  # noqa: ASYNC110 - the watch has no event for it
                await asyncio.sleep(0.01)


@pytest.fixture
async def served(stored: Catalogue) -> AsyncIterator[Served]:
    viewers, watch = FakeViewers(), FeedWatch(stored.catalog, every=0.05)
    streams = Streams(stored.graph, watch)
    endpoint = GraphEndpoint(
        stored.graph,
        viewers,
        origin=HUB,
        cookie="session",
        explorer=HTMLResponse("<h1>Explorer</h1>"),
        new_id=lambda: "id-1",
        streams=streams,
    )
    sockets = SocketEndpoint(
        streams, viewers, origin=HUB, cookie="session", new_id=lambda: "id-1", most=5, init_seconds=0.5
    )
    app = Starlette(routes=[Route("/graphql", endpoint), WebSocketRoute("/graphql", sockets)])
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="warning", lifespan="off", timeout_graceful_shutdown=2)
        )
        running = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        host, port = listening.getsockname()
        yield Served(stored, viewers, watch, f"{host}:{port}")
        server.should_exit = True
        await running
    await watch.close()
