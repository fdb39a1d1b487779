"""What objects are without a run: worked out from what all other runs said of them, in batches.

After it the catalogue is as if the run's messages had never come, and all others had.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, select, update

from catalog_sync.catalog.bulk import as_list
from catalog_sync.catalog.held import Entry, Moment
from catalog_sync.catalog.keys import EntryKind
from catalog_sync.catalog.ledger import Ledger, rows_of
from catalog_sync.catalog.model import Authority, OnlineService
from catalog_sync.catalog.projection import Identity, identity_of
from catalog_sync.catalog.reading import listed
from catalog_sync.catalog.tables import deletion, holding, version
from catalog_sync.pipeline.absent import absent_from
from catalog_sync.pipeline.compare import bury, settle
from catalog_sync.xzufi.delivered import NEVER_KNOWN

_HOLDINGS = select(holding).where(listed(holding.c.version_id, "numbers"))
_DELETIONS = select(deletion).where(listed(deletion.c.entry_id, "numbers"), deletion.c.reverted.is_(False))
_UNITS = {EntryKind.AUTHORITY, EntryKind.ONLINE_SERVICE}


@dataclass(slots=True)
class Undo:
    """Works out the objects of one batch without a run."""

    connection: Connection
    run: str
    ledger: Ledger
    touched: list[Entry] = field(default_factory=list)

    def undo(self, identities: Iterable[Identity], numbers: Collection[int]) -> None:
        """Load the objects and settle each anew."""
        self.ledger.find(identities)
        self.ledger.load_numbers(numbers)
        self.ledger.carried_by([one for one in self.ledger.by_id.values() if one.kind in _UNITS])
        self.touched = list(self.ledger.by_id.values())
        self.ledger.load_numbers({unit for one in self.touched for unit in one.carriers})
        self._forget()
        self._take_versions_back()
        self._take_deletes_back()
        self._ask_carriers()
        self._sweep_again()
        for one in self.touched:
            settle(one)

    def _forget(self) -> None:
        """Strike out what the run said of these objects."""
        versions = [held.id for one in self.touched for held in one.versions]
        mine = (holding.c.run == self.run) & listed(holding.c.version_id, "numbers")
        self.connection.execute(delete(holding).where(mine), {"numbers": as_list(self.connection, versions)})
        said = (deletion.c.run == self.run) & listed(deletion.c.entry_id, "numbers")
        numbers = as_list(self.connection, [one.id for one in self.touched])
        self.connection.execute(update(deletion).where(said).values(reverted=True), {"numbers": numbers})

    def _take_versions_back(self) -> None:
        entries = {held.id: one for one in self.touched for held in one.versions}
        newest: dict[int, Moment] = {}
        for row in rows_of(self.connection, _HOLDINGS, "numbers", entries):
            moment = (row.message_at, row.position)
            newest[row.version_id] = max(moment, newest.get(row.version_id, moment))
        lost: list[int] = []
        for one in self.touched:
            for held in one.versions:
                if held.id not in newest:
                    lost.append(held.id)
                elif newest[held.id] != held.moment:
                    held.moment, held.raised = newest[held.id], True
                    held.delivered_hash = NEVER_KNOWN if held.unit is None else held.delivered_hash
            one.versions = [held for held in one.versions if held.id in newest]
        marked = update(version).where(listed(version.c.id, "numbers")).values(reverted=True)
        self.connection.execute(marked, {"numbers": as_list(self.connection, lost)})

    def _take_deletes_back(self) -> None:
        for one in self.touched:
            one.deleted = None
        for row in rows_of(self.connection, _DELETIONS, "numbers", [one.id for one in self.touched]):
            _strike(self.ledger.by_id[row.entry_id], (row.message_at, row.position))

    def _ask_carriers(self) -> None:
        """Find again which units carried a rule, and the newest message in which each left it out."""
        pairs = [(one, self.ledger.by_id[unit]) for one in self.touched for unit in one.carriers]
        self.ledger.fetch_contents(held for _, unit in pairs for held in unit.versions)
        for one in self.touched:
            one.carriers = {}
        for one, unit in pairs:
            without = [held.moment for held in unit.versions if one.identity not in _rules(held.obj)]
            if len(without) < len(unit.versions):
                one.carriers[unit.id] = max(without, default=None)
        for one in self.touched:
            inside = [(held.moment, held.unit) for held in one.versions if held.unit is not None]
            one.carrier_id = max(inside, default=((0, 0), None))[1]

    def _sweep_again(self) -> None:
        """What a snapshot swept, or would have, had the object been there."""
        by_source: dict[int, list[Entry]] = defaultdict(list)
        for one in self.touched:
            settle(one)
            if one.winner is not None:
                by_source[one.winner.source_id].append(one)
        for source_id, entries in by_source.items():
            for number, moment in absent_from(self.connection, source_id, entries).items():
                bury(self.ledger.by_id[number], moment)


def _strike(one: Entry, moment: Moment) -> None:
    if one.deleted is None or moment > one.deleted:
        one.deleted = moment


def _rules(obj: object) -> set[Identity]:
    if not isinstance(obj, Authority | OnlineService):
        return set()
    named = [*((rule.agency, rule.value) for rule in obj.responsibilities), *obj.withheld]
    return {identity_of(EntryKind.RESPONSIBILITY, agency, value) for agency, value in named}
