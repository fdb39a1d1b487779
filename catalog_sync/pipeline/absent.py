"""What a source's snapshots did not hold: it counts as deleted by them, also where it comes only after them."""

from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import Connection, bindparam, select

from catalog_sync.catalog.held import END_OF_MESSAGE, Entry, Moment
from catalog_sync.catalog.ledger import rows_of
from catalog_sync.catalog.reading import listed
from catalog_sync.catalog.tables import holding, spared, swept, version

_SNAPSHOTS = select(swept.c.run, swept.c.last_at).order_by(swept.c.last_at.desc(), swept.c.run)
_HELD = (
    select(version.c.entry_id)
    .join(holding, holding.c.version_id == version.c.id)
    .where(listed(version.c.entry_id, "numbers"), holding.c.run == bindparam("run"))
)
_SPARED = select(spared.c.entry_id).where(
    listed(spared.c.entry_id, "numbers"), spared.c.run == bindparam("run")
)
_PAGE = 20


def absent_from(connection: Connection, source_id: int, entries: Iterable[Entry]) -> dict[int, Moment]:
    """Of each entry that a snapshot of the source did not hold, the newest such snapshot's delete, where that counts.

    A snapshot holds what it writes, also where that does not win, and what it names though it was rejected; what it
    only deletes it does not hold.
    """
    found: dict[int, Moment] = {}
    left = {one.id: one for one in entries}
    for run, at in _snapshots(connection, source_id):
        moment = (at, END_OF_MESSAGE)
        left = {number: one for number, one in left.items() if one.deleted is None or one.deleted < moment}
        if not left:
            break
        named = _named(connection, run, [number for number, one in left.items() if not one.new])
        found |= {number: moment for number in left if number not in named}
        left = {number: left[number] for number in left if number in named}
    return found


def _snapshots(connection: Connection, source_id: int) -> Iterator[tuple[str, int]]:
    """The source's snapshots and their latest message times, the newest first."""
    query, read = _SNAPSHOTS.where(swept.c.source_id == source_id), 0
    while rows := connection.execute(query.limit(_PAGE).offset(read)).all():
        read += len(rows)
        yield from ((row.run, row.last_at) for row in rows)


def _named(connection: Connection, run: str, numbers: Collection[int]) -> set[int]:
    return {
        row.entry_id
        for query in (_HELD, _SPARED)
        for row in rows_of(connection, query, "numbers", numbers, run=run)
    }
