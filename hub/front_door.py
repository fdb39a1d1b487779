"""What stands before the routes: the graph by itself, and acknowledgements that hold in every process."""

import asyncio
import re
from typing import Any

from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.versions import Versions

_GRAPH = "/graphql"


class Hub(Starlette):
    """The hub's application.

    Args:
        graph: answers at ``/graphql`` without Starlette's layers, which cost as much as an answer that is ready.
        versions: where other processes serve too: an answer to a request that wrote here waits until all of them
            have noticed, so that the client meets what it was told is taken, whichever process it asks then. None
            where this process is the only one.
        options: for Starlette.
    """

    def __init__(self, graph: ASGIApp, versions: Versions | None, **options: Any) -> None:
        super().__init__(**options)
        self.router.redirect_slashes = False  # it would redirect to whatever the Host header says
        self._graph = graph
        self._versions = versions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or serve a connection."""
        if self._versions is not None and scope.get("method") == "POST":
            send = _Settled(self._versions, send)
        if not scope.get("query_string", b"").isascii():
            scope["query_string"] = _BEYOND.sub(_escaped, scope["query_string"])
        if scope["type"] == "http" and scope["path"] == _GRAPH:
            scope["app"] = self
            await self._graph(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


_BEYOND = re.compile(rb"[^\x21-\x7e]")


def _escaped(found: "re.Match[bytes]") -> bytes:
    """A byte that no address may have (RFC 3986, section 2), as a browser would have sent it."""
    return b"%%%02X" % found[0][0]


class _Settled:
    """Sends on, but holds an answer's beginning until what was written here counts everywhere."""

    def __init__(self, versions: Versions, send: Send) -> None:
        self._versions = versions
        self._send = send

    async def __call__(self, message: Message) -> None:
        """Pass a message on."""
        if message["type"] == "http.response.start" and (wait := self._versions.settled()) > 0:
            await asyncio.sleep(wait)
        await self._send(message)
