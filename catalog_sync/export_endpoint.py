"""Where the next hub, or anyone, takes the catalogue as an XZuFi message: ``GET /export/xzufi``."""

import asyncio
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from catalog_sync.catalog.keys import parse_ars
from catalog_sync.errors import BadArs
from catalog_sync.exporting.message import Export, NoSuchSource, Store, Wanted, opened, versions
from catalog_sync.problems import ProblemError

AT_ONCE = 2
"""Exports that run side by side; each holds a snapshot of the catalogue open."""
STALLED = 30.0
"""Seconds after which a caller who takes nothing loses the export."""
_GZIP = 16 + zlib.MAX_WBITS


class Exports:
    """Exports of one catalogue.

    Args:
        sender: how the messages name this hub; its address.
    """

    def __init__(
        self, store: Store, sender: str, *, at_once: int = AT_ONCE, stalled: float = STALLED
    ) -> None:
        self._store, self._sender = store, sender
        self._at_once, self._stalled = at_once, stalled
        self._running = 0

    def routes(self) -> list[Route]:
        """The addresses below /export."""
        return [Route("/export/xzufi", self.get, methods=["GET"])]

    async def get(self, request: Request) -> Response:
        """Answer a request with a message, or say why not."""
        try:
            wanted = _wanted(request)
            if self._running >= self._at_once:
                raise _busy()
            return Message(self, wanted, request)
        except ProblemError as problem:
            return problem.response()

    @asynccontextmanager
    async def opened(self, wanted: Wanted) -> AsyncIterator[Export]:
        """An export, counted while it runs."""
        self._running += 1
        try:
            async with opened(self._store, wanted, self._sender) as export:
                yield export
        finally:
            self._running -= 1

    @property
    def stalled(self) -> float:
        """Seconds."""
        return self._stalled


def _wanted(request: Request) -> Wanted:
    asked = request.query_params
    known = {one: one for one in versions()}
    version = known.get(asked.get("version", "2.3.1"))  # type: ignore[call-overload]
    if version is None:
        raise ProblemError(HTTPStatus.BAD_REQUEST, "BAD_VERSION", "version is 2.2 or 2.3.1 (the default).")
    try:
        area = parse_ars(asked["area"]) if "area" in asked else None
    except BadArs as error:
        raise ProblemError(HTTPStatus.BAD_REQUEST, error.code, error.sentence) from error
    return Wanted(version, area, asked.get("source"))


def _busy() -> ProblemError:
    return ProblemError(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "EXPORT_BUSY",
        "Other exports are running; ask again in a while.",
        headers={"Retry-After": "30"},
    )


@dataclass
class _Line:
    """The way to the caller."""

    send: Send
    stalled: float

    async def start(self, status: HTTPStatus, headers: dict[str, str]) -> None:
        raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
        await self.send({"type": "http.response.start", "status": status.value, "headers": raw})

    async def body(self, piece: bytes, *, more: bool) -> None:
        async with asyncio.timeout(self.stalled):
            await self.send({"type": "http.response.body", "body": piece, "more_body": more})


class Message(Response):
    """The answer: opened when it is sent, so that its snapshot ends with it."""

    def __init__(self, exports: Exports, wanted: Wanted, request: Request) -> None:
        super().__init__()
        self._exports, self._wanted, self._request = exports, wanted, request

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the message until its end, or until nobody takes it any more."""
        try:
            async with self._exports.opened(self._wanted) as export:
                await self._send(export, scope, _Line(send, self._exports.stalled), receive)
        except NoSuchSource as error:
            problem = ProblemError(HTTPStatus.NOT_FOUND, error.code, error.sentence)
            await problem.response()(scope, receive, send)

    async def _send(self, export: Export, scope: Scope, line: _Line, receive: Receive) -> None:
        headers = _headers(export)
        if f'W/"{export.tag}"' in _tags(self._request):
            await line.start(HTTPStatus.NOT_MODIFIED, headers)
            await line.body(b"", more=False)
            return
        packed = "gzip" in self._request.headers.get("accept-encoding", "").lower()
        headers["Content-Type"] = "application/xml"
        headers["Content-Disposition"] = f'attachment; filename="{self._wanted.name}.xml"'
        if packed:
            headers["Content-Encoding"] = "gzip"
        await line.start(HTTPStatus.OK, headers)
        if scope["method"] != "HEAD":
            await self._stream(export, line, receive, packed=packed)
        else:
            await line.body(b"", more=False)

    async def _stream(self, export: Export, line: _Line, receive: Receive, *, packed: bool) -> None:
        gone = asyncio.create_task(_disconnected(receive))
        packer = zlib.compressobj(wbits=_GZIP) if packed else None
        try:
            async for chunk in export.chunks():
                if gone.done():
                    return
                piece = chunk if packer is None else await asyncio.to_thread(packer.compress, chunk)
                if piece:
                    await line.body(piece, more=True)
            await line.body(b"" if packer is None else packer.flush(), more=False)
        finally:
            gone.cancel()


def _headers(export: Export) -> dict[str, str]:
    return {"ETag": f'W/"{export.tag}"', "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _tags(request: Request) -> list[str]:
    return [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]
