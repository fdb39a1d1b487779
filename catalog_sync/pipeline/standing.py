"""Objects that came again as they are: decided by what stands, without loading what was ever said of them.

Bytes that the hub holds as the winning version of a live object leave it the winner, whatever their message's time: a
newer time only raises its rank. So nothing is compared; the version keeps the newest of its messages, the run is
remembered as one that held it, and that is all. Units with rules and objects that wait take the long way.
"""

from collections.abc import Container, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from catalog_sync.catalog.bulk import Many, fetch_of, insert_new_rows
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
_CARRYING = (
    Statement(select(entry.c.carrier_id).where(listed(entry.c.carrier_id, "numbers")).distinct()),
    Statement(select(carried.c.unit_id).where(listed(carried.c.unit_id, "numbers")).distinct()),
)
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
    """

    def __init__(self, connection: Connection, items: Sequence[Item]) -> None:
        self._connection = connection
        self._items = {place: item for place, item in enumerate(items) if isinstance(item, Same)}
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
        return self._without_rules(rows)

    def _without_rules(self, rows: dict[int, Row]) -> dict[int, Row]:
        units = [row[0] for row in rows.values() if row[1] in _UNITS]
        carrying = {
            number for query in _CARRYING for (number,) in fetch_of(self._connection, query, "numbers", units)
        }
        return {place: row for place, row in rows.items() if row[0] not in carrying} if carrying else rows

    def leave(self, numbers: Container[int]) -> None:
        """Leave these entries to the long way, for other items of the batch concern them."""
        self.rows = {place: row for place, row in self.rows.items() if row[0] not in numbers}

    @property
    def numbers(self) -> Iterator[int]:
        """The entries."""
        return (row[0] for row in self.rows.values())

    def write(self, run: str) -> None:
        """Keep the newest message of each version, and that the run held it."""
        raised: list[tuple[Any, ...]] = []
        held: list[tuple[Any, ...]] = []
        for place, row in self.rows.items():
            number, known = row[4], (row[6], row[7])
            came = self._items[place].place
            moment = (came.message_at, came.position)
            held.append((number, run, *moment))
            if moment > known:
                raised.append((number, *moment))
        _RAISED.run(self._connection, sorted(raised))
        insert_new_rows(self._connection, holding, sorted(held))

    def outcome(self, place: int, files: Sequence[str]) -> Outcome | None:
        """How the item at this place ended; None where it took the long way."""
        row = self.rows.get(place)
        if row is None:
            return None
        came = self._items[place].place
        return Outcome(
            _WORDS[row[1]], row[2], row[3], OutcomeKind.UNCHANGED, None, files[came.file], came.line
        )
