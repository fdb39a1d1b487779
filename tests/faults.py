"""A TCP proxy that breaks what passes through it, as a test says: in front of a real server on 127.0.0.1.

A fault is met by one connection each: the next ones by those of `script` in turn, all others by `fault`, which a test
may set at any time. Faults that break an answer take the server's real one to pieces.
"""

import asyncio
import re
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

_LENGTH = re.compile(rb"(?i)(content-length:\s*)(\d+)")
_END = b"\r\n\r\n"


class Answer(NamedTuple):
    """A server's answer, its head with the empty line."""

    head: bytes
    body: bytes


@dataclass
class Link:
    """One connection to the proxy, and what it leads to."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    upstream: int
    over: asyncio.Event

    async def request(self) -> bytes:
        """What the client asks, whole, as a request after which the server closes."""
        head = await self.reader.readuntil(_END)
        length = _LENGTH.search(head)
        body = await self.reader.readexactly(int(length[2])) if length else b""
        kept = re.sub(rb"(?im)^connection:.*\r\n", b"", head)
        return kept.removesuffix(b"\r\n") + b"Connection: close\r\n\r\n" + body

    async def answer(self) -> Answer:
        """What the server answers."""
        request = await self.request()
        reader, writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        try:
            writer.write(request)
            head, _, body = (await reader.read(-1)).partition(_END)
        finally:
            writer.close()
            await writer.wait_closed()
        return Answer(head + _END, body)

    async def send(self, content: bytes) -> None:
        """Send bytes to the client, and see them off."""
        self.writer.write(content)
        await self.writer.drain()

    async def hold(self) -> None:
        """Keep the connection as it is until the other side leaves or the test ends."""
        leaving = asyncio.create_task(self.reader.read(-1))
        ending = asyncio.create_task(self.over.wait())
        try:
            await asyncio.wait({leaving, ending}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            leaving.cancel()
            ending.cancel()
            await asyncio.gather(leaving, ending, return_exceptions=True)

    def reset(self) -> None:
        """End the connection by RST: what was not read on the other side is lost."""
        raw = self.writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


class Fault(Protocol):
    """What a connection meets."""

    async def meet(self, link: Link) -> None:
        """Do it; the connection is closed afterwards."""
        ...


@dataclass(frozen=True)
class Through:
    """No fault: bytes pass both ways, after a while."""

    seconds: float = 0.0

    async def meet(self, link: Link) -> None:
        await asyncio.sleep(self.seconds)
        reader, writer = await asyncio.open_connection("127.0.0.1", link.upstream)
        ways = [_pump(link.reader, writer), _pump(reader, link.writer)]
        tasks = [asyncio.create_task(way) for way in ways]
        ending = asyncio.create_task(link.over.wait())
        try:
            await asyncio.wait({tasks[1], ending}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (*tasks, ending):
                task.cancel()
            await asyncio.gather(*tasks, ending, return_exceptions=True)
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
        writer.write_eof()


@dataclass(frozen=True)
class Hang:
    """Takes the connection and the request, and never answers."""

    async def meet(self, link: Link) -> None:
        await link.hold()


@dataclass(frozen=True)
class Drip:
    """Answers byte by byte."""

    seconds: float = 0.02

    async def meet(self, link: Link) -> None:
        head, body = await link.answer()
        for byte in head + body:
            await link.send(bytes([byte]))
            await asyncio.sleep(self.seconds)


@dataclass(frozen=True)
class Reset:
    """Resets the connection: at once, inside the answer's head, or inside its body."""

    at: Literal["connect", "head", "body"]

    async def meet(self, link: Link) -> None:
        if self.at != "connect":
            head, body = await link.answer()
            await link.send(head[: len(head) // 2] if self.at == "head" else head + body[: len(body) // 2])
        link.reset()


@dataclass(frozen=True)
class Lie:
    """Says a length that is off by so many bytes."""

    by: int

    async def meet(self, link: Link) -> None:
        head, body = await link.answer()
        wrong = _LENGTH.sub(lambda found: found[1] + str(max(0, int(found[2]) + self.by)).encode(), head)
        await link.send(wrong + body)


@dataclass(frozen=True)
class Cut:
    """Sends half of the body and says that this is all."""

    async def meet(self, link: Link) -> None:
        head, body = await link.answer()
        half = body[: len(body) // 2]
        await link.send(_LENGTH.sub(lambda found: found[1] + str(len(half)).encode(), head) + half)


@dataclass(frozen=True)
class Say:
    """Answers this status instead of asking the server."""

    status: int

    async def meet(self, link: Link) -> None:
        await link.request()
        await link.send(
            f"HTTP/1.1 {self.status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
        )


@dataclass(frozen=True)
class Garbage:
    """Answers what is no HTTP."""

    content: bytes = bytes(range(256)) * 4

    async def meet(self, link: Link) -> None:
        await link.request()
        await link.send(self.content)


@dataclass(frozen=True)
class HalfClosed:
    """Ends its own side inside the body, and leaves the other open."""

    async def meet(self, link: Link) -> None:
        head, body = await link.answer()
        await link.send(head + body[: len(body) // 2])
        link.writer.write_eof()
        await link.hold()


@dataclass
class Proxy:
    """The proxy, on a port of its own that stays the same.

    Attributes:
        upstream: the server's port.
        fault: what connections meet that have nothing of their own in `script`.
        met: the faults that were met, in order.
    """

    upstream: int
    fault: Fault = field(default_factory=Through)
    script: list[Fault] = field(default_factory=list)
    met: list[Fault] = field(default_factory=list)
    port: int = 0
    _server: asyncio.Server | None = None
    _links: dict["asyncio.Task[None]", Link] = field(default_factory=dict)
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Listen, again on the same port."""
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Be gone: nobody listens, and every connection is reset."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for link in self._links.values():
            link.reset()
        await self._ended()

    async def close(self) -> None:
        """End with the test."""
        self._over.set()
        await self.stop()

    async def _ended(self) -> None:
        for task in list(self._links):
            task.cancel()
        await asyncio.gather(*self._links, return_exceptions=True)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        link = self._links[task] = Link(reader, writer, self.upstream, self._over)
        fault = self.script.pop(0) if self.script else self.fault
        self.met.append(fault)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await fault.meet(link)
        finally:
            del self._links[task]
            writer.close()
            with suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()


@asynccontextmanager
async def proxy(upstream: int) -> AsyncIterator[Proxy]:
    """A proxy in front of a port of 127.0.0.1."""
    made = Proxy(upstream)
    await made.start()
    try:
        yield made
    finally:
        await made.close()
