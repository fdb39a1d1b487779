"""A run from its bytes to its report: fetch, read, check, compare, write, report, under the source's turn."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection

from catalog_sync.journal import Block, Run, RunState
from catalog_sync.pipeline.book import Book
from catalog_sync.pipeline.decide import Origin
from catalog_sync.pipeline.keep import Keeper
from catalog_sync.pipeline.known import known_contents, scope_of
from catalog_sync.pipeline.read import KnownContents, Progress, Reader, Reading
from catalog_sync.pipeline.record import write_end, write_state
from catalog_sync.pipeline.report import Json, report
from catalog_sync.pipeline.spool import Spool
from catalog_sync.pipeline.steps import Ending, Mode, Plan, Steps
from catalog_sync.pipeline.turns import Store, Turns
from catalog_sync.pipeline.write import Reindex, Seen, Writer, no_reindex
from catalog_sync.sources.incoming import Incoming, Sizes
from catalog_sync.sources.registry import Source, areas_of_sources, source_by_key

_MICROSECONDS = 1_000_000
_RECOGNISED_FROM = 1024 * 1024
"""Bytes of a delivery from which on it pays to know what the hub holds, before anything is converted."""


def silent(step: str, done: int, total: int) -> None:
    """No progress bar."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """An accepted delivery: its bytes are kept, its run has an address."""

    run: Run
    files: Sequence[Incoming]


class Pipeline:
    """Takes deliveries into the catalogue.

    Args:
        clock: seconds since 1970, UTC.
        random: that many random bytes.
        reindex: brings the search's index up to date in each batch's transaction.
        recognised_from: bytes from which on a delivery's known elements are recognised before they are converted.
    """

    def __init__(
        self,
        catalog: Store,
        operations: Store,
        *,
        clock: Callable[[], float],
        random: Callable[[int], bytes],
        reindex: Reindex = no_reindex,
        sizes: Sizes | None = None,
        recognised_from: int = _RECOGNISED_FROM,
    ) -> None:
        self.catalog, self.operations = catalog, operations
        self.sizes = sizes or Sizes()
        self._clock, self._random, self._reindex = clock, random, reindex
        self._recognised_from = recognised_from
        self._turns = Turns(operations, clock)

    async def accept(
        self, source: str, files: Sequence[Incoming], *, mode: Mode = "delta", dry_run: bool = False
    ) -> Delivery:
        """Keep a delivery's bytes and open its run, before anything else.

        Raises:
            UnknownSource: where there is no such source.
        """
        await self.catalog.read(partial(source_by_key, key=source))
        now = self._now()
        counts: dict[str, int] = {}
        run = Run(self._run_id(now), source, mode, dry_run, RunState.RECEIVING, now, None, counts)
        await Keeper(self.operations).keep(run, files)
        return Delivery(run, files)

    async def work(self, delivery: Delivery, progress: Progress = silent) -> None:
        """Take an accepted delivery into the catalogue, when it is its turn; its end is in the journal."""
        run = delivery.run
        async with self._turns.turn(run.source, run.id):
            await self.operations.write(partial(write_state, run=run.id, state=RunState.WORKING))
            try:
                await self._read_and_write(delivery, progress)
            except BaseException:
                await self._end(run, Ending(RunState.FAILED, ("The hub failed at this run; see its log.",)))
                raise

    async def report(self, run: str) -> Json:
        """A run's report.

        Raises:
            LookupError: where there is no such run.
        """
        told = await self.operations.read(partial(report, run=run))
        if told is None:
            raise LookupError(run)
        return told

    async def deliver(
        self,
        source: str,
        files: Sequence[Incoming],
        *,
        mode: Mode = "delta",
        dry_run: bool = False,
        progress: Progress = silent,
    ) -> Json:
        """Accept and work at once; gives the report."""
        delivery = await self.accept(source, files, mode=mode, dry_run=dry_run)
        await self.work(delivery, progress)
        return await self.report(delivery.run.id)

    def _now(self) -> int:
        return int(self._clock() * _MICROSECONDS)

    def _run_id(self, now: int) -> str:
        at = datetime.fromtimestamp(now / _MICROSECONDS, UTC)
        return f"{at:%Y%m%dT%H%M%SZ}-{self._random(6).hex()}"

    async def _read_and_write(self, delivery: Delivery, progress: Progress) -> None:
        run, files = delivery.run, delivery.files
        source = await self.catalog.read(partial(source_by_key, key=run.source))
        scope = await self.catalog.read(partial(scope_of, source=source))
        large = sum(one.size for one in files) >= self._recognised_from
        known = await known_contents(self.catalog, source) if large else KnownContents(())
        reader = Reader(scope, known, run.created_at, self.sizes, progress)
        with Spool() as spool:
            reading = await asyncio.to_thread(reader.read, files, spool)
            if len(reading.refused) == len(files):
                await self._end(run, Ending(RunState.REFUSED), reading)
                return
            await self._write(delivery, source, reading, progress)

    async def _write(self, delivery: Delivery, source: Source, reading: Reading, progress: Progress) -> None:
        run = delivery.run
        areas_of = await self.catalog.read(areas_of_sources)
        origin = Origin(run.id, source.number, run.created_at, source.swept)
        names = [one.name for one in delivery.files]
        writer = Writer(origin, names, areas_of, self._reindex, Seen())
        book = Book(self.operations, run.id)
        guarded = source.swept is not None
        mode: Mode = "snapshot" if run.mode == "snapshot" else "delta"
        steps = Plan(writer, reading, mode, guarded, book, progress, self._now).steps()
        ending = await (self._rehearse(steps) if run.dry_run else self._perform(steps, run, book))
        await book.write()
        await self._end(run, ending, reading, book)

    async def _perform(self, steps: Steps, run: Run, book: Book) -> Ending:
        """Each step in a transaction of its own."""
        answer: Any = None
        while True:
            try:
                step = steps.send(answer)
            except StopIteration as end:
                ending: Ending = end.value
                return ending
            await self._turns.check(run.source, run.id)
            answer = await self.catalog.write(step)
            if isinstance(answer, Block) and book.full:
                await book.write()

    async def _rehearse(self, steps: Steps) -> Ending:
        """All steps in one transaction that is rolled back: the exact difference, and nothing written."""
        try:
            await self.catalog.write(partial(_rehearsed, steps))
        except _RolledBackError as rolled_back:
            return rolled_back.ending
        raise AssertionError("a rehearsal always ends by being rolled back")

    async def _end(
        self, run: Run, ending: Ending, reading: Reading | None = None, book: Book | None = None
    ) -> None:
        work = partial(
            write_end,
            run=run.id,
            state=ending.state,
            finished_at=self._now(),
            counts={} if book is None else book.totals(),
            refused=() if reading is None else tuple(reading.refused),
            notices=ending.notices,
        )
        await self.operations.write(work)


class _RolledBackError(Exception):
    def __init__(self, ending: Ending) -> None:
        super().__init__()
        self.ending = ending


def _rehearsed(steps: Steps, connection: Connection) -> None:
    answer: Any = None
    while True:
        try:
            step = steps.send(answer)
        except StopIteration as end:
            raise _RolledBackError(end.value) from None
        answer = step(connection)
