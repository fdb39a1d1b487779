"""Bringing back what a run changed: a run of its own, with its own outcomes, of which feed, search and history hear."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection, exists, insert, or_, select

from catalog_sync.catalog.held import Entry
from catalog_sync.catalog.keys import AreaKey, EntryKind
from catalog_sync.catalog.ledger import Ledger, hold
from catalog_sync.catalog.projection import Identity, identity_of
from catalog_sync.catalog.steady import make_steady
from catalog_sync.catalog.tables import deletion, sync_batch
from catalog_sync.catalog.writing import write_ledger
from catalog_sync.errors import CatalogError
from catalog_sync.journal import Block, Outcome, OutcomeKind, Run, RunState, pack_block, run_of, unpack_block
from catalog_sync.operations import sync_run
from catalog_sync.pipeline.attempt import Attempt
from catalog_sync.pipeline.book import Book
from catalog_sync.pipeline.kept import UNFINISHED
from catalog_sync.pipeline.record import write_run, write_state
from catalog_sync.pipeline.steps import Ending, Steps
from catalog_sync.pipeline.sweep import forget_sweep
from catalog_sync.pipeline.undo import Undo
from catalog_sync.pipeline.write import Reindex
from catalog_sync.sources.registry import areas_of_sources, source_by_key

_TOGETHER = 500
_REASON = "Run {} was reverted."
_SAID_AGAIN = "The same bytes came with run {} too, which stands: nothing changed."


class NotReverted(CatalogError):  # noqa: N818 - the wire's word
    """A run that cannot be taken back."""

    code = "NOT_REVERTED"


def open_revert(connection: Connection, run: str, new: Run) -> Run:
    """Open the run that takes another back, or find the one that has begun with it.

    Raises:
        NotReverted: where there is nothing to take back.
    """
    connection.execute(select(sync_run.c.id).where(sync_run.c.id == run).with_for_update())  # see retention
    query = select(sync_run.c.id).where(sync_run.c.reverts == run)
    before = None if (id_ := connection.scalar(query)) is None else run_of(connection, id_)
    if before is not None and before.state in UNFINISHED:
        return before
    if before is not None:
        raise NotReverted(f"Run {run} was reverted by {before.id} already.")
    found = run_of(connection, run)
    if found is None or (objection := _objection(found)) is not None:
        raise NotReverted(f"There is no run {run}." if found is None else f"Run {run} {objection}")
    write_run(connection, new)
    write_state(connection, new.id, RunState.RECEIVED)
    return new


def _objection(run: Run) -> str | None:
    if run.reverts is not None:
        return f"is itself a revert, of {run.reverts}. To have that again, deliver it again."
    if run.dry_run or run.state is RunState.REFUSED:
        return "changed nothing: there is nothing to bring back."
    if not run.kept:
        return "is too old: what is needed to bring back what it changed is not kept any more. Deliver what is to hold."
    if run.state in (RunState.RECEIVING, RunState.RECEIVED, RunState.WORKING):
        return "has not come to its end; revert it then."
    return None


async def revert(attempt: Attempt, run: str) -> None:
    """Take a run back, as the attempt at a run of its own.

    What was said in bytes that came several times (`pipeline.repeat`) counts for as long as one of these runs stands.
    """
    around = attempt.around
    taken = await around.operations.read(partial(run_of, run=run))
    label = run if taken is None else taken.same_as or run
    if (other := await around.operations.read(partial(_standing, run=run, label=label))) is not None:
        await attempt.end(Ending(RunState.FINISHED, (_SAID_AGAIN.format(other),)))
        return
    source = await around.catalog.read(partial(source_by_key, key=attempt.run.source))
    areas_of = await around.catalog.read(areas_of_sources)
    book = Book(around.operations, attempt.run.id)
    plan = _Plan(label, run, attempt.run, source.number, areas_of, around.reindex, book)
    await attempt.recall(book, plan.recall)
    ending = await attempt.perform(plan.steps(), book)
    await book.write()
    await attempt.end(ending, None, book)


def _standing(connection: Connection, run: str, label: str) -> str | None:
    """Another run that said the same and was not taken back; the newest."""
    by = sync_run.alias("by")
    taken_back = exists().where(by.c.reverts == sync_run.c.id, by.c.state == RunState.FINISHED.value)
    said = or_(sync_run.c.id == label, sync_run.c.same_as == label) & (sync_run.c.id != run)
    query = select(sync_run.c.id).where(said, ~taken_back).order_by(sync_run.c.created_at.desc()).limit(1)
    other: str | None = connection.scalar(query)
    return other


@dataclass(slots=True)
class _Plan:
    """The transactions of a revert: one for each batch of the run, and for what it deleted without an outcome.

    Attributes:
        label: under which the catalogue knows what the run said.
    """

    label: str
    reverted: str
    run: Run
    source_id: int
    areas_of: Mapping[int, tuple[AreaKey, ...]]
    reindex: Reindex
    book: Book
    _next: int = 0

    def recall(self, batch: int, block: Block, until: int | None) -> None:
        """Take what an earlier attempt has done."""
        self.book.add(batch, block)
        self._next = batch + 1

    def steps(self) -> Steps:
        """All transactions that were not made yet, in order."""
        yield self._begin
        while (block := (yield partial(self._batch, batch=self._next))) is not None:
            self.book.add(self._next, block)
            self._next += 1
        return Ending(RunState.FINISHED)

    def _begin(self, connection: Connection) -> None:
        make_steady(connection, self.source_id, None, None)
        forget_sweep(connection, self.label, self.source_id)

    def _batch(self, connection: Connection, batch: int) -> Block | None:
        hold(connection)
        marker = (sync_batch.c.run == self.label) & (sync_batch.c.batch == batch)
        packed = connection.scalar(select(sync_batch.c.outcomes).where(marker))
        identities = [] if packed is None else _identities(unpack_block(packed))
        numbers = self._left(connection) if packed is None else []
        if packed is None and not numbers:
            return None
        ledger = Ledger(connection)
        undo = Undo(connection, self.label, ledger)
        undo.undo(identities, numbers)
        written = write_ledger(ledger, self.run.id, self.run.created_at, self.areas_of)
        if written.leika_keys:
            self.reindex(connection, written.leika_keys)
        block = Block(tuple(self._outcome(one) for one in undo.touched if one.changed))
        row = {"run": self.run.id, "batch": batch, "outcomes": pack_block(block)}
        connection.execute(insert(sync_batch), row)
        return block

    def _left(self, connection: Connection) -> list[int]:
        """Objects that the run deleted although a newer message had written them."""
        mine = (deletion.c.run == self.label) & deletion.c.reverted.is_(False)
        query = select(deletion.c.entry_id).where(mine).distinct().order_by(deletion.c.entry_id)
        return list(connection.scalars(query.limit(_TOGETHER)))

    def _outcome(self, one: Entry) -> Outcome:
        _, agency, value = one.identity
        kind = OutcomeKind.GONE
        if one.live:
            kind = OutcomeKind.CHANGED if one.was_live else OutcomeKind.ADDED
        return Outcome(one.kind.value, agency, value, kind, _REASON.format(self.reverted))


def _identities(block: Block) -> list[Identity]:
    return [
        identity_of(EntryKind(one.kind), one.agency, one.id)
        for one in block.objects
        if one.outcome is not OutcomeKind.REJECTED
        and one.kind is not None
        and one.agency is not None
        and one.id is not None
    ]
