"""Objects that came again as they are: decided by what stands, without loading what was ever said of them.

Bytes that the hub holds as the winning version of a live object leave it the winner, whatever their message's time: a
newer time only raises its rank. So nothing is compared; the version keeps the newest of its messages, the run is
remembered as one that held it, and that is all. The same holds of the rules inside a unit, where what stands of each
is what that very content said. Objects that wait take the long way.
"""

from collections.abc import Container, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, exists, select, update

from catalog_sync.catalog.bulk import Many, fetch_of, insert_new_rows
from catalog_sync.catalog.held import mark_of
from catalog_sync.catalog.keys import EntryKind
from catalog_sync.catalog.reading import Row, Statement, listed
from catalog_sync.catalog.tables import carried, entry, holding, version
from catalog_sync.journal import Outcome, OutcomeKind
from catalog_sync.pipeline.items import Item, Same

_STANDING = Statement(
    select(
        entry.c.id,
        entry.c.kind,
        entry.c.agency,
        entry.c.value,
        version.c.id,
        version.c.delivered_hash,
        version.c.message_at,
        version.c.position,
    )
    .join(version, version.c.id == entry.c.version_id)
    .where(listed(entry.c.id, "numbers"), entry.c.live, entry.c.waiting.is_(False))
)
_other = version.alias("other")
_RULES = Statement(
    select(
        entry.c.id,
        entry.c.kind,
        entry.c.agency,
        entry.c.value,
        version.c.id,
        version.c.delivered_hash,
        version.c.message_at,
        version.c.position,
        entry.c.carrier_id,
        (
            entry.c.live
            & entry.c.waiting.is_(False)
            & ~exists().where(
                _other.c.entry_id == entry.c.id,
                _other.c.id != version.c.id,
                _other.c.message_at == version.c.message_at,
                _other.c.position == version.c.position,
            )
        ).label("plain"),
    )
    .outerjoin(version, version.c.id == entry.c.version_id)
    .where(listed(entry.c.carrier_id, "numbers"))
    .order_by(entry.c.id)
)
_MOVED = Statement(select(carried.c.unit_id).where(listed(carried.c.unit_id, "numbers")).distinct())
"""Units of whose rules one was left out once, or came inside another since: all others have the same rules always."""
_RAISED = Many(
    update(version)
    .where(version.c.id == bindparam("number"))
    .values(message_at=bindparam("at"), position=bindparam("place")),
    "number",
    "at",
    "place",
)
_UNITS = {EntryKind.AUTHORITY.number, EntryKind.ONLINE_SERVICE.number}
_WORDS = {kind.number: kind.value for kind in EntryKind}


class Standing:
    """The items of a batch that came again as they are.

    Attributes:
        rows: by the item's place in the batch.
        rules: of units among them, also by that place.
    """

    def __init__(self, connection: Connection, items: Sequence[Item]) -> None:
        self._connection = connection
        self._items = {place: item for place, item in enumerate(items) if isinstance(item, Same)}
        self.rules: dict[int, list[Row]] = {}
        self.rows = self._found()

    def _found(self) -> dict[int, Row]:
        places: dict[int, int | None] = {}
        for number, item in self._items.items():
            places[item.number] = None if item.number in places else number
        numbers = [number for number, place in places.items() if place is not None]
        rows: dict[int, Row] = {}
        for row in fetch_of(self._connection, _STANDING, "numbers", numbers):
            place = places[row[0]]
            if place is not None and row[5] == self._items[place].delivered_hash:
                rows[place] = row
        return self._with_rules(rows)

    def _with_rules(self, rows: dict[int, Row]) -> dict[int, Row]:
        """Find the rules of units; the units of which one must be looked at take the long way."""
        units = {row[0]: place for place, row in rows.items() if row[1] in _UNITS}
        long = {number for (number,) in fetch_of(self._connection, _MOVED, "numbers", list(units))}
        for rule in fetch_of(self._connection, _RULES, "numbers", list(units)):
            unit = rule[8]
            place = units[unit]
            if not rule[9] or rule[5] != mark_of(unit) or rule[6:8] != rows[place][6:8]:
                long.add(unit)
            self.rules.setdefault(place, []).append(rule)
        for unit in long:
            self.rules.pop(units[unit], None)
        return {place: row for place, row in rows.items() if row[0] not in long} if long else rows

    def leave(self, numbers: Container[int]) -> set[int]:
        """Leave to the long way what is of these entries, for other items of the batch concern them.

        Returns:
            the entries that are left, units also with a rule that is one of these.
        """
        left = {
            place
            for place, row in self.rows.items()
            if row[0] in numbers or any(rule[0] in numbers for rule in self.rules.get(place, ()))
        }
        found = {self.rows.pop(place)[0] for place in left}
        for place in left:
            self.rules.pop(place, None)
        return found

    @property
    def numbers(self) -> Iterator[int]:
        """The entries."""
        for place, row in self.rows.items():
            yield row[0]
            yield from (rule[0] for rule in self.rules.get(place, ()))

    def write(self, run: str) -> None:
        """Keep the newest message of each version, and that the run held it."""
        raised: list[tuple[Any, ...]] = []
        held: list[tuple[Any, ...]] = []
        for place, row in self.rows.items():
            came = self._items[place].place
            moment = (came.message_at, came.position)
            newer = moment > (row[6], row[7])
            for one in (row, *self.rules.get(place, ())):
                held.append((one[4], run, *moment))
                if newer:
                    raised.append((one[4], *moment))
        _RAISED.run(self._connection, sorted(raised))
        insert_new_rows(self._connection, holding, sorted(held))

    def outcomes(self, place: int, files: Sequence[str]) -> Iterator[Outcome]:
        """How the item at this place ended, with its rules; nothing where it took the long way."""
        row = self.rows.get(place)
        if row is not None:
            came = self._items[place].place
            where = (files[came.file], came.line)
            for one in (row, *self.rules.get(place, ())):
                yield Outcome(_WORDS[one[1]], one[2], one[3], OutcomeKind.UNCHANGED, None, *where)
