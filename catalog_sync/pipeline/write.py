"""One batch is one transaction: the catalogue before it or after it, and the marker of what became of each object."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, insert

from catalog_sync.catalog.bulk import insert_new_rows
from catalog_sync.catalog.held import END_OF_MESSAGE, Entry
from catalog_sync.catalog.keys import AreaKey
from catalog_sync.catalog.ledger import Ledger, hold
from catalog_sync.catalog.linking import missing_of
from catalog_sync.catalog.tables import spared, sync_batch
from catalog_sync.catalog.writing import write_ledger
from catalog_sync.journal import Block, Outcome, OutcomeKind, pack_block
from catalog_sync.pipeline.compare import Verdict, delete
from catalog_sync.pipeline.decide import Decided, Decision, Origin
from catalog_sync.pipeline.items import Ended, Item, Noted
from catalog_sync.pipeline.standing import Standing

Reindex = Callable[[Connection, Collection[str]], None]
"""Brings the search's index up to date for these service keys, in the batch's transaction."""

_WENT = Verdict(OutcomeKind.GONE, "The snapshot does not hold it any more.")
_MEND = "Deliver what it names; it is linked when that comes."


def no_reindex(connection: Connection, leika_keys: Collection[str]) -> None:
    """For catalogues without a search."""


class Seen:
    """The entries that a delivery named, a bit each."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def add(self, number: int) -> None:
        """Remember an entry."""
        if (byte := number >> 3) >= len(self._bits):
            self._bits.extend(bytes(byte + 4096 - len(self._bits)))
        self._bits[byte] |= 1 << (number & 7)

    def __contains__(self, number: int) -> bool:
        return (byte := number >> 3) < len(self._bits) and bool(self._bits[byte] & 1 << (number & 7))


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the batches of one run.

    Attributes:
        files: names of the delivery's files, by number.
        areas_of: where each source writes, by its number.
        seen: filled with the entries that the delivery named.
    """

    origin: Origin
    files: Sequence[str]
    areas_of: Mapping[int, tuple[AreaKey, ...]]
    reindex: Reindex
    seen: Seen

    def write(self, connection: Connection, batch: int, items: Sequence[Item], until: int) -> Block:
        """Take a batch of items, the last from the element of this number."""
        hold(connection)
        ledger = Ledger(connection)
        decision = Decision(ledger, self.origin, Standing(connection, items))
        decision.decide(items)
        self._see(decision)
        self._write(connection, ledger)
        decision.standing.write(self.origin.run)
        if self.origin.snapshot:
            rows = {(one.id, self.origin.run) for one in decision.spared}
            insert_new_rows(connection, spared, sorted(rows))
        waiting = _missing(connection, [one for some in decision.decided.values() for one in some])
        notices = tuple(item.notice for item in items if isinstance(item, Noted))
        block = Block(tuple(self._outcomes(decision, items, waiting)), notices)
        self._mark(connection, batch, block, until)
        return block

    def look(self, connection: Connection, items: Sequence[Item]) -> None:
        """Only see which entries the items of a batch name that was written before."""
        ledger = Ledger(connection)
        decision = Decision(ledger, self.origin, Standing(connection, items))
        decision.decide(items)
        self._see(decision)

    def sweep(self, connection: Connection, batch: int, numbers: Collection[int], at: int) -> Block:
        """Delete entries that a snapshot of this time does not hold."""
        hold(connection)
        ledger = Ledger(connection)
        ledger.load_numbers(numbers)
        gone = [
            entry
            for entry in list(ledger.by_id.values())
            if delete(entry, (at, END_OF_MESSAGE)).outcome is OutcomeKind.GONE
        ]
        self._write(connection, ledger)
        block = Block(tuple(_outcome(entry, _WENT) for entry in gone))
        self._mark(connection, batch, block, None)
        return block

    def _see(self, decision: Decision) -> None:
        for number in decision.standing.numbers:
            self.seen.add(number)
        for one in (*decision.held, *decision.spared):
            self.seen.add(one.id)

    def _write(self, connection: Connection, ledger: Ledger) -> None:
        written = write_ledger(ledger, self.origin.run, self.origin.received_at, self.areas_of)
        if written.leika_keys:
            self.reindex(connection, written.leika_keys)

    def _outcomes(
        self, decision: Decision, items: Sequence[Item], waiting: Mapping[int, Sequence[str]]
    ) -> Iterator[Outcome]:
        for number, item in enumerate(items):
            if isinstance(item, Ended):
                yield item.outcome
            yield from decision.standing.outcomes(number, self.files)
            for one in decision.decided.get(number, ()):
                told = _outcome(one.entry, one.verdict, (self.files[one.place.file], one.place.line))
                missing = waiting.get(one.entry.id)
                if missing is None or told.outcome is OutcomeKind.GONE:
                    yield told
                else:
                    yield waiting_outcome(told, missing)

    def _mark(self, connection: Connection, batch: int, block: Block, until: int | None) -> None:
        """Say what is done; a batch of the same number, of the run's other attempt, would be refused here."""
        marker = {"run": self.origin.run, "batch": batch, "outcomes": pack_block(block), "until": until}
        connection.execute(insert(sync_batch), marker)


def _missing(connection: Connection, decided: Sequence[Decided]) -> dict[int, list[str]]:
    return missing_of(connection, {one.entry.id for one in decided if one.entry.waiting})


def _outcome(entry: Entry, verdict: Verdict, where: tuple[str | None, int | None] = (None, None)) -> Outcome:
    _, agency, value = entry.identity
    file, line = where
    return Outcome(entry.kind.value, agency, value, verdict.outcome, verdict.reason, file, line)


def waiting_outcome(told: Outcome, missing: Sequence[str]) -> Outcome:
    """How an object ends that is stored, but names what is not there."""
    verb = "are" if len(missing) > 1 else "is"
    return msgspec.structs.replace(
        told,
        outcome=OutcomeKind.WAITING,
        reason=f"It names {' and '.join(missing)}, which {verb} not there.",
        rule="missing-reference",
        remedy=_MEND,
        stored_as=told.outcome,
    )
