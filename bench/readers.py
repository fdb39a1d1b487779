"""How long readers wait while nothing is imported, and while a bulk import runs in the hub that answers them."""

import asyncio
import json
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from bench.data import found, generate
from bench.data.later import write_later
from bench.data.tiers import Tier
from bench.load import Measured, ask_once, load, post
from bench.queries import Question
from bench.servers import Server, free_port, start
from hub.database import open_database
from identity.source_tokens import SourceTokens

_QUIET_SECONDS = 10.0
_LONGEST_SECONDS = 600.0
_SOURCE = "land-06"


@dataclass(frozen=True, slots=True)
class Waits:
    """Milliseconds that readers waited, quiet and during an import of so many objects that took so many seconds."""

    requests: int
    quiet_p50: float
    quiet_p99: float
    busy_requests: int
    busy_p50: float
    busy_p99: float
    objects: int
    seconds: float

    @property
    def ratio(self) -> float:
        """Of the two p99."""
        return self.busy_p99 / self.quiet_p99


def measure_waits(folder: Path, tier: Tier, question: Question, hub: Path) -> Waits:
    """Ask one question over four connections, first in quiet, then while a state changes all its objects."""
    return asyncio.run(_measure(folder, tier, question, hub))


async def _measure(folder: Path, tier: Tier, question: Question, hub: Path) -> Waits:
    place = folder / "material"
    material = found(place, tier) or generate(place, tier)
    message = next(one.message for one in material.deliveries if one.source == _SOURCE)
    changed = write_later(message, folder / "changed.xml", 9, every=1).read_bytes()
    environ = {"HUB_DATA_DIR": str(hub), "HUB_RATE_LIMIT": "off", "HUB_ANSWERS": "0"}
    server = start("readers", ["hub", "serve", "--port"], environ, folder, port=free_port())
    try:
        token = await _token(hub)
        asked = [post("/graphql", body) for body in question.bodies()]
        await load(server.port, cycle(asked), 2.0)
        quiet = await load(server.port, cycle(asked), _QUIET_SECONDS)
        pushing = asyncio.create_task(_push(server, token, changed))
        busy = await load(server.port, _while(asked, lambda: not pushing.done()), _LONGEST_SECONDS)
        objects, seconds = await pushing
    finally:
        server.end()
    return Waits(
        len(quiet.seconds),
        *_middle_and_tail(quiet),
        len(busy.seconds),
        *_middle_and_tail(busy),
        objects,
        seconds,
    )


async def _token(hub: Path) -> str:
    identity = open_database(f"sqlite:///{hub / 'identity.db'}")
    try:
        return await SourceTokens(identity, time.time, secrets.token_bytes).issue(_SOURCE)
    finally:
        await identity.close()


def _while(requests: list[bytes], goes_on: Callable[[], bool]) -> Iterator[bytes]:
    for request in cycle(requests):
        if not goes_on():
            return
        yield request


async def _push(server: Server, token: str, content: bytes) -> tuple[int, float]:
    """Push a message and wait until its run is done; gives its objects and how long it took."""
    began = time.perf_counter()
    more = f"authorization: Bearer {token}\r\n"
    path = f"/sync/{_SOURCE}/messages?mode=delta"
    told = json.loads(await _ask(server, post(path, content, "application/xml", more)))
    address = f"/sync/{_SOURCE}/runs/{told['run']}"
    request = f"GET {address} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: application/json\r\n{more}\r\n".encode()
    while told["state"] in ("receiving", "received", "working"):
        await asyncio.sleep(0.5)
        told = json.loads(await _ask(server, request))
    if told["state"] != "finished":
        raise RuntimeError(f"The bulk import ended as {told['state']}")
    return sum(told["counts"].values()), time.perf_counter() - began


async def _ask(server: Server, request: bytes) -> bytes:
    return await ask_once(server.port, request)


def _middle_and_tail(measured: Measured) -> tuple[float, float]:
    waited = sorted(measured.seconds)
    return 1000 * waited[len(waited) // 2], 1000 * waited[min(len(waited) - 1, len(waited) * 99 // 100)]
