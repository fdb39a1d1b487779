"""The transactions of a run, one after the other, as functions over a connection.

A generator yields each and is sent its answer, so that one and the same order of work is run in many transactions, or,
for a dry run, in one that is rolled back.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any, Literal

from sqlalchemy import Connection, update

from catalog_sync.catalog.tables import source
from catalog_sync.journal import Block, OutcomeKind, RunState
from catalog_sync.pipeline.book import Book
from catalog_sync.pipeline.read import Progress, Reading
from catalog_sync.pipeline.settle import may_settle, settle_batch
from catalog_sync.pipeline.sweep import doomed_by, guard, remember_sweep
from catalog_sync.pipeline.write import Writer

Mode = Literal["delta", "snapshot"]
Work = Callable[[Connection], Any]
Steps = Generator[Work, Any, "Ending"]

BATCH = 500


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended."""

    state: RunState
    notices: tuple[str, ...] = ()


@dataclass(slots=True)
class Plan:
    """The transactions of one run.

    Attributes:
        guarded: whether a snapshot that would delete much has to be confirmed; the first one of a source need not.
        now: when the run ends, microseconds since 1970, UTC.
    """

    writer: Writer
    reading: Reading
    mode: Mode
    guarded: bool
    book: Book
    progress: Progress
    now: Callable[[], int]
    _next: int = 0
    _referring: set[int] = field(default_factory=set)
    _waiting: set[int] = field(default_factory=set)
    _deleted: bool = False

    def steps(self) -> Steps:
        """All transactions of the run, in order."""
        done = 0
        for items in self.reading.spool.batches(BATCH):
            yield from self._batch(partial(self.writer.write, items=items))
            done += len(items)
            self.progress("write", done, self.reading.items)
        ending = yield from self._sweep()
        for batch in sorted(self._referring if self._deleted else self._waiting):
            settled = yield partial(settle_batch, run=self.writer.origin.run, batch=batch)
            self.book.add(batch, settled)
        yield self._close
        return ending

    def _batch(self, work: Callable[..., Block]) -> Generator[Work, Block, None]:
        block = yield partial(work, batch=self._next)
        self.book.add(self._next, block)
        self._deleted = self._deleted or any(one.outcome is OutcomeKind.GONE for one in block.objects)
        if may_settle(block, deletions=True):
            self._referring.add(self._next)
        if may_settle(block, deletions=False):
            self._waiting.add(self._next)
        self._next += 1

    def _sweep(self) -> Steps:
        last = self.reading.last
        if self.mode == "delta" or last is None:
            return Ending(RunState.FINISHED)
        if self.reading.refused:
            return Ending(RunState.FINISHED, ("The snapshot is not complete: nothing was deleted.",))
        origin = self.writer.origin
        doomed = yield partial(doomed_by, source_id=origin.source_id, at=last, seen=self.writer.seen)
        sentence = guard(doomed) if self.guarded else None
        if sentence is not None:
            notice = f"{sentence} See `verbundhub sync confirm {origin.run}`."
            return Ending(RunState.TO_CONFIRM, (notice,))
        numbers = iter(doomed.numbers)
        for some in _pieces(numbers):
            yield from self._batch(partial(self.writer.sweep, numbers=some, at=last))
        first = self.reading.first or last
        yield partial(remember_sweep, source_id=origin.source_id, first=first, last=last)
        return Ending(RunState.FINISHED)

    def _close(self, connection: Connection) -> None:
        origin = self.writer.origin
        connection.execute(
            update(source)
            .where(source.c.id == origin.source_id)
            .values(last_run=origin.run, fresh_at=self.now())
        )


def _pieces(numbers: Iterator[int]) -> Iterator[list[int]]:
    while some := list(islice(numbers, BATCH)):
        yield some
