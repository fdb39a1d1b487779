"""Reading what a batch needs to decide: entries with their versions, a few statements for a whole batch.

A batch is the only writer while it runs (`hold`), so it numbers new rows itself and writes each once, complete.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, bindparam, func, select, text

from catalog_sync.catalog.bulk import as_list, fetch_of
from catalog_sync.catalog.held import Entry, Held
from catalog_sync.catalog.keys import EntryKind
from catalog_sync.catalog.payload import unpack
from catalog_sync.catalog.projection import Identity
from catalog_sync.catalog.reading import Row as Values
from catalog_sync.catalog.reading import Statement, listed
from catalog_sync.catalog.tables import carried, entry, state, version

_NAMED = (
    entry.c.id,
    entry.c.kind,
    entry.c.agency,
    entry.c.value,
    entry.c.live,
    entry.c.waiting,
    entry.c.deleted_at,
    entry.c.deleted_position,
    entry.c.version_id,
    entry.c.carrier_id,
)
_ENTRIES_BY_NAME = Statement(
    select(*_NAMED).where(
        entry.c.kind == bindparam("kind"),
        entry.c.agency == bindparam("agency"),
        listed(entry.c.value, "values"),
    )
)
_ENTRIES_BY_CARRIER = Statement(select(*_NAMED).where(listed(entry.c.carrier_id, "numbers")))
_ENTRIES_BY_ID = Statement(select(*_NAMED).where(listed(entry.c.id, "numbers")))
_VERSIONS = Statement(
    select(
        version.c.id,
        version.c.entry_id,
        version.c.content_hash,
        version.c.delivered_hash,
        version.c.changed_at,
        version.c.message_at,
        version.c.position,
        version.c.received_at,
        version.c.source_id,
    )
    .where(listed(version.c.entry_id, "numbers"), version.c.reverted.is_(False))
    .order_by(version.c.id)
)
_PAYLOADS = Statement(select(version.c.id, version.c.payload).where(listed(version.c.id, "numbers")))
_CARRIED = Statement(select(carried.c.unit_id, carried.c.rule_id).where(listed(carried.c.unit_id, "numbers")))
_CARRIERS = Statement(
    select(carried.c.unit_id, carried.c.rule_id, carried.c.withdrawn_at, carried.c.withdrawn_position).where(
        listed(carried.c.rule_id, "numbers")
    )
)
_CHUNK = 5000


def hold(connection: Connection) -> None:
    """Become the catalogue's only writer until the transaction ends; make its state where there is none.

    SQLite's writer is alone anyway. Without this, a rule and the service that it names could come in two transactions
    that do not see each other, and never be linked.
    """
    query = select(state.c.id).where(state.c.id == 1).with_for_update()
    if connection.execute(query).first() is None:
        connection.execute(
            text("INSERT INTO state (id, position, areas_version) VALUES (1, 0, 0) ON CONFLICT DO NOTHING")
        )
        connection.execute(query)


def rows_of(
    connection: Connection, query: Select[Any], name: str, values: Collection[Any], **more: Any
) -> list[Row[Any]]:
    """The rows of a query with a `listed` parameter, asked in pieces."""
    found: list[Row[Any]] = []
    listing = list(values)
    for start in range(0, len(listing), _CHUNK):
        piece = listing[start : start + _CHUNK]
        found += connection.execute(query, {name: as_list(connection, piece), **more}).all()
    return found


class Ledger:
    """The entries of one batch, by identity and by number."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.entries: dict[Identity, Entry] = {}
        self.by_id: dict[int, Entry] = {}
        self.next_entry = self._numbering(entry)
        self.next_version = self._numbering(version)

    def _numbering(self, table: Table) -> Callable[[], int]:
        highest = self.connection.execute(select(func.max(table.c.id))).scalar() or 0
        counter = iter(range(highest + 1, 2**62))
        return lambda: next(counter)

    def find(self, identities: Iterable[Identity], *, versions: bool = True) -> None:
        """Know those of these objects that were ever named; without versions where none of them is to be decided."""
        groups: dict[tuple[int, str], list[str]] = defaultdict(list)
        for identity in dict.fromkeys(identities):
            if identity not in self.entries:
                groups[identity[:2]].append(identity[2])
        for (kind, agency), values in groups.items():
            rows = fetch_of(
                self.connection, _ENTRIES_BY_NAME, "values", sorted(values), kind=kind, agency=agency
            )
            self._take(rows, versions=versions)

    def load(self, identities: Iterable[Identity], *, versions: bool = True) -> None:
        """Know all these objects; one that was never named becomes a new entry that is not live."""
        wanted = list(dict.fromkeys(identities))
        self.find(wanted, versions=versions)
        for identity in wanted:
            if identity not in self.entries:
                one = Entry(self.next_entry(), identity, new=True)
                self.entries[identity] = self.by_id[one.id] = one

    def load_numbers(self, numbers: Collection[int], *, versions: bool = True) -> None:
        """Know the entries of these numbers."""
        wanted = sorted(number for number in numbers if number not in self.by_id)
        self._take(fetch_of(self.connection, _ENTRIES_BY_ID, "numbers", wanted), versions=versions)

    def carried_by(self, units: Collection[Entry]) -> dict[int, list[Entry]]:
        """The rules that each unit has carried so far."""
        known = [unit.id for unit in units if not unit.new]
        rows = list(fetch_of(self.connection, _ENTRIES_BY_CARRIER, "numbers", known))
        self._take(row for row in rows if row[0] not in self.by_id)
        pairs = {(carrier, number) for number, *_, carrier in rows}
        pairs |= {(unit, rule) for unit, rule in fetch_of(self.connection, _CARRIED, "numbers", known)}
        self.load_numbers({rule for _, rule in pairs})
        found: dict[int, list[Entry]] = defaultdict(list)
        for unit, rule in sorted(pairs):
            found[unit].append(self.by_id[rule])
        return found

    def _take(self, rows: Iterable[Values], *, versions: bool = True) -> None:
        loaded = [self._add(_entry(row)) for row in rows]
        if not versions:
            return
        for row in fetch_of(self.connection, _VERSIONS, "numbers", [one.id for one in loaded]):
            self.by_id[row[1]].versions.append(_held(row))
        self._take_carriers([one for one in loaded if one.identity[0] == EntryKind.RESPONSIBILITY.number])

    def _take_carriers(self, rules: Collection[Entry]) -> None:
        rows = fetch_of(self.connection, _CARRIERS, "numbers", [one.id for one in rules])
        for unit, rule, at, position in rows:
            one = self.by_id[rule]
            one.carriers[unit] = None if at is None else (at, position)
            one.carryings_before = one.carryings

    def _add(self, one: Entry) -> Entry:
        one.remember()
        self.entries[one.identity] = self.by_id[one.id] = one
        return one

    def fetch_contents(self, versions: Iterable[Held]) -> None:
        """Read the objects of versions that were not delivered in this batch."""
        wanted = {held.id: held for held in versions if held.obj is None and not held.new}
        for number, payload in fetch_of(self.connection, _PAYLOADS, "numbers", wanted):
            wanted[number].obj = unpack(payload)


def _entry(row: Values) -> Entry:
    number, kind, agency, value, live, waiting, deleted_at, deleted_position, version_id, carrier_id = row
    return Entry(
        id=number,
        identity=(kind, agency, value),
        live=bool(live),
        waiting=bool(waiting),
        deleted=None if deleted_at is None else (deleted_at, deleted_position),
        version_id=version_id,
        carrier_id=carrier_id,
        carriers={} if carrier_id is None else {carrier_id: None},
    )


def _held(row: Values) -> Held:
    number, _, content_hash, delivered_hash, changed_at, message_at, position, received_at, source_id = row
    return Held(
        id=number,
        content_hash=content_hash,
        delivered_hash=delivered_hash,
        changed_at=changed_at,
        moment=(message_at, position),
        received_at=received_at,
        source_id=source_id,
    )
