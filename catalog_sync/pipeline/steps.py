"""The transactions of a run, one after the other, as functions over a connection.

A generator yields each and is sent its answer, so that one and the same order of work is run in many transactions, or,
for a dry run, in one that is rolled back.
"""

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any, Literal

from sqlalchemy import Connection, update

from catalog_sync.catalog.steady import make_steady
from catalog_sync.catalog.tables import source
from catalog_sync.journal import Block, Counts, OutcomeKind, RunState
from catalog_sync.pipeline.book import Book
from catalog_sync.pipeline.read import Progress, Reading
from catalog_sync.pipeline.settle import may_settle, settle_batch
from catalog_sync.pipeline.sweep import (
    INCOMPLETE,
    NOTHING_TAKEN,
    Doomed,
    doomed_by,
    guard,
    remember_sweep,
    told,
)
from catalog_sync.pipeline.write import Writer
from catalog_sync.xzufi.delivered import READER_VERSION

Mode = Literal["delta", "snapshot"]
Work = Callable[[Connection], Any]
Steps = Generator[Work, Any, "Ending"]

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended; `doomed` is what a run that waits to be confirmed would delete."""

    state: RunState
    notices: tuple[str, ...] = ()
    doomed: Counts | None = None


@dataclass(slots=True)
class Plan:
    """The transactions of one run.

    Attributes:
        guarded: whether a snapshot that would delete much has to be confirmed; the first one of a source need not.
        shares: how much of each kind it may delete unasked.
        confirmed: what may go, where somebody has seen it and said yes.
        dry_run: whether nothing of it stays.
        now: when the run ends, microseconds since 1970, UTC.
    """

    writer: Writer
    reading: Reading
    mode: Mode
    guarded: bool
    shares: Mapping[str, float]
    confirmed: Counts | None
    dry_run: bool
    book: Book
    progress: Progress
    now: Callable[[], int]
    _next: int = 0
    _referring: set[int] = field(default_factory=set)
    _waiting: set[int] = field(default_factory=set)
    _deleted: bool = False
    _until: int = 0
    _sweeping: bool = False

    def recall(self, batch: int, block: Block, until: int | None) -> None:
        """Take what an earlier attempt has written, by its marker."""
        self._took(batch, block)
        self._until = self._until if until is None else until
        self._sweeping = self._sweeping or until is None

    def steps(self) -> Steps:
        """All transactions of the run that were not made yet, in order."""
        done = 0
        spool = self.reading.spool
        if self.mode == "snapshot" and self._until:
            for items, _ in spool.batches(BATCH, until=self._until):
                yield partial(self.writer.look, items=items)
        for items, until in spool.batches(BATCH, after=self._until):
            yield from self._batch(partial(self.writer.write, items=items, until=until))
            done += len(items)
            self.progress("write", done, max(done, self.reading.items))
        ending = yield from self._sweep()
        for batch in sorted(self._referring if self._deleted else self._waiting):
            settled = yield partial(settle_batch, run=self.writer.origin.run, batch=batch)
            self.book.add(batch, settled)
        yield partial(self._close, ending=ending)
        return ending

    def _batch(self, work: Callable[..., Block]) -> Generator[Work, Block, None]:
        block = yield partial(work, batch=self._next)
        self._took(self._next, block)

    def _took(self, batch: int, block: Block) -> None:
        self.book.add(batch, block)
        self._deleted = self._deleted or any(one.outcome is OutcomeKind.GONE for one in block.objects)
        if may_settle(block, deletions=True):
            self._referring.add(batch)
        if may_settle(block, deletions=False):
            self._waiting.add(batch)
        self._next = batch + 1

    def _sweep(self) -> Steps:
        last = self.reading.last
        if self.mode == "delta" or last is None:
            return Ending(RunState.FINISHED)
        if self.reading.refused or not self.reading.objects:
            return Ending(RunState.FINISHED, (INCOMPLETE if self.reading.refused else NOTHING_TAKEN,))
        origin = self.writer.origin
        doomed = yield partial(doomed_by, source_id=origin.source_id, at=last, seen=self.writer.seen)
        if (sentence := self._objection(doomed)) is not None:
            return Ending(RunState.TO_CONFIRM, (sentence,), doomed.by_kind)
        numbers = iter(doomed.numbers)
        for some in _pieces(numbers):
            yield from self._batch(partial(self.writer.sweep, numbers=some, at=last))
        yield partial(remember_sweep, run=origin.run, source_id=origin.source_id, last=last)
        return Ending(RunState.FINISHED)

    def _objection(self, doomed: Doomed) -> str | None:
        """Why nothing may be deleted now; a sweep that has begun is brought to its end."""
        if self._sweeping:
            return None
        run = self.writer.origin.run
        if self.confirmed is None:
            return guard(doomed, self.shares, run, dry_run=self.dry_run) if self.guarded else None
        if doomed.by_kind == self.confirmed:
            return None
        return (
            f"The snapshot would now delete {told(doomed.by_kind)}, and no longer {told(self.confirmed)}: other "
            f"runs came between. Nothing was deleted; `verbundhub sync confirm {run}` again if that is right."
        )

    def _close(self, connection: Connection, ending: Ending) -> None:
        """Say which run was the last; the source is as fresh as the newest that was taken in whole."""
        origin = self.writer.origin
        steady = self.book.steady and ending == Ending(RunState.FINISHED) and not self.reading.refused
        make_steady(connection, origin.source_id, origin.run if steady else None, READER_VERSION.decode())
        fresh = {} if self.reading.refused else {"fresh_at": self.now()}
        connection.execute(
            update(source).where(source.c.id == origin.source_id).values(last_run=origin.run, **fresh)
        )


def _pieces(numbers: Iterator[int]) -> Iterator[list[int]]:
    while some := list(islice(numbers, BATCH)):
        yield some
