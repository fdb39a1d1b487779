"""Fetching a source, over real sockets, from a host that may fail in every way."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import count
from typing import Literal

import pytest
from sqlalchemy import select

from catalog_sync.catalog.tables import source
from catalog_sync.journal import Run, RunState, runs_of
from catalog_sync.operations import pull
from catalog_sync.pipeline.pull import Puller
from catalog_sync.pipeline.run import Pipeline
from catalog_sync.sources.remote import PullFailed
from hub.egress import Egress
from hub.schedule import Schedule
from tests.catalog_sync.pipeline.hub import Hub, ends, open_hub
from tests.catalog_sync.sources.faulty import Fault, Host, host
from tests.conftest import Databases
from tests.makers import Name, message, service

MARCH, APRIL = "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"
EVERY = 3600


@dataclass
class Ring:
    """A hub that fetches ``hessen`` from a host, at a time that the test sets."""

    hub: Hub
    host: Host
    puller: Puller
    now: list[float] = field(default_factory=list)

    async def runs(self, key: str = "hessen") -> list[Run]:
        return await self.hub.databases.operations.read(lambda c: runs_of(c, key))

    async def ended(self, key: str) -> bool:
        return any(run.finished_at is not None for run in await self.runs(key))

    async def fresh_at(self) -> float:
        query = select(source.c.fresh_at).where(source.c.key == "hessen")
        return (await self.hub.databases.catalog.read(lambda c: c.scalar(query)) or 0) / 1e6

    async def failures(self) -> int:
        return await self.hub.databases.operations.read(lambda c: c.scalar(select(pull.c.failures))) or 0


@pytest.fixture
async def ring(databases: Databases) -> AsyncIterator[Ring]:
    now, ids = [1_772_500_000.0], count(2**40)
    hub = await open_hub(databases)
    first, second = (message(created=MARCH, writes=[service(one)]) for one in "12")
    async with host(index_txt=b"a.xml\nb.xml\n", a_xml=first, b_xml=second) as there:
        await add(hub, "hessen", there.index)
        stores = databases.catalog, databases.operations
        pipeline = Pipeline(*stores, clock=lambda: now[0], random=lambda n: next(ids).to_bytes(n))
        egress = Egress([f"127.0.0.1:{there.port}"], seconds=0.5, download_seconds=0.8)
        yield Ring(hub, there, Puller(pipeline, egress), now)
        await egress.aclose()


async def add(hub: Hub, key: str, index: str) -> None:
    if key != "hessen":
        await hub.add_source(key, ["O1"], ["06"], index_url=index, every_seconds=EVERY)
        return
    values = {"index_url": index, "every_seconds": EVERY}
    work = source.update().where(source.c.key == key).values(values)
    await hub.databases.catalog.write(lambda c: c.execute(work))


async def test_an_index_is_followed_as_a_snapshot(ring: Ring) -> None:
    await ring.hub.deliver(message(created="2026-02-01T00:00:00Z", writes=[service("old")]))
    pulled = await ring.puller.pull("hessen")
    assert pulled is not None
    assert pulled.report is not None
    assert ends(pulled.report) == {"1": "added", "2": "added", "old": "gone"}
    assert pulled.report["objects"][0]["file"] == "a.xml"


async def test_what_has_not_changed_is_not_sent_again_and_counts_as_fresh(ring: Ring) -> None:
    await ring.puller.pull("hessen")
    ring.now[0] += EVERY + 1
    ring.host.asked.clear()
    pulled = await ring.puller.pull("hessen")
    assert pulled is not None
    assert pulled.report is None
    assert ring.host.asked == [("index.txt", 304), ("a.xml", 304), ("b.xml", 304)]
    assert len(await ring.runs()) == 1
    assert await ring.fresh_at() == ring.now[0]


async def test_a_changed_file_brings_the_whole_delivery(ring: Ring) -> None:
    await ring.puller.pull("hessen")
    ring.host.files["b.xml"] = message(created=APRIL, writes=[service("3")])
    ring.now[0] += EVERY + 1
    pulled = await ring.puller.pull("hessen")
    assert pulled is not None
    assert pulled.report is not None
    assert ends(pulled.report) == {"1": "unchanged", "3": "added", "2": "gone"}


async def test_it_is_fetched_when_it_is_due_and_not_before(ring: Ring) -> None:
    assert await ring.puller.due() == ["hessen"]
    await ring.puller.pull("hessen")
    assert await ring.puller.due() == []
    assert await ring.puller.pull("hessen") is None  # another process was quicker
    by_hand = await ring.puller.pull("hessen", by_hand=True)
    assert by_hand is not None
    ring.now[0] += EVERY + 1
    assert await ring.puller.due() == ["hessen"]


@pytest.mark.parametrize("fault", ["hang", "reset", "short", "error", "missing", "drip"])
async def test_a_file_that_fails_costs_nothing_and_is_told(
    ring: Ring, fault: Fault | Literal["missing"]
) -> None:
    await ring.puller.pull("hessen")
    before = await ring.fresh_at()
    ring.host.files["b.xml"] = message(created=APRIL, writes=[service("3")])
    if fault == "missing":
        del ring.host.files["b.xml"]
    else:
        ring.host.faults["b.xml"] = fault
    ring.now[0] += EVERY + 1
    async with asyncio.timeout(5):
        with pytest.raises(PullFailed, match=r"b\.xml could not be fetched"):
            await ring.puller.pull("hessen")
    (failed, _) = await ring.runs()
    assert failed.state is RunState.FAILED
    assert "b.xml could not be fetched" in failed.notices[0]
    assert await ring.hub.live() == {"LB": 2}
    assert await ring.fresh_at() == before  # the age of the data is told


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b" \n", "is empty"), (b"http://elsewhere.example/a.xml", "not on its own host"), (b"\xff", "no text")],
)
async def test_an_index_that_cannot_be_followed_changes_nothing(
    ring: Ring, content: bytes, sentence: str
) -> None:
    await ring.puller.pull("hessen")
    ring.host.files["index.txt"] = content
    ring.now[0] += EVERY + 1
    with pytest.raises(PullFailed, match=sentence):
        await ring.puller.pull("hessen")
    assert await ring.hub.live() == {"LB": 2}


async def test_a_source_that_fails_is_tried_later_each_time_until_it_answers(ring: Ring) -> None:
    ring.host.faults["index.txt"] = "error"
    waits = []
    for _ in range(4):
        with pytest.raises(PullFailed):
            await ring.puller.pull("hessen")
        began = ring.now[0]
        while not await ring.puller.due():
            ring.now[0] += 60
        waits.append(ring.now[0] - began)
    assert waits == [60, 120, EVERY, EVERY]  # the third opens the breaker
    assert await ring.failures() == 4
    ring.host.faults.clear()
    await ring.puller.pull("hessen")
    assert await ring.failures() == 0


async def test_a_redirect_leads_no_further_than_an_address_may(ring: Ring) -> None:
    ring.host.files["moved"] = ring.host.files["b.xml"]
    ring.host.faults["b.xml"] = "redirect"
    ring.host.elsewhere = "http://127.0.0.1:9/private"
    with pytest.raises(PullFailed, match="is not https"):
        await ring.puller.pull("hessen")
    ring.host.elsewhere = "/x/moved"
    pulled = await ring.puller.pull("hessen", by_hand=True)
    assert pulled is not None
    assert await ring.hub.live() == {"LB": 2}


async def test_two_processes_fetch_a_source_once(ring: Ring) -> None:
    other = Puller(ring.puller._pipeline, ring.puller._fetcher)  # noqa: SLF001
    done = await asyncio.gather(ring.puller.pull("hessen"), other.pull("hessen"))
    assert sorted(one is None for one in done) == [False, True]
    assert len(await ring.runs()) == 1


async def test_the_schedule_outlives_a_source_that_hangs_and_fetches_the_others(ring: Ring) -> None:
    async with host(index_txt=b"c.xml", c_xml=message(writes=[service(Name("O1", "9"))])) as well:
        await add(ring.hub, "other", well.index)
        ring.puller._fetcher._allow |= {f"127.0.0.1:{well.port}"}  # type: ignore[attr-defined] # noqa: SLF001
        ring.host.faults["index.txt"] = "hang"
        schedule = Schedule(ring.puller, every_seconds=0.05)
        schedule.start()
        try:
            async with asyncio.timeout(20):
                while not (await ring.ended("other") and await ring.ended("hessen")):  # noqa: ASYNC110 - another task fills them
                    await asyncio.sleep(0.05)
        finally:
            await schedule.stop()
    assert (await ring.runs("hessen"))[0].state is RunState.FAILED
    assert (await ring.runs("other"))[0].counts["added"] == 1
