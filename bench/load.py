"""The load: a few connections that each ask, wait for the whole answer, and ask again."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, cycle
from time import perf_counter
from typing import cast

CONNECTIONS = 4


class WrongAnswerError(Exception):
    """A server answered with another status than 200 or 202."""


@dataclass(slots=True)
class Measured:
    """What one stretch of load saw: seconds of each answer, in no order."""

    seconds: list[float] = field(default_factory=list)
    last: bytes = b""


def post(path: str, body: bytes, content_type: str = "application/json", more: str = "") -> bytes:
    """A whole request."""
    head = (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: application/json\r\n{more}"
        f"content-type: {content_type}\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def get(address: str) -> bytes:
    """A whole request without a body."""
    return f"GET {address} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: application/json\r\n\r\n".encode()


class _Connection(asyncio.Protocol):
    """One connection: HTTP/1.1 kept alive, answers with a content-length."""

    def __init__(self, requests: Iterator[bytes], ends: float, measured: Measured) -> None:
        self._requests = requests
        self._ends = ends
        self._measured = measured
        self._buffer = bytearray()
        self._started = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._ask()

    def _ask(self) -> None:
        request = next(self._requests, None) if perf_counter() < self._ends else None
        if request is None:
            self._transport.close()
            if not self.done.done():
                self.done.set_result(None)
            return
        self._started = perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        status, _, fields = bytes(head).lower().partition(b"\r\n")
        if not any(well in status + b" " for well in (b" 200 ", b" 202 ")):
            self._fail(bytes(self._buffer[:600]).decode("utf-8", "replace"))
            return
        length = int(fields.partition(b"content-length:")[2].partition(b"\r\n")[0])
        if len(body) >= length:
            self._measured.seconds.append(perf_counter() - self._started)
            self._measured.last = bytes(body)
            self._buffer.clear()
            self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail("The server closed the connection.")

    def _fail(self, sentence: str) -> None:
        if not self.done.done():
            self.done.set_exception(WrongAnswerError(sentence))
            self._transport.close()


async def load(port: int, requests: Iterator[bytes], seconds: float = float("inf")) -> Measured:
    """Ask for so long, or until the requests are used up."""
    measured = Measured()
    ends = perf_counter() + seconds
    loop = asyncio.get_running_loop()
    made = [
        await loop.create_connection(lambda: _Connection(requests, ends, measured), "127.0.0.1", port)
        for _ in range(CONNECTIONS)
    ]
    await asyncio.gather(*(connection.done for _, connection in made))
    return measured


async def ask_once(port: int, request: bytes) -> bytes:
    """The body of one answer."""
    measured = Measured()
    loop = asyncio.get_running_loop()
    _, connection = await loop.create_connection(
        lambda: _Connection(iter([request]), float("inf"), measured), "127.0.0.1", port
    )
    await connection.done
    return measured.last


def in_turn(requests: list[bytes]) -> Iterator[bytes]:
    """The requests again and again."""
    return cycle(requests)


def numbered(path: str, bodies: list[bytes]) -> list[bytes]:
    """Each body to an address of its own: what a ceiling that only looks up bytes needs."""
    return [post(f"{path}/{number}", body) for number, body in zip(count(), bodies, strict=False)]
