"""What objects are without a run: worked out from what all other runs said of them, in batches.

After it the catalogue is as if the run's messages had never come, and all others had.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, select, update

from catalog_sync.catalog.bulk import as_list
from catalog_sync.catalog.held import END_OF_MESSAGE, Entry, Moment
from catalog_sync.catalog.keys import EntryKind
from catalog_sync.catalog.ledger import Ledger, rows_of
from catalog_sync.catalog.model import Authority, OnlineService
from catalog_sync.catalog.projection import Identity, identity_of
from catalog_sync.catalog.reading import listed
from catalog_sync.catalog.tables import deletion, holding, swept, version
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
    _holders: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Entry -> the other runs that held a version of it."""

    def undo(self, identities: Iterable[Identity], numbers: Collection[int]) -> None:
        """Load the objects and settle each anew."""
        self.ledger.find(identities)
        self.ledger.load_numbers(numbers)
        self.ledger.carried_by([one for one in self.ledger.by_id.values() if one.kind in _UNITS])
        self.touched = list(self.ledger.by_id.values())
        carriers = {one.carrier_id for one in self.touched if one.carrier_id is not None}
        self.ledger.load_numbers(carriers)
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
            self._holders[entries[row.version_id].id].add(row.run)
        lost: list[int] = []
        for one in self.touched:
            for held in one.versions:
                if held.id not in newest:
                    lost.append(held.id)
                elif newest[held.id] != held.moment:
                    held.moment, held.delivered_hash, held.raised = newest[held.id], NEVER_KNOWN, True
            one.versions = [held for held in one.versions if held.id in newest]
        marked = update(version).where(listed(version.c.id, "numbers")).values(reverted=True)
        self.connection.execute(marked, {"numbers": as_list(self.connection, lost)})

    def _take_deletes_back(self) -> None:
        for one in self.touched:
            one.deleted = None
        for row in rows_of(self.connection, _DELETIONS, "numbers", [one.id for one in self.touched]):
            _strike(self.ledger.by_id[row.entry_id], (row.message_at, row.position))

    def _ask_carriers(self) -> None:
        """A unit's newest message without a rule that it carried counts as the rule's delete."""
        carried = [one for one in self.touched if one.carrier_id is not None]
        units = [self.ledger.by_id[one.carrier_id] for one in carried if one.carrier_id is not None]
        self.ledger.fetch_contents(held for unit in units for held in unit.versions)
        for one, unit in zip(carried, units, strict=True):
            without = [held.moment for held in unit.versions if one.identity not in _rules(held.obj)]
            if len(without) == len(unit.versions):
                one.carrier_id = None
            elif without:
                _strike(one, max(without))

    def _sweep_again(self) -> None:
        """What a snapshot swept, or would have, had the object been there."""
        sources = {held.source_id for one in self.touched for held in one.versions}
        newest = self._newest_snapshots(sources)
        for one in self.touched:
            settle(one)
            winner = one.winner
            found = None if winner is None else newest.get(winner.source_id)
            if found is not None and found.run not in self._holders[one.id]:
                bury(one, (found.last_at, END_OF_MESSAGE))

    def _newest_snapshots(self, sources: Collection[int]) -> dict[int, Any]:
        query = (
            select(swept).where(swept.c.source_id.in_(sources)).order_by(swept.c.last_at, swept.c.run.desc())
        )
        return {row.source_id: row for row in self.connection.execute(query)}


def _strike(one: Entry, moment: Moment) -> None:
    if one.deleted is None or moment > one.deleted:
        one.deleted = moment


def _rules(obj: object) -> set[Identity]:
    rules: Sequence[Any] = obj.responsibilities if isinstance(obj, Authority | OnlineService) else ()
    return {identity_of(EntryKind.RESPONSIBILITY, rule.agency, rule.value) for rule in rules}
