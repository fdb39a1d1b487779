"""Ten times as many requests as the hub can bear: what those who are served wait, and how many are served.

An open load: requests come at their times whatever happened to those before, as people do. First the hub's peak is
measured with as many connections as keep it busy; then requests come at a multiple of it, and beside them health checks
and requests of a person who is signed in or, here, has a token.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import cycle
from pathlib import Path
from time import perf_counter
from typing import Any, cast

from bench.load import load, post
from bench.queries import Question
from bench.servers import cores, free_port, pinned, start

_CONNECTIONS = 900
_BURST = 20
_HEALTH = b"GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"
_HEALTH_EVERY = 0.05


@dataclass(frozen=True, slots=True)
class Overload:
    """What happened; times in milliseconds, rates per second.

    Attributes:
        peak: answers a second of the busy hub before.
        offered: requests that came a second.
        goodput: those that were answered with 200.
        kept_share: goodput of the peak.
    """

    peak: float
    offered: float
    goodput: float
    refused: float
    kept_share: float
    p50: float
    p99: float
    health_p99: float
    statuses: dict[str, int]


@dataclass(slots=True)
class _Seen:
    statuses: Counter[str] = field(default_factory=Counter)
    served: list[float] = field(default_factory=list)
    lost: int = 0


class _Client(asyncio.Protocol):
    """One connection that asks when it is told to."""

    def __init__(self, seen: _Seen, idle: "deque[_Client]") -> None:
        self._seen = seen
        self._idle = idle
        self._buffer = bytearray()
        self._due = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._idle.append(self)

    def ask(self, request: bytes, due: float) -> None:
        """Send a request that came at `due`."""
        self._due = due
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        status, _, fields = bytes(head).lower().partition(b"\r\n")
        length = int(fields.partition(b"content-length:")[2].partition(b"\r\n")[0])
        if len(body) < length:
            return
        number = status.split(b" ")[1].decode()
        self._seen.statuses[number] += 1
        if number == "200":
            self._seen.served.append(perf_counter() - self._due)
        self._buffer.clear()
        self._idle.append(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._seen.lost += 1

    def close(self) -> None:
        """End the connection."""
        self._transport.close()


async def _connected(port: int, count: int, seen: _Seen) -> "deque[_Client]":
    idle: deque[_Client] = deque()
    loop = asyncio.get_running_loop()
    for _ in range(count):
        await loop.create_connection(lambda: _Client(seen, idle), "127.0.0.1", port)
    return idle


async def _offer(idle: "deque[_Client]", requests: Iterator[bytes], rate: float, seconds: float) -> int:
    """Send requests at their times; those for which no connection is free wait, and that counts."""
    begun, sent = perf_counter(), 0
    while (now := perf_counter()) < begun + seconds:
        due = begun + sent / rate
        if due > now:
            await asyncio.sleep(due - now)
        elif idle:
            idle.popleft().ask(next(requests), due)
            sent += 1
            if sent % _BURST == 0:
                await asyncio.sleep(0)  # answers are read, and others have their turn
        else:
            await asyncio.sleep(0.001)
    return sent


async def _health(port: int, seconds: float) -> list[float]:
    seen = _Seen()
    idle = await _connected(port, 1, seen)
    await _offer(idle, cycle([_HEALTH]), 1 / _HEALTH_EVERY, seconds)
    return seen.served


async def _measure(port: int, requests: list[bytes], times: float, seconds: float) -> Overload:
    await load(port, cycle(requests), seconds / 2)
    busy = await load(port, cycle(requests), seconds)
    peak = len(busy.seconds) / seconds
    seen = _Seen()
    idle = await _connected(port, _CONNECTIONS, seen)
    sent, health = await asyncio.gather(
        _offer(idle, cycle(requests), times * peak, seconds), _health(port, seconds)
    )
    within = len(seen.served) / seconds
    await asyncio.sleep(1)  # those under way
    served = sorted(seen.served)
    return Overload(
        peak=peak,
        offered=sent / seconds,
        goodput=within,
        refused=seen.statuses["503"] / seconds,
        kept_share=within / peak,
        p50=1000 * served[len(served) // 2],
        p99=1000 * served[len(served) * 99 // 100],
        health_p99=1000 * sorted(health)[len(health) * 99 // 100] if health else float("inf"),
        statuses=dict(seen.statuses),
    )


def measure_overload(folder: Path, question: Question, hub: Path, seconds: float) -> dict[str, Any]:
    """Ask one question at ten times the peak of one process."""
    environ = {"HUB_DATA_DIR": str(hub), "HUB_RATE_LIMIT": "off", "HUB_ANSWERS": "0"}
    server = start(
        "overload", ["hub", "serve", "--port"], environ, folder, core=cores().server, port=free_port()
    )
    try:
        asked = [post("/graphql", body) for body in question.bodies()]
        with pinned(cores().load):
            return asdict(asyncio.run(_measure(server.port, asked, 10.0, seconds)))
    finally:
        server.end()
