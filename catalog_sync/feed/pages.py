"""Pages of the feed of changes, as others read it."""

from collections.abc import Collection, Sequence

import orjson
from msgspec import Struct
from sqlalchemy import BigInteger, bindparam, func, select

from catalog_sync.catalog.chronicle import Action
from catalog_sync.catalog.keys import AreaKey, EntryId, EntryKind, key_of
from catalog_sync.catalog.payload import unpack
from catalog_sync.catalog.reading import Row, Snapshot, Statement, listed
from catalog_sync.catalog.tables import change, entry, state, version
from catalog_sync.feed.concerning import concerns_area, numbers_of_services
from catalog_sync.feed.cursors import START, Cursor, CursorGone

MAX_PAGE = 1000
_SCANNED = 5000
"""Rows that one page looks at: where an area has few of them, a reader comes again with the cursor moved on."""

_STEP = 1000


class Item(Struct, frozen=True):
    """One change.

    Attributes:
        position: counted from 1 without a gap; `cursor` stands for it on the wire.
        number: the entry's, in the tables.
        label: the office's own name of the version; None where it gave none, and where the object is gone.
        content_hash: names the version's content; empty where the object is gone.
        changed_at: when the office changed it, where it says so; microseconds since 1970, UTC, like all times here.
        received_at: when that version came here first.
        at: when it began to answer here, or ceased to.
        areas: where an answer may differ.
    """

    cursor: Cursor
    number: int
    entry_id: EntryId
    action: Action
    label: str | None
    content_hash: str
    changed_at: int | None
    received_at: int | None
    at: int
    areas: tuple[AreaKey, ...]

    @property
    def position(self) -> int:
        """Its place in the feed."""
        return self.cursor.position


class Page(Struct, frozen=True):
    """Changes behind a cursor, where to go on, and whether there is more already."""

    items: tuple[Item, ...]
    cursor: Cursor
    more: bool


NEWEST = Statement(select(state.c.epoch, state.c.feed))
_earlier, _before = change.alias("earlier"), change.alias("before")
_last_position = (
    select(func.max(_earlier.c.pos))
    .where(_earlier.c.entry_id == change.c.entry_id, _earlier.c.pos < change.c.pos)
    .correlate(change)
    .scalar_subquery()
)
_areas_before = (
    select(_before.c.areas).where(_before.c.pos == _last_position).correlate(change).scalar_subquery()
)
"""Where the object was before: whoever follows an area that it has left must hear of that."""

_ROWS = Statement(
    select(
        change.c.pos,
        change.c.entry_id,
        change.c.action,
        change.c.at,
        change.c.areas,
        entry.c.kind,
        entry.c.agency,
        entry.c.value,
        version.c.id,
        version.c.content_hash,
        version.c.changed_at,
        version.c.received_at,
        _areas_before,
    )
    .join(entry, entry.c.id == change.c.entry_id)
    .outerjoin(version, version.c.id == change.c.version_id)
    .where(
        change.c.pos > bindparam("after", type_=BigInteger()),
        change.c.pos <= bindparam("last", type_=BigInteger()),
    )
    .order_by(change.c.pos)
)
_LABELS = Statement(select(version.c.id, version.c.payload).where(listed(version.c.id, "numbers")))


async def newest(snapshot: Snapshot) -> Cursor:
    """Where the feed ends now."""
    rows = await snapshot.rows(NEWEST)
    return Cursor(rows[0][0], rows[0][1]) if rows else START


async def read_page(
    snapshot: Snapshot,
    after: Cursor = START,
    *,
    area: AreaKey | None = None,
    services: Collection[str] | None = None,
    limit: int = MAX_PAGE,
) -> Page:
    """The changes behind a cursor, at most `limit`, in order.

    Args:
        snapshot: the moment at which the feed is read.
        after: up to where the reader has come.
        area: only what concerns this area: it, what contains it and what lies in it.
        services: only what concerns services with these keys: their descriptions, rules and who is named in rules.
        limit: most items.

    Raises:
        CursorGone: when the cursor belongs to another catalogue, or to a later state than this one ever had.
    """
    end = await newest(snapshot)
    _check(after, end)
    found: list[Row] = []
    at, stop = after.position, min(end.position, after.position + _SCANNED)
    while at < stop and len(found) < limit:
        last = min(stop, at + min(_STEP, max(limit, 1)))
        rows = [
            row for row in await snapshot.rows(_ROWS, after=at, last=last) if concerns_area(_areas(row), area)
        ]
        if services is not None:
            concerned = await numbers_of_services(snapshot, {row[1] for row in rows}, services)
            rows = [row for row in rows if row[1] in concerned]
        if len(found) + len(rows) > limit:
            rows = rows[: limit - len(found)]
            last = rows[-1][0]
        found, at = found + rows, last
    items = await _items(snapshot, found, end.epoch)
    return Page(tuple(items), Cursor(end.epoch, at), at < end.position)


def _check(after: Cursor, end: Cursor) -> None:
    if after != START and after.epoch != end.epoch:
        raise CursorGone(
            "The cursor belongs to a catalogue that was made anew since. Read the feed from its beginning, "
            "without a cursor, and take what it does not name for gone."
        )
    if after.position > end.position:
        raise CursorGone(
            "The cursor is ahead of this catalogue, which was brought back to an older state. Read the feed from "
            "its beginning, without a cursor."
        )


def _areas(row: Row) -> set[int]:
    """Where an answer may differ: where the object is now, and where it was before."""
    return {*orjson.loads(row[4]), *orjson.loads(row[12] or "[]")}


async def _items(snapshot: Snapshot, rows: Sequence[Row], epoch: str) -> list[Item]:
    numbers = [row[8] for row in rows if row[8] is not None]
    payloads = await snapshot.rows(_LABELS, numbers=numbers) if numbers else ()
    labels = {number: unpack(payload).version.label for number, payload in payloads}
    return [
        Item(
            cursor=Cursor(epoch, row[0]),
            number=row[1],
            entry_id=EntryId(row[6], EntryKind.numbered(row[5]), row[7]),
            action=Action(row[2]),
            label=labels.get(row[8]),
            content_hash=bytes(row[9] or b"").hex(),
            changed_at=row[10],
            received_at=row[11],
            at=row[3],
            areas=tuple(key_of(code) for code in sorted(_areas(row))),
        )
        for row in rows
    ]
