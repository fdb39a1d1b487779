"""What runs in a process of its own, which may be killed: a scene, and afterwards what is left of it."""

import asyncio
import itertools
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection as Pipe
from typing import Any, TypeVar

import uvicorn
from sqlalchemy import Connection, select
from starlette.applications import Starlette

from catalog_sync.catalog.tables import change, deletion, entry, source, swept, sync_batch, version
from catalog_sync.endpoints import CATALOG_WRITE, routes
from catalog_sync.intake import Intake
from catalog_sync.journal import OutcomeKind, blocks_of, run_of, runs_of
from catalog_sync.operations import sync_file, sync_lease, sync_run
from catalog_sync.pipeline import steps
from catalog_sync.pipeline.kept import digests_of, kept_files
from catalog_sync.pipeline.process import own_process
from catalog_sync.pipeline.run import Pipeline
from catalog_sync.pipeline.turns import Store
from catalog_sync.search.indexing import reindex
from catalog_sync.sources.incoming import Sizes
from catalog_sync.sources.registry import add_source
from hub.database import Database, open_database
from tests.catalog_sync.kills.scenes import INDEX, SCENES
from tests.catalog_sync.pipeline.hub import AREAS, START, Clock, add_areas, file
from tests.catalog_sync.pipeline.test_order import seen

T = TypeVar("T")
Urls = dict[str, str]
BEATS = "Turn._beaten"
"""Signs of life come by the clock, not by what is done: they are no commit points."""


@dataclass(frozen=True)
class Fuse:
    """At which commit of all its databases a process dies: before, with its work done, or right after."""

    at: int
    after: bool


@dataclass
class Counting:
    """The commits of a process so far, told as they come, and the one that kills it."""

    fuse: Fuse | None
    tell: Pipe | None
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def passing(self, number: int, *, after: bool) -> None:
        if self.fuse == Fuse(number, after):
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class Mortal:
    """A store of a process that dies at a commit."""

    name: str
    inner: Database
    counting: Counting

    async def write(self, work: Callable[[Connection], T]) -> T:
        if BEATS in (what := name_of(work)):
            return await self.inner.write(work)
        number = next(self.counting.numbers)

        def inside(connection: Connection) -> T:
            done = work(connection)
            self.counting.passing(number, after=False)
            return done

        done = await self.inner.write(inside)
        if self.counting.tell is not None:
            shown = await self.inner.read(picture) if self.name == "catalog" else None
            self.counting.tell.send((f"{self.name}: {what}", shown))
        self.counting.passing(number, after=True)
        return done

    async def read(self, work: Callable[[Connection], T]) -> T:
        return await self.inner.read(work)


def name_of(work: Any) -> str:
    """What a transaction does, by the name of its function."""
    while isinstance(work, partial):
        work = work.func
    return str(work.__qualname__)


def picture(connection: Connection) -> tuple[Any, Any]:
    """All that a reader, a subscriber or a later delivery can see of the catalogue; and how far runs have come."""
    names = {row.id: (row.kind, row.value) for row in connection.execute(select(entry))}
    feed = connection.execute(select(change.c.entry_id, change.c.action).order_by(change.c.pos)).all()
    versions = select(version.c.entry_id, version.c.message_at, version.c.position, version.c.reverted)
    deleted = select(deletion.c.entry_id, deletion.c.message_at, deletion.c.position, deletion.c.reverted)
    sweeps = connection.execute(select(swept.c.last_at)).all()
    markers = select(sync_batch.c.batch, sync_batch.c.until).order_by(sync_batch.c.batch, sync_batch.c.until)
    kept = [
        sorted({(names[row[0]], *row[1:]) for row in connection.execute(query)})
        for query in (versions, deleted)
    ]
    visible = (
        seen(connection),
        [(names[row.entry_id], row.action) for row in feed],
        *kept,
        {tuple(row) for row in sweeps},
        [
            tuple(row)
            for row in connection.execute(select(source.c.key, source.c.swept_at).order_by(source.c.key))
        ],
    )
    return visible, sorted(str(tuple(row)) for row in connection.execute(markers))


def pipeline_over(catalog: Store, operations: Store, *, at: float = START, batch: int = 2) -> Pipeline:
    steps.BATCH = batch
    return Pipeline(
        catalog,
        operations,
        clock=Clock(itertools.count(at)),
        random=os.urandom,
        reindex=reindex,
        sizes=Sizes(synchronous=2048),
        recognised_from=1,
    )


@asynccontextmanager
async def opened(urls: Urls) -> AsyncIterator[tuple[Database, Database]]:
    databases = open_database(urls["catalog"]), open_database(urls["operations"])
    try:
        yield databases
    finally:
        for database in databases:
            await database.close()


def prepare(urls: Urls, scene: str) -> None:
    """Fill empty databases with what is there before a scene."""

    async def work() -> None:
        async with opened(urls) as (catalog, operations):
            await catalog.write(partial(add_areas, keys=AREAS))
            add = partial(add_source, agencies=["L100042"], areas=["06"], now=0)
            await catalog.write(
                partial(add, key="hessen", name="Hessen", index_url=INDEX, every_seconds=3600)
            )
            await catalog.write(partial(add, key="generous", name="Generous", shares={"*": 1.0}))
            if scene in SCENES:
                await SCENES[scene].before(pipeline_over(catalog, operations, batch=100))

    asyncio.run(work())


def play(urls: Urls, scene: str, fuse: Fuse | None, tell: Pipe) -> None:
    """Do what a scene is about, telling that it begins, its commits where nothing kills it, and that it has ended."""

    async def work() -> None:
        async with opened(urls) as (catalog, operations):
            counting = Counting(fuse, None if fuse is not None else tell)
            stores = (Mortal("catalog", catalog, counting), Mortal("operations", operations, counting))
            tell.send(("begins", await catalog.read(picture)))
            began = time.monotonic()
            await SCENES[scene].act(pipeline_over(*stores, at=START + 10_000, batch=SCENES[scene].batch))
            tell.send(("ended", time.monotonic() - began))

    asyncio.run(work())


@dataclass(frozen=True)
class Grant:
    source: str = "hessen"
    scopes: frozenset[str] = frozenset({CATALOG_WRITE})


class Tokens:
    async def verify(self, token: str) -> Grant | None:
        return Grant()


def serve(urls: Urls, fuse: Fuse | None, tell: Pipe) -> None:
    """Take pushes over HTTP on a free port, which is told, until killed."""

    async def work() -> None:
        async with opened(urls) as (catalog, operations):
            counting = Counting(fuse, None if fuse is not None else tell)
            stores = (Mortal("catalog", catalog, counting), Mortal("operations", operations, counting))
            app = Starlette(routes=routes(Intake(pipeline_over(*stores, at=START + 10_000), Tokens())))
            server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
            with socket.socket() as listening:
                listening.bind(("127.0.0.1", 0))
                listening.listen()
                tell.send(listening.getsockname()[1])
                await server.serve(sockets=[listening])

    asyncio.run(work())


@dataclass(frozen=True)
class After:
    """How much of each message is there after the next start, and after all were sent again."""

    resumed: dict[str, str]
    again: dict[str, str]


def restart(urls: Urls, messages: dict[str, bytes], tell: Pipe) -> None:
    """Start as a hub does, look, send all again, and look at the end."""

    async def work() -> None:
        async with opened(urls) as (catalog, operations):
            await _check_journal(operations)
            pipeline = pipeline_over(catalog, operations, at=START + 20_000)
            await resume(pipeline)
            resumed = await catalog.read(partial(parts, messages=messages))
            for content in messages.values():
                await pipeline.deliver("hessen", [file(content)])
            await _check_journal(operations, ended=True)
            tell.send(After(resumed, await catalog.read(partial(parts, messages=messages))))

    asyncio.run(work())


def parts(connection: Connection, messages: dict[str, bytes]) -> dict[str, str]:
    """Of each message, whose objects have its name, whether all of it is there, none or some."""
    live = list(connection.scalars(select(entry.c.value).where(entry.c.live)))
    told = {}
    for name, content in messages.items():
        there = sum(value.startswith(f"{name}-") for value in live)
        sent = content.count(b"<x:leistung>")
        told[name] = {0: "none", sent: "all"}.get(there, "some")
    return told


@dataclass(frozen=True)
class Left:
    """What is left of a process that was killed, and how it is after the next one has started.

    Attributes:
        killed: the catalogue as it was left.
        resumed: the catalogue after a start alone.
        again: the catalogue after the same call came again.
        outcomes: of every run that changed something, state, totals, and what became of each object.
    """

    killed: Any
    resumed: Any
    again: Any
    outcomes: list[Any]


def recover(urls: Urls, scene: str, tell: Pipe) -> None:
    """Look at what is left, start as a hub does, look again, call again, and look at the end."""

    async def work() -> None:
        async with opened(urls) as (catalog, operations):
            killed = await catalog.read(picture)
            await _check_journal(operations)
            batch = SCENES[scene].batch if scene in SCENES else 2
            pipeline = pipeline_over(catalog, operations, at=START + 20_000, batch=batch)
            await resume(pipeline)
            resumed = await catalog.read(picture)
            if scene in SCENES:
                await SCENES[scene].act(pipeline)
            await _check_journal(operations, ended=True)
            again = await catalog.read(picture)
            tell.send(Left(killed, resumed, again, await operations.read(outcomes)))

    asyncio.run(work())


async def resume(pipeline: Pipeline) -> None:
    """Start as a hub does, and wait for what it owes."""
    intake = Intake(pipeline, Tokens())
    await intake.resume()
    while await pipeline.accepted():  # noqa: ASYNC110 - a hub that closes would leave what takes longer
        await asyncio.sleep(0.02)
    await intake.close()


async def _check_journal(operations: Database, *, ended: bool = False) -> None:
    """Whoever has a run has its bytes, as they came; a run that has ended has its outcomes; no turn is held."""
    for source_ in ("hessen", "generous"):
        for run in await operations.read(partial(runs_of, source=source_)):
            told = await operations.read(partial(_digests, run=run.id))
            async with kept_files(operations, run.id) as files:
                assert digests_of(files) == told
            assert told or run.mode == "revert", run
            counted = await operations.read(partial(_counted, run=run.id))
            if run.finished_at is not None:
                assert counted >= sum(run.counts.values()), run
            if ended:
                assert run.state.value in ("finished", "to_confirm"), run
                assert counted == sum(run.counts.values()), run
    if ended:
        holders = await operations.read(lambda c: list(c.scalars(select(sync_lease.c.holder))))
        assert all(own_process().gone(holder.partition("#")[0]) for holder in holders)


def _digests(connection: Connection, run: str) -> list[str]:
    query = select(sync_file.c.sha256).where(sync_file.c.run == run).order_by(sync_file.c.ordinal)
    return list(connection.scalars(query))


def _counted(connection: Connection, run: str) -> int:
    return sum(len(block.objects) for block in blocks_of(connection, run))


def outcomes(connection: Connection) -> list[Any]:
    """Of every run in order of arrival: its state, its totals and each object's end."""
    numbers = connection.scalars(select(sync_run.c.id).order_by(sync_run.c.created_at, sync_run.c.id)).all()
    told = []
    for number in numbers:
        run = run_of(connection, number)
        assert run is not None
        objects = [one for block in blocks_of(connection, number) for one in block.objects]
        ends = sorted((one.kind or "", one.id or "", one.outcome.value, one.rule or "") for one in objects)
        told.append((run.mode, run.state.value, run.counts, ends))
    return told


def changing(told: list[Any]) -> list[Any]:
    """Without the runs that changed nothing: those that came a second time."""
    kinds = (OutcomeKind.ADDED, OutcomeKind.CHANGED, OutcomeKind.GONE)
    return [one for one in told if any(one[2][kind.value] for kind in kinds)]
