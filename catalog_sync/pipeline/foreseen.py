"""What a dry run would make of each object: read before it is rolled back, and kept so that it can be looked at.

A dry run leaves no version behind. So the contents before and after it are taken from the transaction in which they
stand side by side, and are kept with the run for as long as deliveries are kept, within bounds that are told.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

import msgspec
from sqlalchemy import Connection, func, insert, select

from catalog_sync.catalog.keys import EntryId, EntryKind
from catalog_sync.catalog.payload import encoded_of, unpack
from catalog_sync.catalog.tables import change, entry, state, version
from catalog_sync.catalog.turning import Turn
from catalog_sync.operations import sync_foreseen
from catalog_sync.sources.incoming import Sizes

NOT_ALL = "What is different is kept of the first objects only: this dry run would change more than can be kept of one."
_AT_ONCE = 100
T = TypeVar("T")
_SAME = {"type", "agency", "value"}
"""Fields that are the same before and after, for they say which object it is."""

Differences = dict[str, list[dict[str, Any]]]
"""By object the fields that differ, each with its name, as it was (``before``) and as it would be (``after``)."""

_last, _old, _new = change.alias("last"), version.alias("old"), version.alias("new")


class Foreseen(NamedTuple):
    """One object's contents as `version.payload` holds them; None where there is none."""

    name: str
    before: bytes | None
    after: bytes | None


class Foresight(NamedTuple):
    """What is kept of a dry run; not all where it would change more than may be kept."""

    objects: Sequence[Foreseen]
    whole: bool


def feed_position(connection: Connection) -> int:
    """The last position that was given: what a run does stands behind it."""
    return int(connection.execute(select(state.c.feed)).scalar_one())


def foresee(connection: Connection, run: str, since: int, sizes: Sizes) -> Foresight:
    """What a run has done in this transaction, in its order.

    Args:
        connection: of the catalogue, in the transaction that is to be rolled back.
        run: the dry run.
        since: the feed's position before it.
        sizes: how much of it is kept.
    """
    most, room = sizes.foreseen_objects, sizes.foreseen_bytes
    first, last = func.min(change.c.pos), func.max(change.c.pos)
    mine = select(change.c.entry_id, first, last).where(change.c.pos > since, change.c.run == run)
    query = mine.group_by(change.c.entry_id).order_by(first).limit(most + 1)
    turned = connection.execute(query).all()
    kept: list[Foreseen] = []
    for one in _contents(connection, [row[2] for row in turned[:most]], run):
        room -= sum(len(encoded_of(content)) for content in (one.before, one.after) if content is not None)
        if room < 0:
            return Foresight(kept, whole=False)
        kept.append(one)
    return Foresight(kept, whole=len(turned) <= most)


def _contents(connection: Connection, lasts: Sequence[int], run: str) -> Iterator[Foreseen]:
    """The contents that objects had before a run, and at its last change of them."""
    earlier = (
        select(change.c.version_id)
        .where(change.c.entry_id == _last.c.entry_id, change.c.pos < _last.c.pos, change.c.run != run)
        .order_by(change.c.pos.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(entry.c.kind, entry.c.agency, entry.c.value, _old.c.payload, _new.c.payload)
        .select_from(_last)
        .join(entry, entry.c.id == _last.c.entry_id)
        .outerjoin(_new, _new.c.id == _last.c.version_id)
        .outerjoin(_old, _old.c.id == earlier)
        .order_by(_last.c.pos)
    )
    for some in pieces(lasts):
        for kind, agency, value, before, after in connection.execute(query.where(_last.c.pos.in_(some))):
            name = str(EntryId(agency, EntryKind.numbered(kind), value))
            yield Foreseen(name, *(None if one is None else bytes(one) for one in (before, after)))


def write_foreseen(connection: Connection, run: str, objects: Sequence[Foreseen]) -> None:
    """Keep some of it in the operations' database."""
    rows = [{"run": run, "object": one.name, "before": one.before, "after": one.after} for one in objects]
    connection.execute(insert(sync_foreseen), rows)


def foreseen_turn(connection: Connection, run: str, named: EntryId) -> Turn | None:
    """What a dry run would make of one object; None where it would make no other version of it answer."""
    row = connection.execute(_of(run).where(sync_foreseen.c.object == str(named))).first()
    return None if row is None else Turn(*(None if one is None else unpack(bytes(one)) for one in row[1:]))


def foreseen_among(connection: Connection, run: str, names: Collection[str]) -> set[str]:
    """Those of the objects of which it is kept."""
    query = select(sync_foreseen.c.object).where(sync_foreseen.c.run == run)
    return set(connection.scalars(query.where(sync_foreseen.c.object.in_(names))))


def differences_of(connection: Connection, run: str) -> Differences:
    """What is kept of a dry run; None stands for a field that is not there."""
    return {name: _difference(before, after) for name, before, after in connection.execute(_of(run))}


def _of(run: str) -> Any:
    columns = (sync_foreseen.c.object, sync_foreseen.c.before, sync_foreseen.c.after)
    return select(*columns).where(sync_foreseen.c.run == run)


def _difference(before: bytes | None, after: bytes | None) -> list[dict[str, Any]]:
    old, new = ({} if one is None else msgspec.json.decode(encoded_of(bytes(one))) for one in (before, after))
    return [
        {"field": name, "before": old.get(name), "after": new.get(name)}
        for name in dict.fromkeys([*new, *old])
        if name not in _SAME and old.get(name) != new.get(name)
    ]


def pieces(many: Sequence[T]) -> Iterator[Sequence[T]]:
    """A few at a time: the databases stay free for others, and memory for what is kept."""
    for begin in range(0, len(many), _AT_ONCE):
        yield many[begin : begin + _AT_ONCE]
