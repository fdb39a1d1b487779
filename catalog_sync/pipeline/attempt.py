"""One attempt at a run: read, check, compare, write, report. What an earlier one has written stays as it is."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy import Connection

from catalog_sync.journal import Block, Run, RunState
from catalog_sync.pipeline.beside import Readers
from catalog_sync.pipeline.book import Book
from catalog_sync.pipeline.contents import KnownContents
from catalog_sync.pipeline.decide import Origin
from catalog_sync.pipeline.foreseen import NOT_ALL, Foresight, feed_position, foresee, pieces, write_foreseen
from catalog_sync.pipeline.kept import markers_after
from catalog_sync.pipeline.known import known_contents, scope_of
from catalog_sync.pipeline.read import Progress, Reader, Reading
from catalog_sync.pipeline.record import write_end
from catalog_sync.pipeline.spool import Spool
from catalog_sync.pipeline.steps import Ending, Mode, Plan, Steps, Work
from catalog_sync.pipeline.turns import Store, Turn
from catalog_sync.pipeline.write import Reindex, Seen, Writer
from catalog_sync.sources.incoming import Incoming, Sizes
from catalog_sync.sources.registry import Source, areas_of_sources, source_by_key


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every attempt works with.

    Attributes:
        now: microseconds since 1970, UTC.
        recognised_from: bytes of a delivery from which on it pays to know what the hub holds before converting.
    """

    catalog: Store
    operations: Store
    now: Callable[[], int]
    reindex: Reindex
    sizes: Sizes
    recognised_from: int
    readers: Readers


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt at one run, in its source's turn."""

    around: Surroundings
    run: Run
    turn: Turn
    progress: Progress

    async def take(self, files: Sequence[Incoming]) -> None:
        """Take the run's files into the catalogue; its end is in the journal."""
        around, run = self.around, self.run
        source = await around.catalog.read(partial(source_by_key, key=run.source))
        scope = await around.catalog.read(partial(scope_of, source=source))
        large = sum(one.size for one in files) >= around.recognised_from
        known = await known_contents(around.catalog, source) if large else KnownContents()
        reader = Reader(scope, known, run.created_at, around.sizes, self.progress)
        with Spool() as spool:
            if run.dry_run:  # written in one transaction, which waits for nothing
                await self._write(files, source, await around.readers.read(reader, files, spool))
                return
            async with around.readers.read_ahead(reader, files, spool) as reading:
                await self._write(files, source, reading)

    async def _write(self, files: Sequence[Incoming], source: Source, reading: Reading) -> None:
        around, run = self.around, self.run
        if len(reading.refused) == len(files):
            await self.end(Ending(RunState.REFUSED), reading)
            return
        names = [one.name for one in files]
        mode: Mode = "snapshot" if run.mode == "snapshot" else "delta"
        origin = Origin(run.id, source.number, run.created_at, mode == "snapshot", source.swept)
        areas_of = await around.catalog.read(areas_of_sources)
        book = Book(around.operations, run.id)
        plan = Plan(
            writer=Writer(origin, names, areas_of, around.reindex, Seen()),
            reading=reading,
            mode=mode,
            guarded=source.swept,
            shares=source.shares,
            confirmed=run.doomed if run.confirmed else None,
            dry_run=run.dry_run,
            book=book,
            progress=self.progress,
            now=around.now,
        )
        if run.dry_run:
            ending = await self._rehearse(plan.steps())
        else:
            await self.recall(book, plan.recall)
            ending = await self.perform(plan.steps(), book)
        await book.write()
        await self.end(ending, reading, book)

    async def recall(self, book: Book, take: Callable[[int, Block, int | None], None]) -> None:
        """Hand over the batches that earlier attempts have written; their outcomes go to the journal again."""
        batch = -1
        while found := await self.around.catalog.read(partial(markers_after, run=self.run.id, batch=batch)):
            for batch, block, until in found:
                take(batch, block, until)
            if book.full:
                await book.write()

    async def perform(self, steps: Steps, book: Book) -> Ending:
        """Make each step in a transaction of its own."""
        answer: Any = None
        while True:
            step = await asyncio.to_thread(_next_of, steps, answer)  # what it needs may still be read
            if isinstance(step, Ending):
                return step
            await self.turn.check()
            answer = await self.around.catalog.write(step)
            if isinstance(answer, Block) and book.full:
                await book.write()

    async def _rehearse(self, steps: Steps) -> Ending:
        """Make all steps in one transaction that is rolled back: the exact difference, and nothing written."""
        try:
            await self.around.catalog.write(partial(_rehearsed, steps, self.run.id, self.around.sizes))
        except _RolledBackError as rolled_back:
            ending, foresight = rolled_back.ending, rolled_back.foresight
            for some in pieces(foresight.objects):
                await self.around.operations.write(partial(write_foreseen, run=self.run.id, objects=some))
            return ending if foresight.whole else replace(ending, notices=(*ending.notices, NOT_ALL))
        raise AssertionError("a rehearsal always ends by being rolled back")

    async def end(self, ending: Ending, reading: Reading | None = None, book: Book | None = None) -> None:
        """Write how the run ended."""
        work = partial(
            write_end,
            run=self.run.id,
            state=ending.state,
            finished_at=self.around.now(),
            counts={} if book is None else book.totals(),
            refused=() if reading is None else tuple(reading.refused),
            notices=ending.notices,
            doomed=ending.doomed,
        )
        await self.around.operations.write(work)


def _next_of(steps: Steps, answer: object) -> Work | Ending:
    try:
        return steps.send(answer)
    except StopIteration as end:
        ending: Ending = end.value
        return ending


class _RolledBackError(Exception):
    def __init__(self, ending: Ending, foresight: Foresight) -> None:
        super().__init__()
        self.ending = ending
        self.foresight = foresight


def _rehearsed(steps: Steps, run: str, sizes: Sizes, connection: Connection) -> None:
    since = feed_position(connection)
    answer: Any = None
    while True:
        try:
            step = steps.send(answer)
        except StopIteration as end:
            raise _RolledBackError(end.value, foresee(connection, run, since, sizes)) from None
        answer = step(connection)
