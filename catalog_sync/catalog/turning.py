"""What a run made of an object: its content before and after, by the feed of changes."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from catalog_sync.catalog.keys import EntryId
from catalog_sync.catalog.model import CatalogObject
from catalog_sync.catalog.payload import unpack
from catalog_sync.catalog.tables import change, entry, version


@dataclass(frozen=True, slots=True)
class Turn:
    """What answered before a run and after it; None where nothing did."""

    before: CatalogObject | None
    after: CatalogObject | None


def turn_of(connection: Connection, run: str, named: EntryId) -> Turn | None:
    """What a run made of one object; None where it made no other version of it answer."""
    mine = (
        (entry.c.kind == named.kind.number)
        & (entry.c.agency == named.agency)
        & (entry.c.value == named.value)
    )
    number = connection.scalar(select(entry.c.id).where(mine))
    if number is None:
        return None
    rows = select(change.c.pos, change.c.version_id).where(change.c.entry_id == number)
    made = connection.execute(rows.where(change.c.run == run).order_by(change.c.pos)).all()
    if not made:
        return None
    earlier = rows.where(change.c.pos < made[0].pos).order_by(change.c.pos.desc()).limit(1)
    before = connection.execute(earlier).first()
    return Turn(
        _content(connection, None if before is None else before.version_id),
        _content(connection, made[-1].version_id),
    )


def _content(connection: Connection, number: int | None) -> CatalogObject | None:
    if number is None:
        return None
    payload = connection.scalar(select(version.c.payload).where(version.c.id == number))
    return None if payload is None else unpack(bytes(payload))
