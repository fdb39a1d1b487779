"""The catalogue at rest, read in batches: one `CatalogReader` a request, over one snapshot.

Every method takes many keys and runs one statement for those that were not asked for before, so that the number of
statements of a request does not grow with its rows.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import orjson

from catalog_sync.catalog import statements, stored
from catalog_sync.catalog.kept import Forgetful, Kept, Under, size_of_modules, size_of_record, size_of_records
from catalog_sync.catalog.keys import AreaKey, EntryId, EntryKind, ancestor_codes, key_of
from catalog_sync.catalog.memo import Memo
from catalog_sync.catalog.reading import Row, Snapshot, Statement
from catalog_sync.catalog.records import (
    AuthorityRecord,
    BundleRecord,
    Edge,
    EntryRecord,
    ModuleRow,
    OnlineServiceRecord,
    RuleRecord,
    ServiceEntryRecord,
    ServiceRecord,
    SituationRecord,
    SourceRecord,
    SpecialisationRecord,
)

_SHAPES: Mapping[EntryKind, tuple[type[EntryRecord], Callable[[bytes], Any]]] = {
    EntryKind.SERVICE_ENTRY: (ServiceEntryRecord, stored.service_head),
    EntryKind.AUTHORITY: (AuthorityRecord, stored.authority_head),
    EntryKind.ONLINE_SERVICE: (OnlineServiceRecord, stored.online_service_head),
    EntryKind.SPECIALISATION: (SpecialisationRecord, stored.specialisation_head),
    EntryKind.RESPONSIBILITY: (RuleRecord, stored.responsibility_head),
}


def record_of(row: Row) -> EntryRecord:
    """The record of the columns that all entry statements end with."""
    number, kind, agency, value, source, label, changed, received, approved, head = row
    shape, decode = _SHAPES[EntryKind.numbered(kind)]
    return shape(
        number=number,
        kind=EntryKind.numbered(kind),
        agency=agency,
        value=value,
        source_number=source,
        version_label=label,
        changed_at=changed,
        received_at=received,
        approved_at=approved,
        head=decode(head),  # type: ignore[call-arg]  # every subclass has one
    )


class CatalogReader:
    """All reads of the catalogue that one request may make.

    Args:
        snapshot: the catalogue at one moment.
        kept: what others read of the same state of it.
    """

    def __init__(self, snapshot: Snapshot, kept: Kept | None = None) -> None:
        self._snapshot = snapshot
        self._kept = kept = kept or Kept(Forgetful)
        self._services = Memo(self._fetch_services, kept.services, lambda _: 600)
        self._entries_of = Memo(self._fetch_entries_of_services, kept.entries_of_services, size_of_records)
        self._entries = Memo(self._fetch_entries, kept.entries, size_of_record)
        self._specialisations = Memo(self._fetch_specialisations, kept.specialisations, size_of_records)
        self._facts = Memo(self._fetch_facts, kept.facts, len)
        self._modules: dict[tuple[str, ...] | None, Memo[int, tuple[ModuleRow, ...]]] = {}
        self._edges: dict[AreaKey, Memo[int, list[Edge]]] = {}
        self._bundles = Memo(self._fetch_bundles, Under(kept.groups, "bundle"))
        self._situations = Memo(self._fetch_situations, Under(kept.groups, "situations"))
        self._sources = Memo(self._fetch_sources)

    async def rows(self, statement: Statement, **values: Any) -> Sequence[Row]:
        """Run one of the fixed statements of this package."""
        return await self._snapshot.rows(statement, **values)

    async def services(self, keys: Iterable[str]) -> dict[str, ServiceRecord]:
        """The services that exist: listed in the LeiKa catalogue, or named by a live entry."""
        return await self._services.get(keys)

    async def _fetch_services(self, keys: list[str]) -> Mapping[str, ServiceRecord]:
        found = {
            key: ServiceRecord(
                key,
                listed=True,
                listed_title=title,
                listed_types=tuple(orjson.loads(types)),
                bundle_id=bundle,
            )
            for key, title, types, bundle in await self.rows(statements.SERVICES, keys=keys)
        }
        if others := [key for key in keys if key not in found]:
            described = await self.entries_of_services(others)
            found |= {key: ServiceRecord(key, listed=False) for key in others if described.get(key)}
        return found

    async def entries_of_services(self, keys: Iterable[str]) -> dict[str, tuple[ServiceEntryRecord, ...]]:
        """Live descriptions by service key, in order of their identifiers."""
        return await self._entries_of.get(keys)

    async def _fetch_entries_of_services(
        self, keys: list[str]
    ) -> Mapping[str, tuple[ServiceEntryRecord, ...]]:
        grouped: dict[str, list[ServiceEntryRecord]] = {}
        for key, *row in await self.rows(statements.ENTRIES_OF_SERVICES, keys=keys):
            record = record_of(row)
            if isinstance(record, ServiceEntryRecord):
                grouped.setdefault(key, []).append(record)
        return {key: tuple(records) for key, records in grouped.items()}

    async def entries(self, numbers: Iterable[int]) -> dict[int, EntryRecord]:
        """Live objects of any kind by number."""
        return await self._entries.get(numbers)

    async def _fetch_entries(self, numbers: list[int]) -> Mapping[int, EntryRecord]:
        return {row[0]: record_of(row) for row in await self.rows(statements.ENTRIES, numbers=numbers)}

    async def entries_by_id(self, ids: Iterable[EntryId]) -> dict[EntryId, EntryRecord]:
        """Live objects by identifier; one statement for each kind among them."""
        groups: dict[EntryKind, list[str]] = {}
        for entry_id in ids:
            groups.setdefault(entry_id.kind, []).append(f"{entry_id.agency}.{entry_id.value}")
        found: dict[EntryId, EntryRecord] = {}
        for kind, names in groups.items():
            for row in await self.rows(statements.ENTRIES_BY_NAME, kind=kind.number, names=names):
                record = record_of(row)
                found[record.entry_id] = record
        return found

    async def specialisations(self, numbers: Iterable[int]) -> dict[int, tuple[SpecialisationRecord, ...]]:
        """Live specialisations by the number of the entry that they change."""
        return await self._specialisations.get(numbers)

    async def _fetch_specialisations(
        self, numbers: list[int]
    ) -> Mapping[int, tuple[SpecialisationRecord, ...]]:
        grouped: dict[int, list[SpecialisationRecord]] = {}
        for number, *row in await self.rows(statements.SPECIALISATIONS, numbers=numbers):
            record = record_of(row)
            if isinstance(record, SpecialisationRecord):
                grouped.setdefault(number, []).append(record)
        return {number: tuple(records) for number, records in grouped.items()}

    async def modules(
        self, numbers: Iterable[int], codes: Sequence[str] | None = None
    ) -> dict[int, tuple[ModuleRow, ...]]:
        """Text modules by entry number, of some codes or of all."""
        key = None if codes is None else tuple(codes)
        of_codes = self._modules.get(key)
        if of_codes is None:
            keep = Under(self._kept.modules, key)
            of_codes = self._modules[key] = Memo(partial(self._fetch_modules, key), keep, size_of_modules)
        return await of_codes.get(numbers)

    async def _fetch_modules(
        self, codes: tuple[str, ...] | None, numbers: list[int]
    ) -> Mapping[int, tuple[ModuleRow, ...]]:
        if codes is None:
            rows = await self.rows(statements.MODULES, numbers=numbers)
        else:
            rows = await self.rows(statements.MODULES_OF_CODES, numbers=numbers, codes=list(codes))
        grouped: dict[int, list[ModuleRow]] = {}
        for number, ordinal, code, language, html, links in rows:
            found = stored.links(links) if links else ()
            grouped.setdefault(number, []).append(ModuleRow(ordinal, code, language, html, found))
        return {number: tuple(modules) for number, modules in grouped.items()}

    async def facts(self, numbers: Iterable[int]) -> dict[int, bytes]:
        """The facts beside an entry as stored; `catalog.stored` decodes them by kind."""
        return await self._facts.get(numbers)

    async def _fetch_facts(self, numbers: list[int]) -> Mapping[int, bytes]:
        return {row[0]: row[1] for row in await self.rows(statements.FACTS, numbers=numbers)}

    async def edges(self, services: Iterable[int], place: AreaKey) -> dict[int, list[Edge]]:
        """The rules that cover a place, by the number of the entry that they name."""
        of_place = self._edges.get(place)
        if of_place is None:
            of_place = self._edges[place] = Memo(partial(self._fetch_edges, place))
        return await of_place.get(services)

    async def _fetch_edges(self, place: AreaKey, services: list[int]) -> Mapping[int, list[Edge]]:
        grouped: dict[int, list[Edge]] = {}
        for service, area, role, owner, rule in await self.rows(
            statements.EDGES, services=services, areas=list(ancestor_codes(place))
        ):
            grouped.setdefault(service, []).append(Edge(service, key_of(area), role, owner, rule))
        return grouped

    async def bundles(self, numbers: Iterable[str]) -> dict[str, BundleRecord]:
        """OZG bundles by number."""
        return await self._bundles.get(numbers)

    async def _fetch_bundles(self, numbers: list[str]) -> Mapping[str, BundleRecord]:
        return {row[0]: BundleRecord(*row) for row in await self.rows(statements.BUNDLES, numbers=numbers)}

    async def situations(self, bundles: Iterable[str]) -> dict[str, tuple[SituationRecord, ...]]:
        """Life situations by bundle number."""
        return await self._situations.get(bundles)

    async def _fetch_situations(self, bundles: list[str]) -> Mapping[str, tuple[SituationRecord, ...]]:
        grouped: dict[str, list[SituationRecord]] = {}
        for bundle, number, name in await self.rows(statements.SITUATIONS, numbers=bundles):
            grouped.setdefault(bundle, []).append(SituationRecord(number, name))
        return {bundle: tuple(found) for bundle, found in grouped.items()}

    async def all_situations(self) -> list[SituationRecord]:
        """Every life situation that has services, the one with most of them first."""
        return [SituationRecord(*row) for row in await self.rows(statements.ALL_SITUATIONS)]

    async def sources(self) -> dict[int, SourceRecord]:
        """All sources by number; there are some seventeen."""
        return (await self._sources.get((0,)))[0]

    async def _fetch_sources(self, _: list[int]) -> Mapping[int, dict[int, SourceRecord]]:
        found = {}
        for number, key, name, agencies, areas, fresh_at in await self.rows(statements.SOURCES):
            keys = tuple(AreaKey(area) for area in orjson.loads(areas))
            found[number] = SourceRecord(number, key, name, tuple(orjson.loads(agencies)), keys, fresh_at)
        return {0: found}

    async def counts(self) -> dict[EntryKind, int]:
        """How many objects of each kind are live, waiting ones too."""
        rows = await self.rows(statements.COUNTS)
        return {EntryKind.numbered(kind): live for kind, live in rows}

    async def position(self) -> int:
        """The catalogue's position: raised by every transaction that changes an answer."""
        rows = await self.rows(statements.STATE)
        return int(rows[0][0] or 0)
