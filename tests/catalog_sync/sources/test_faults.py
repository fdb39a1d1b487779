"""Fetching through a proxy that breaks what passes it: told, bounded in time, nothing lost, the others go on."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar

import httpx2
import pytest
from sqlalchemy import Connection, select
from starlette.applications import Starlette

from catalog_sync.catalog.tables import source
from catalog_sync.errors import StoreAwayError
from catalog_sync.journal import Run, RunState, runs_of
from catalog_sync.pipeline.pull import Puller
from catalog_sync.pipeline.run import Pipeline
from catalog_sync.pipeline.turns import Store
from catalog_sync.sources.fetching import BREAKER, Fetching, fetchings
from catalog_sync.sources.remote import PullFailed
from hub import health
from hub.egress import Egress
from hub.schedule import Schedule
from tests.catalog_sync.pipeline.hub import Hub, open_hub
from tests.catalog_sync.sources.faulty import Host, host
from tests.conftest import Databases
from tests.faults import Cut, Drip, Fault, Garbage, HalfClosed, Hang, Lie, Proxy, Reset, Say, Through, proxy
from tests.makers import Name, message, service

MARCH, APRIL = "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"
EVERY = 24 * 3600
BEGAN = 1_772_500_000.0
T = TypeVar("T")

BROKEN: dict[str, tuple[Fault, str]] = {
    "hanging": (Hang(), "no answer in time"),
    "dripping": (Drip(0.05), "no answer in time"),
    "reset at connect": (Reset("connect"), "could not be fetched"),
    "reset in the head": (Reset("head"), "could not be fetched"),
    "reset in the body": (Reset("body"), "could not be fetched"),
    "length too long": (Lie(10), "could not be fetched"),
    "half closed": (HalfClosed(), "could not be fetched"),
    "500": (Say(500), "it answered 500"),
    "503": (Say(503), "it answered 503"),
    "garbage": (Garbage(), "could not be fetched"),
}
"""Faults after which a document did not come whole, and what is said of it."""

CUT: dict[str, Fault] = {"length too short": Lie(-10), "truncated gzip": Cut()}
"""Faults after which a document seems whole and is not."""


@dataclass
class Line:
    """A hub that fetches ``hessen`` through a proxy and ``other`` directly, at a time that the test sets."""

    hub: Hub
    files: Host
    between: Proxy
    puller: Puller
    clock: list[float]

    async def pull(self, key: str = "hessen") -> Any:
        """Fetch when it is due; in bounded time, whatever the other side does."""
        async with asyncio.timeout(20):
            return await self.puller.pull(key)

    async def pass_time(self, seconds: float) -> None:
        self.clock[0] += seconds

    async def runs(self, key: str = "hessen") -> list[Run]:
        return await self.hub.databases.operations.read(lambda c: runs_of(c, key))

    async def fetching(self, key: str = "hessen") -> Fetching | None:
        return (await self.hub.databases.operations.read(fetchings)).get(key)

    async def fresh_at(self, key: str = "hessen") -> float:
        query = select(source.c.fresh_at).where(source.c.key == key)
        return (await self.hub.databases.catalog.read(lambda c: c.scalar(query)) or 0) / 1e6

    async def told_by_health(self) -> dict[str, Any]:
        """What an operator's monitor sees of the sources."""
        databases = self.hub.databases
        named = {"catalog": databases.catalog, "operations": databases.operations}
        app = Starlette(routes=health.routes(named, lambda: self.clock[0]))
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://hub") as client:
            answer = await client.get("/readyz")
        assert answer.status_code == 200
        told: dict[str, Any] = answer.json()["sources"]
        return told


@pytest.fixture
async def line(databases: Databases) -> AsyncIterator[Line]:
    clock, ids = [BEGAN], count(2**40)
    hub = await open_hub(databases)
    first = message(created=MARCH, writes=[service("1")])
    second = gzip.compress(message(created=MARCH, writes=[service("2")]))
    async with AsyncExitStack() as stack:
        files = await stack.enter_async_context(host(index_txt=b"a.xml\nb.xml.gz\n", a_xml=first))
        files.files["b.xml.gz"] = second
        others = message(created=MARCH, writes=[service(Name("O1", "9"))])
        elsewhere = await stack.enter_async_context(host(index_txt=b"c.xml", c_xml=others))
        between = await stack.enter_async_context(proxy(files.port))
        values = {"index_url": f"http://{between.address}/x/index.txt", "every_seconds": EVERY}
        work = source.update().where(source.c.key == "hessen").values(values)
        await databases.catalog.write(lambda c: c.execute(work))
        await hub.add_source("other", ["O1"], ["06"], index_url=elsewhere.index, every_seconds=EVERY)
        pipeline = Pipeline(
            databases.catalog,
            databases.operations,
            clock=lambda: clock[0],
            random=lambda n: next(ids).to_bytes(n),
        )
        egress = Egress([between.address, f"127.0.0.1:{elsewhere.port}"], seconds=1.0, download_seconds=2.0)
        stack.push_async_callback(egress.aclose)
        yield Line(hub, files, between, Puller(pipeline, egress), clock)


async def changed(line: Line) -> None:
    """A first delivery is taken; a day later there is a new one, without one object and with another."""
    await line.pull()
    assert await line.hub.live() == {"LB": 2}
    line.files.files["b.xml.gz"] = gzip.compress(message(created=APRIL, writes=[service("3")]))
    line.files.files["index.txt"] = b"a.xml\nb.xml.gz"
    await line.pass_time(EVERY + 1)


@pytest.mark.parametrize("place", [0, 2], ids=["index", "file"])
@pytest.mark.parametrize("name", BROKEN)
async def test_what_does_not_come_whole_changes_nothing_and_is_told(
    line: Line, name: str, place: int
) -> None:
    fault, sentence = BROKEN[name]
    await changed(line)
    line.between.script = [*[Through()] * place, fault]
    with pytest.raises(PullFailed, match=sentence):
        await line.pull()
    (failed, _) = await line.runs()
    assert (failed.state, failed.counts["gone"]) == (RunState.FAILED, 0)
    assert sentence in failed.notices[0]
    assert ("index.txt" if place == 0 else "b.xml.gz") in failed.notices[0]
    assert await line.hub.live() == {"LB": 2}
    assert await line.fresh_at() == BEGAN
    told = await line.fetching()
    assert told is not None
    assert (told.failures, told.breaker, told.due_at / 1e6 - line.clock[0]) == (1, "retrying", 60)
    assert (await line.told_by_health())["hessen"] == {"ageSeconds": EVERY + 1, "breaker": "retrying"}
    await line.pass_time(61)
    await line.pull()  # it answers again
    assert await line.hub.live() == {"LB": 2}
    assert await line.fresh_at() == line.clock[0]
    assert (await line.told_by_health())["hessen"] == {"ageSeconds": 0, "breaker": "closed"}


@pytest.mark.parametrize("name", CUT)
async def test_a_file_that_was_cut_unnoticed_deletes_nothing_and_is_fetched_again(
    line: Line, name: str
) -> None:
    await changed(line)
    line.between.script = [Through(), Through(), CUT[name]]
    pulled = await line.pull()
    (refused,) = pulled.report["refused"]
    assert refused["file"] == "b.xml.gz"
    assert pulled.report["counts"]["gone"] == 0
    assert "not complete: nothing was deleted" in pulled.report["notices"][0]["sentence"]
    assert await line.hub.live() == {"LB": 2}
    assert await line.fresh_at() == BEGAN
    told = await line.fetching()
    assert told is not None
    assert (told.failures, "b.xml.gz" in (told.reason or "")) == (1, True)
    await line.pass_time(61)
    healed = await line.pull()
    assert (healed.report["counts"]["added"], healed.report["counts"]["gone"]) == (1, 1)
    assert await line.fresh_at() == line.clock[0]


async def test_an_index_that_was_cut_inside_a_name_deletes_nothing(line: Line) -> None:
    await changed(line)
    line.between.script = [Lie(-6)]
    with pytest.raises(PullFailed, match="it answered 404"):
        await line.pull()
    assert await line.hub.live() == {"LB": 2}


async def test_slow_is_not_broken(line: Line) -> None:
    line.between.fault = Through(0.1)
    await line.pull()
    assert await line.hub.live() == {"LB": 2}


async def test_a_delivery_whose_files_all_drip_ends_in_bounded_time(line: Line) -> None:
    line.puller._fetch_seconds = 0.2  # noqa: SLF001 - a test's patience is short
    line.between.fault = Drip(0.0005)
    with pytest.raises(PullFailed, match=r"took longer than 0\.2 seconds"):
        await line.pull()
    assert await line.hub.live() == {}


@pytest.mark.parametrize("name", ["hanging", "reset in the body", "500"])
async def test_the_breaker_opens_after_three_failures_and_closes_when_it_answers(
    line: Line, name: str
) -> None:
    await changed(line)
    line.between.fault = BROKEN[name][0]
    waits = []
    for _ in range(BREAKER + 1):
        with pytest.raises(PullFailed):
            await line.pull()
        told = await line.fetching()
        assert told is not None
        waits.append(told.due_at / 1e6 - line.clock[0])
        met = len(line.between.met)
        await line.pass_time(waits[-1] - 1)
        assert await line.pull() is None  # before that it is left alone
        assert len(line.between.met) == met
        await line.pass_time(2)
    assert waits == [60, 120, EVERY, EVERY]
    assert (await line.told_by_health())["hessen"]["breaker"] == "open"
    assert await line.fresh_at() == BEGAN
    line.between.fault = Through()
    await line.pull()
    assert (await line.told_by_health())["hessen"] == {"ageSeconds": 0, "breaker": "closed"}
    assert [run.state for run in await line.runs()] == [
        RunState.FINISHED,
        *[RunState.FAILED] * (BREAKER + 1),
        RunState.FINISHED,
    ]


@dataclass
class Away:
    """A catalogue that is away for writing."""

    inner: Store

    async def write(self, work: Callable[[Connection], T]) -> T:
        raise StoreAwayError

    async def read(self, work: Callable[[Connection], T]) -> T:
        return await self.inner.read(work)


async def test_a_database_that_is_away_is_not_held_against_the_source(line: Line) -> None:
    pipeline = line.puller._pipeline  # noqa: SLF001 - the same but for its catalogue
    catalog = Away(pipeline.catalog)
    away = Pipeline(catalog, pipeline.operations, clock=lambda: line.clock[0], random=bytes)
    with pytest.raises(StoreAwayError):
        await Puller(away, line.puller._fetcher).pull("hessen")  # noqa: SLF001
    assert await line.fetching() is None
    (owed,) = await line.runs()
    assert owed.state is RunState.WORKING
    await line.pull()
    assert [run.id for run in await line.runs()] == [owed.id]
    assert await line.hub.live() == {"LB": 2}


@pytest.mark.parametrize("name", ["hanging", "dripping", "reset at connect"])
async def test_the_others_are_fetched_meanwhile(line: Line, name: str) -> None:
    """The schedule: what hangs is still hanging when another source is done."""
    line.between.fault = BROKEN[name][0]
    egress: Any = line.puller._fetcher  # noqa: SLF001 - here nothing may end by its time
    if name != "reset at connect":
        egress._seconds, egress._download_seconds = 30.0, 30.0  # noqa: SLF001
    schedule = Schedule(line.puller, every_seconds=0.02)
    schedule.start()
    try:
        async with asyncio.timeout(20):
            while not any(run.finished_at for run in await line.runs("other")):  # noqa: ASYNC110 - another task fills it
                await asyncio.sleep(0.02)
        if name != "reset at connect":
            assert await line.runs() == []  # not done yet
    finally:
        await schedule.stop()
    assert (await line.runs("other"))[0].counts["added"] == 1
    assert await line.fresh_at("other") == BEGAN
    assert await line.fresh_at() == 0
