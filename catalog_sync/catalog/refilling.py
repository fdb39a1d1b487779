"""What follows from a source's areas: where objects hold that name no area themselves."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, bindparam, select, update

from catalog_sync.catalog.bulk import delete_rows, insert_rows
from catalog_sync.catalog.chronicle import write_changes
from catalog_sync.catalog.held import Entry
from catalog_sync.catalog.keys import AreaKey, EntryKind
from catalog_sync.catalog.ledger import Ledger, hold
from catalog_sync.catalog.linking import named_by
from catalog_sync.catalog.model import ServiceEntry, Specialisation
from catalog_sync.catalog.projection import project
from catalog_sync.catalog.tables import entry, entry_area

_PAGE = 500
_KINDS = (EntryKind.SERVICE_ENTRY.number, EntryKind.SPECIALISATION.number)
_HEAD = update(entry).where(entry.c.id == bindparam("number")).values(head=bindparam("new_head"))


def refill_areas(
    connection: Connection, source: int, areas: tuple[AreaKey, ...], *, who: str, at: int
) -> int:
    """Let a source's objects that name no area hold in these; gives how many they are.

    The feed hears of each, for answers differ where it held before and where it holds now. The caller raises the
    catalogue's position.

    Args:
        connection: a transaction, which becomes the catalogue's only writer.
        source: the source's number.
        areas: where it writes from now on.
        who: stands in the feed for the run.
        at: when, microseconds since 1970, UTC.
    """
    hold(connection)
    number = 0
    for page in _pages(connection, source):
        number += _refill(connection, page, {source: areas}, who, at)
    return number


def _pages(connection: Connection, source: int) -> Iterator[list[int]]:
    mine = select(entry.c.id).where(entry.c.source_id == source, entry.c.live, entry.c.kind.in_(_KINDS))
    after = 0
    while page := list(
        connection.scalars(mine.where(entry.c.id > after).order_by(entry.c.id).limit(_PAGE)).all()
    ):
        yield page
        after = page[-1]


def _refill(
    connection: Connection,
    numbers: Sequence[int],
    areas_of: dict[int, tuple[AreaKey, ...]],
    who: str,
    at: int,
) -> int:
    ledger = Ledger(connection)
    ledger.load_numbers(numbers)
    loaded = list(ledger.by_id.values())
    ledger.fetch_contents(one.winner for one in loaded if one.winner is not None)
    refilled = [one for one in loaded if _projected(one, areas_of)]
    ledger.load(named_by(refilled), versions=False)
    delete_rows(connection, entry_area.c.entry_id, [one.id for one in refilled])
    shown = [(one.id, one.projection) for one in refilled if one.projection is not None]
    insert_rows(connection, entry_area, [(id_, area) for id_, what in shown for area in what.areas])
    if shown:
        connection.execute(_HEAD, [{"number": id_, "new_head": what.head} for id_, what in shown])
    write_changes(ledger, refilled, who, at, areas_of)
    return len(refilled)


def _projected(one: Entry, areas_of: dict[int, tuple[AreaKey, ...]]) -> bool:
    """Work an object out anew, where it names no area."""
    winner = one.winner
    if winner is None or not isinstance(winner.obj, ServiceEntry | Specialisation) or winner.obj.areas:
        return False
    one.projection = project(winner.obj, areas_of[winner.source_id])
    return True
