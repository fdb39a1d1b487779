"""What a snapshot no longer holds, and the guard against a snapshot that would take too much away (sync.md)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, func, literal, select, update

from catalog_sync.catalog.bulk import fetch_of, insert_new_rows
from catalog_sync.catalog.held import END_OF_MESSAGE
from catalog_sync.catalog.keys import EntryKind
from catalog_sync.catalog.ledger import Ledger
from catalog_sync.catalog.reading import Statement, listed
from catalog_sync.catalog.tables import deletion, entry, source, spared, swept, version
from catalog_sync.journal import Counts
from catalog_sync.pipeline.write import Seen

SHARE = 0.05
FEW = 20
"""A kind of object may shrink by a twentieth, or by twenty objects, without being asked."""

_PAGE = 5000
_NEWER = Statement(
    select(version.c.entry_id).where(
        listed(version.c.entry_id, "numbers"),
        version.c.message_at > bindparam("at"),
        version.c.reverted.is_(False),
    )
)


@dataclass(frozen=True, slots=True)
class Doomed:
    """What a snapshot would delete.

    Attributes:
        numbers: the entries that it does not name. One that a newer message wrote survives, but what older
            messages said of it is deleted all the same.
        counts: of each kind, how many would go and how many there are.
    """

    numbers: tuple[int, ...]
    counts: Mapping[EntryKind, tuple[int, int]]

    @property
    def by_kind(self) -> Counts:
        """The counts as the journal keeps them."""
        return dict(sorted((kind.value, counts) for kind, counts in self.counts.items()))


def doomed_by(connection: Connection, source_id: int, at: int, seen: Seen) -> Doomed:
    """The source's live entries that a snapshot of this time did not name."""
    numbers: list[int] = []
    going: dict[int, int] = {}
    for kind in EntryKind:
        for page in _live(connection, source_id, kind):
            missing = [number for number in page if number not in seen]
            newer = {number for (number,) in fetch_of(connection, _NEWER, "numbers", missing, at=at)}
            numbers += missing
            surviving = _surviving(connection, at, newer)
            going[kind.number] = going.get(kind.number, 0) + len(missing) - len(surviving)
    return Doomed(tuple(sorted(numbers)), _counts(connection, source_id, going))


def _live(connection: Connection, source_id: int, kind: EntryKind) -> Iterator[list[int]]:
    """The source's live entries of a kind, in pages."""
    mine = (entry.c.source_id == source_id) & (entry.c.kind == kind.number) & entry.c.live
    after = 0
    while page := list(
        connection.scalars(
            select(entry.c.id).where(mine, entry.c.id > after).order_by(entry.c.id).limit(_PAGE)
        )
    ):
        yield page
        after = page[-1]


def _surviving(connection: Connection, at: int, numbers: Collection[int]) -> set[int]:
    """Those of which a newer message says something that counts: what a unit left out again does not."""
    if not numbers:
        return set()
    ledger = Ledger(connection)
    ledger.load_numbers(numbers)
    end = (at, END_OF_MESSAGE)
    entries = ledger.by_id.values()
    return {one.id for one in entries if any(held.moment > end and one.counts(held) for held in one.versions)}


def _counts(
    connection: Connection, source_id: int, going: Mapping[int, int]
) -> dict[EntryKind, tuple[int, int]]:
    live = connection.execute(
        select(entry.c.kind, func.count())
        .where(entry.c.source_id == source_id, entry.c.live)
        .group_by(entry.c.kind)
    )
    return {EntryKind.numbered(kind): (going[kind], there) for kind, there in live if going.get(kind)}


NOTHING_TAKEN = "The snapshot holds no object that could be taken: nothing was deleted."
"""An empty delivery is a mistake of its sender, never the wish to have everything deleted."""

INCOMPLETE = "The snapshot is not complete: nothing was deleted."
_WAITS = "Nothing was deleted; the deletions wait to be confirmed. See `verbundhub sync confirm {}`."
_WOULD_WAIT = "This was a dry run: delivered without, its deletions would wait to be confirmed."


def guard(doomed: Doomed, shares: Mapping[str, float], run: str, *, dry_run: bool = False) -> str | None:
    """Sentences where more would go than may go unasked; None where all is well.

    `shares` names the part that may go for a kind, or under ``*`` for all others. A dry run cannot be confirmed.
    """
    over = {
        kind: (going, there)
        for kind, (going, there) in doomed.by_kind.items()
        if going > FEW and going > shares.get(kind, shares.get("*", SHARE)) * there
    }
    if not over:
        return None
    return f"The snapshot would delete {told(over)}. {_WOULD_WAIT if dry_run else _WAITS.format(run)}"


def told(counts: Counts) -> str:
    """Numbers of objects as a phrase."""
    if not counts:
        return "nothing"
    return ", ".join(f"{going} of {there} objects of kind {kind}" for kind, (going, there) in counts.items())


def remember_sweep(connection: Connection, run: str, source_id: int, last: int) -> None:
    """Keep a snapshot's latest message time, so that older messages that come later are judged by it."""
    insert_new_rows(connection, swept, [(run, source_id, last)])
    _say_newest(connection, source_id)


def forget_sweep(connection: Connection, run: str, source_id: int) -> None:
    """Forget a snapshot that is taken back; what older messages brought after it was its delete as well."""
    last = select(swept.c.last_at).where(swept.c.run == run).scalar_subquery()
    at_its_end = (entry.c.deleted_at == last) & (entry.c.deleted_position == END_OF_MESSAGE)
    columns = (entry.c.id, literal(run), entry.c.deleted_at, entry.c.deleted_position, literal(value=False))
    found = connection.execute(select(*columns).where(at_its_end)).all()
    insert_new_rows(connection, deletion, [tuple(row) for row in found])
    connection.execute(delete(swept).where(swept.c.run == run))
    connection.execute(delete(spared).where(spared.c.run == run))
    _say_newest(connection, source_id)


def _say_newest(connection: Connection, source_id: int) -> None:
    newest = select(func.max(swept.c.last_at)).where(swept.c.source_id == source_id).scalar_subquery()
    connection.execute(update(source).where(source.c.id == source_id).values(swept_at=newest))
