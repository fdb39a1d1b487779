"""Runs that died: at every transaction, and by a real kill; taken up again, they end as if nothing had happened."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection, create_engine, func, select

from catalog_sync.catalog.tables import change, entry, metadata, sync_batch
from catalog_sync.intake import Intake
from catalog_sync.journal import RunState, blocks_of, runs_of
from catalog_sync.operations import metadata as operations_metadata
from catalog_sync.operations import sync_lease
from catalog_sync.pipeline import steps
from catalog_sync.pipeline.process import own_process
from catalog_sync.pipeline.run import Pipeline
from catalog_sync.pipeline.steps import Mode
from catalog_sync.pipeline.turns import Store, Turns
from catalog_sync.sources.registry import add_source
from hub.migrations import METADATA
from tests.catalog_sync.pipeline.hub import AREAS, START, Hub, add_areas, counting_random, file, open_hub
from tests.catalog_sync.pipeline.test_order import emptied, seen
from tests.conftest import Databases
from tests.makers import authority, carried_rule, delete, message, rule, service

MARCH, APRIL = "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"
LONG = int(os.environ.get("HUB_TEST_LONG", "0"))

T = TypeVar("T")


class Killed(BaseException):
    """What `kill -9` does: nothing after it happens."""


@dataclass
class Fuse:
    """Counts the commits of all stores of a process and kills it at one of them, before or after."""

    at: int
    after: bool
    commits: int = 0
    dead: bool = False


@dataclass
class Mortal:
    """A store of a process that may die."""

    inner: Store
    fuse: Fuse

    async def write(self, work: Callable[[Connection], T]) -> T:
        self._alive()
        self.fuse.commits += 1
        mine = self.fuse.commits == self.fuse.at
        if mine and not self.fuse.after:
            self._die()
        done = await self.inner.write(work)
        if mine:
            self._die()
        return done

    async def read(self, work: Callable[[Connection], T]) -> T:
        self._alive()
        return await self.inner.read(work)

    def _alive(self) -> None:
        if self.fuse.dead:
            raise Killed

    def _die(self) -> None:
        self.fuse.dead = True
        raise Killed


@dataclass
class Named:
    """A process by name, and the one of which it knows that it is gone."""

    name: str
    buried: str = ""

    def gone(self, name: str) -> bool:
        return name == self.buried


def mortal(hub: Hub, at: int, *, after: bool) -> tuple[Pipeline, Fuse]:
    """The pipeline of a process that dies at a commit."""
    fuse = Fuse(at, after)
    stores = (Mortal(store, fuse) for store in (hub.databases.catalog, hub.databases.operations))
    around = {"clock": hub.now, "random": counting_random(), "recognised_from": 1}
    return Pipeline(*stores, **around, process=Named("first")), fuse


def heir(hub: Hub, **more: Any) -> Pipeline:
    """The pipeline of the process after it."""
    stores = hub.databases.catalog, hub.databases.operations
    around: dict[str, Any] = {
        "clock": hub.now,
        "random": lambda n: b"\xff" * n,
        "recognised_from": 1,
    }
    return Pipeline(*stores, **(around | more), process=Named("second", buried="first"))


FIRST = message(
    created=MARCH,
    writes=[service("1"), service("2"), authority("u", "U", rules=[carried_rule("a", "1", ["06"])])],
)
SECOND = message(
    created=APRIL,
    writes=[
        rule("early", "u", "late", ["06"]),
        service("1", title="New"),
        service("3"),
        authority("u", "U", rules=[carried_rule("b", "1", ["06"])]),
        service("late"),
        service("9", areas=["14"]),
    ],
    deletes=[delete("Leistung", "3")],
)


async def state(hub: Hub, run: str) -> Any:
    """All that a reader, a subscriber or the sender can see of it."""
    catalog = await hub.databases.catalog.read(seen)

    def feed(connection: Connection) -> list[Any]:
        rows = connection.execute(
            select(change.c.pos, entry.c.kind, entry.c.value, change.c.action)
            .join(entry, entry.c.id == change.c.entry_id)
            .order_by(change.c.pos)
        )
        return [tuple(row) for row in rows]

    def told(connection: Connection) -> list[Any]:
        objects = [one for block in blocks_of(connection, run) for one in block.objects]
        return sorted((one.kind or "", one.id or "", one.outcome.value, one.reason or "") for one in objects)

    counts = (await hub.pipeline.report(run))["counts"]
    return (
        catalog,
        await hub.databases.catalog.read(feed),
        await hub.databases.operations.read(told),
        counts,
    )


async def fresh(databases: Databases) -> Hub:
    await databases.catalog.write(partial(emptied, tables=metadata))
    await databases.operations.write(partial(emptied, tables=operations_metadata))
    hub = await open_hub(databases, recognised_from=1)
    await hub.deliver(FIRST)
    return hub


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "BATCH", 2)


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("mode", ["delta", "snapshot"])
async def test_a_run_killed_at_any_commit_ends_as_if_it_had_not_been(
    databases: Databases, mode: Mode
) -> None:
    hub = await fresh(databases)
    undisturbed = await state(hub, (await hub.deliver(SECOND, mode=mode))["run"])
    at, ways = 0, [False, True]
    alive = False
    while not alive:
        at += 1
        for after in ways:
            hub = await fresh(databases)
            process, fuse = mortal(hub, at, after=after)
            try:
                await process.deliver("hessen", [file(SECOND)], mode=mode)
                alive = True
            except Killed:
                pass
            pipeline = heir(hub)
            if fuse.commits > 1 or after:  # the run is in the journal: nobody has to call again
                intake = Intake(pipeline, NoTokens())
                await intake.resume()
                await intake.close()
            report = await pipeline.deliver("hessen", [file(SECOND)], mode=mode)
            runs = await databases.operations.read(lambda c: runs_of(c, "hessen"))
            done = [run.id for run in runs if run.counts["changed"]]
            assert len(done) == 1, (at, after)
            assert await state(hub, done[0]) == undisturbed, (at, after)
            assert {run.state for run in runs} == {RunState.FINISHED}, (at, after, report)
    assert at > (9 if mode == "snapshot" else 8)


class NoTokens:
    async def verify(self, token: str) -> None:
        return None


@pytest.mark.usefixtures("small_batches")
async def test_the_same_call_takes_up_the_run_that_died_and_another_does_not(databases: Databases) -> None:
    hub = await fresh(databases)
    process, _ = mortal(hub, 5, after=True)
    with pytest.raises(Killed):
        await process.deliver("hessen", [file(SECOND)])
    (died, _) = await databases.operations.read(lambda c: runs_of(c, "hessen"))
    assert died.state is RunState.WORKING
    other = await heir(hub).deliver("hessen", [file(SECOND)], mode="snapshot")
    assert other["run"] != died.id
    same = await heir(hub).deliver("hessen", [file(SECOND)])
    assert (same["run"], same["state"]) == (died.id, "finished")
    again = await heir(hub).deliver("hessen", [file(SECOND)])
    assert again["run"] != died.id
    assert again["counts"]["added"] == again["counts"]["changed"] == 0


async def test_a_run_that_failed_goes_on_when_the_same_call_comes_again(databases: Databases) -> None:
    def broken(connection: Connection, keys: object) -> None:
        raise RuntimeError("the index is broken")

    hub = await open_hub(databases, reindex=broken)
    with pytest.raises(RuntimeError, match="broken"):
        await hub.deliver(message(writes=[service("1")]))
    (failed,) = await databases.operations.read(lambda c: runs_of(c, "hessen"))
    report = await heir(hub).deliver("hessen", [file(message(writes=[service("1")]))])
    assert (report["run"], report["state"]) == (failed.id, "finished")


async def test_a_dry_run_that_died_is_not_taken_up(databases: Databases) -> None:
    hub = await fresh(databases)
    process, _ = mortal(hub, 3, after=True)
    with pytest.raises(Killed):
        await process.deliver("hessen", [file(SECOND)], dry_run=True)
    intake = Intake(heir(hub), NoTokens())
    await intake.resume()
    await intake.close()
    (run, _) = await databases.operations.read(lambda c: runs_of(c, "hessen"))
    assert (run.state, run.notices) == (
        RunState.FAILED,
        ("The hub stopped during this dry run; ask for it again.",),
    )


async def test_identical_calls_at_once_become_runs_that_end(databases: Databases) -> None:
    hub = await fresh(databases)
    heirs = [
        heir(hub, clock=time.time, random=os.urandom) for _ in range(3)
    ]  # the test's own clock runs so fast that turns would be lost
    reports = await asyncio.gather(*(one.deliver("hessen", [file(SECOND)]) for one in heirs))
    assert {report["state"] for report in reports} == {"finished"}
    batches = await databases.catalog.read(
        lambda c: c.execute(select(sync_batch.c.run, sync_batch.c.batch)).all()
    )
    assert len(batches) == len({tuple(row) for row in batches})


async def test_the_turn_of_a_process_that_is_gone_is_taken_at_once_and_of_a_living_one_is_not(
    databases: Databases,
) -> None:
    living = Turns(databases.operations, time.time, own_process())
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)  # noqa: ASYNC220
    number, other = str(child.pid), own_process()
    name = other.name.split("/")
    started = start_of(number)
    holder = "/".join([*name[:-2], number, started])
    row = {"source": "hessen", "run": "theirs", "holder": f"{holder}#1", "beat_at": int(time.time() * 1e6)}
    await databases.operations.write(lambda c: c.execute(sync_lease.insert(), row))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5), living.turn("hessen", "mine"):
            pass
    child.kill()  # not yet waited for: what is left of it is no process any more
    async with asyncio.timeout(2), living.turn("hessen", "mine"):
        pass
    child.communicate()


@dataclass
class Failing:
    """A store that may fail to write."""

    inner: Store
    fails: bool = False

    async def write(self, work: Callable[[Connection], T]) -> T:
        if self.fails:
            raise ConnectionError("the database is away")
        return await self.inner.write(work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        return await self.inner.read(work)


async def test_a_turn_that_could_not_be_given_back_is_free_for_the_same_process(databases: Databases) -> None:
    store = Failing(databases.operations)
    turns = Turns(store, lambda: START, own_process())  # the clock stands: nobody becomes silent
    with pytest.raises(ConnectionError):
        async with turns.turn("hessen", "first"):
            store.fails = True
    store.fails = False
    async with asyncio.timeout(10), turns.turn("hessen", "second"):
        others = Turns(store, lambda: START, own_process())
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5), others.turn("hessen", "third"):
                pass


def start_of(number: str) -> str:
    return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[19]


def test_processes_are_told_apart(tmp_path: Path) -> None:
    own = own_process()
    assert own.name.count("/") == 3
    assert not own.gone(own.name)
    assert own.gone(own.name + "0")  # the number was given again to a later process
    assert not own.gone("elsewhere/pid:[1]/1/1")
    assert not own.gone("")
    assert not own_process(tmp_path).gone(own.name)
    assert not replace(own, proc=tmp_path).gone("")


def test_a_real_kill_at_random_times_loses_nothing(tmp_path: Path) -> None:
    """`verbundhub sync import` killed at random times, then called again: as many times as HUB_TEST_LONG says."""
    content = message(created=APRIL, writes=[service(str(number)) for number in range(1500)])
    delivery = tmp_path / "delivery.xml"
    delivery.write_bytes(content)
    dice = random.Random(20260301)  # noqa: S311 - a test's dice
    killed, whole = 0, 0.0
    for number in range(1 + (LONG or 3)):
        folder = tmp_path / str(number)
        folder.mkdir()
        _prepare(folder)
        environ = {**os.environ, "HUB_DATA_DIR": str(folder)}
        began = time.monotonic()
        command = [sys.executable, "-m", "hub", "sync", "import", "--source", "hessen", "--json"]
        command += ["--snapshot", str(delivery)]
        process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if whole:  # the first one is left alone, to see how long it takes
            time.sleep(dice.uniform(0.3, 1.0) * whole)
            process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        whole = whole or time.monotonic() - began
        done = subprocess.run(command, env=environ, capture_output=True, check=False, timeout=60)
        assert done.returncode == 0, (number, done.stderr)
        assert _entries(folder) == (1500, 1500, 1500), number
        for path in folder.iterdir():
            path.unlink()
    assert killed


def _prepare(folder: Path) -> None:
    for name, tables in METADATA.items():
        engine = create_engine(f"sqlite:///{folder / name}.db")
        with engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            tables.create_all(connection)
            if name == "catalog":
                add_areas(connection, AREAS)
                add_source(connection, "hessen", "Hessen", agencies=["L100042"], areas=["06"], now=0)
        engine.dispose()


def _entries(folder: Path) -> tuple[int, int, int]:
    """How many live objects, rows of the feed, and objects that one run says it added."""
    engine = create_engine(f"sqlite:///{folder / 'catalog'}.db")
    with engine.connect() as connection:
        live = connection.scalar(select(func.count()).select_from(entry).where(entry.c.live)) or 0
        fed = connection.scalar(select(func.count()).select_from(change)) or 0
    engine.dispose()
    engine = create_engine(f"sqlite:///{folder / 'operations'}.db")
    with engine.connect() as connection:
        runs = runs_of(connection, "hessen")
        added = [sum(len(block.objects) for block in blocks_of(connection, run.id)) for run in runs]
        told = sum(run.counts["added"] for run in runs)
        assert all(run.state in (RunState.FINISHED, RunState.RECEIVING) for run in runs), runs
        assert max(added) == 1500
    engine.dispose()
    return live, fed, told
