"""Sites over real sockets that answer as a test asks, and remember how they were asked."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Fault = Literal["hang", "drip", "cut"]


class Page(NamedTuple):
    """What a path answers; `head` is the status for HEAD where that is another."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b"<p>Hallo</p>"
    head: int | None = None
    fault: Fault | None = None


class Request(NamedTuple):
    """How it was asked."""

    method: str
    path: str
    agent: str
    at: float


@dataclass
class Site:
    """A host on an address of its own; a path that it does not know is 404."""

    host: str
    clock: Callable[[], float]
    port: int = 0
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)
    now: int = 0
    most: int = 0
    """Requests at the same time."""
    open: set["asyncio.Task[None]"] = field(default_factory=set)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def url(self, path: str) -> str:
        return f"http://{self.host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """What was asked, robots.txt left out."""
        return [one.path for one in self.asked if one.path != "/robots.txt"]

    def redirect(self, path: str, to: str, status: int = 301) -> None:
        self.pages[path] = Page(status, (("Location", to),), b"")

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.open.add(task)
        self.now += 1
        self.most = max(self.most, self.now)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            method, path, _ = head.split(" ", 2)
            agent = next(
                (line[12:] for line in head.split("\r\n") if line.lower().startswith("user-agent")), ""
            )
            self.asked.append(Request(method, path, agent, self.clock()))
            await self._say(method, self.pages.get(path, Page(404)), reader, writer)
        self.now -= 1
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async def _say(
        self, method: str, page: Page, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if page.fault == "cut":
            return
        if page.fault == "hang":
            waits = [asyncio.ensure_future(one) for one in (reader.read(), self.over.wait())]
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for one in waits:
                one.cancel()
            return
        status = page.head if method == "HEAD" and page.head is not None else page.status
        lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(page.body)}", "Connection: close"]
        head = "\r\n".join([*lines, *(f"{name}: {value}" for name, value in page.headers), "", ""]).encode()
        if page.fault == "drip":
            for byte in head:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(0.05)
        writer.write(head + (b"" if method == "HEAD" else page.body))
        await writer.drain()


@asynccontextmanager
async def site(host: str, clock: Callable[[], float]) -> AsyncIterator[Site]:
    """A site on a free port of an address of 127.0.0.0/8."""
    made = Site(host, clock)
    server = await asyncio.start_server(made.answer, host, 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        made.over.set()
        await asyncio.gather(*made.open, return_exceptions=True)
