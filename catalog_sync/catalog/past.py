"""The catalogue at one moment: what its reads answered then, made from the versions of then.

An object of then is called by its number moved far below zero, by a shift of its moment's own: nothing mistakes it for
the object of today, the order of numbers stays, and what is asked of it later is answered from its moment again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from catalog_sync.catalog import past_statements as statements
from catalog_sync.catalog import stored
from catalog_sync.catalog.keys import AreaKey, EntryId, EntryKind, ancestor_codes, key_of
from catalog_sync.catalog.memo import Memo
from catalog_sync.catalog.past_contents import Content, Contents
from catalog_sync.catalog.projection import Identity
from catalog_sync.catalog.records import (
    Edge,
    EntryRecord,
    ModuleRow,
    ServiceEntryRecord,
    SpecialisationRecord,
)
from catalog_sync.catalog.store import CatalogReader

_areas = msgspec.json.Decoder(tuple[int, ...]).decode


@dataclass(frozen=True, slots=True)
class _Naming:
    """An object that named another one."""

    number: int
    version: int
    kind: EntryKind
    areas: str


class Past:
    """The catalogue at one moment. Its methods are those of `CatalogReader`, over numbers of this moment.

    Args:
        reader: the catalogue of today.
        at: the moment, microseconds since 1970, UTC.
        shift: below zero; added to the number of an object of today.
    """

    def __init__(self, reader: CatalogReader, at: int, shift: int) -> None:
        self.at = at
        self._reader = reader
        self._shift = shift
        self._contents = Contents(reader, shift)
        self._position = Memo(self._fetch_position)
        self._describing = Memo(self._fetch_describing)
        self._naming = Memo(self._fetch_naming)
        self._answered = Memo(self._fetch_answered)
        self._named = Memo(self._fetch_named)

    def number_of(self, today: int) -> int:
        """What an object of today is called here."""
        return today + self._shift

    async def entries_of_services(self, keys: Iterable[str]) -> dict[str, tuple[ServiceEntryRecord, ...]]:
        """Descriptions by service key, in order of their identifiers."""
        found = await self._describing.get(keys)
        contents = await self._contents.get(version for versions in found.values() for version in versions)
        return {
            key: _in_order(contents[version] for version in versions if _describes(contents[version], key))
            for key, versions in found.items()
        }

    async def _fetch_describing(self, keys: list[str]) -> Mapping[str, list[int]]:
        grouped: dict[str, list[int]] = {}
        rows = await self._reader.rows(statements.DESCRIBING, keys=keys, position=await self.position())
        for key, number, version in rows:
            grouped.setdefault(key, []).append(version)
            self._answered.learn(number, version)
        return grouped

    async def entries(self, numbers: Iterable[int]) -> dict[int, EntryRecord]:
        """Objects of any kind by number."""
        return {number: content.record for number, content in (await self._of(numbers)).items()}

    async def entries_by_id(self, ids: Iterable[EntryId]) -> dict[EntryId, EntryRecord]:
        """Objects by identifier."""
        wanted = {(one.kind.number, one.agency, one.value): one for one in ids}
        numbers = await self._named.get(wanted)
        records = await self.entries(map(self.number_of, numbers.values()))
        return {
            wanted[identity]: records[self.number_of(number)]
            for identity, number in numbers.items()
            if self.number_of(number) in records
        }

    async def specialisations(self, numbers: Iterable[int]) -> dict[int, tuple[SpecialisationRecord, ...]]:
        """Specialisations by the number of the entry that they changed."""
        found: dict[int, tuple[SpecialisationRecord, ...]] = {}
        for number, contents in (await self._naming_of(numbers, EntryKind.SPECIALISATION)).items():
            records = (one.record for one in contents)
            found[number] = tuple(one for one in records if isinstance(one, SpecialisationRecord))
        return found

    async def edges(self, services: Iterable[int], place: AreaKey) -> dict[int, list[Edge]]:
        """The rules that covered a place, by the number of the entry that they named; only those that answered."""
        above = frozenset(ancestor_codes(place))
        rules = await self._naming_of(services, EntryKind.RESPONSIBILITY, above)
        owners = await self._named.get(
            one.shown.rule.owner for contents in rules.values() for one in contents if one.shown.rule
        )
        return {
            service: [
                Edge(service, key_of(area), rule.role, self.number_of(owners[rule.owner]), one.record.number)
                for one in contents
                if (rule := one.shown.rule) is not None and rule.owner in owners
                for area in rule.areas
                if area in above
            ]
            for service, contents in rules.items()
        }

    async def facts(self, numbers: Iterable[int]) -> dict[int, bytes]:
        """The facts beside an entry, as stored."""
        found = await self._of(numbers)
        return {number: one.shown.facts for number, one in found.items() if one.shown.facts is not None}

    async def modules(
        self, numbers: Iterable[int], codes: Sequence[str] | None = None
    ) -> dict[int, tuple[ModuleRow, ...]]:
        """Text modules by entry number, of some codes or of all."""
        return {
            number: tuple(
                ModuleRow(ordinal, code, language, html, stored.links(links) if links else ())
                for ordinal, code, language, html, links in content.shown.modules
                if codes is None or code in codes
            )
            for number, content in (await self._of(numbers)).items()
        }

    async def _of(self, numbers: Iterable[int]) -> dict[int, Content]:
        """The contents by number of those objects that were there."""
        wanted = [number - self._shift for number in numbers]
        answered = await self._answered.get(wanted)
        contents = await self._contents.get(answered.values())
        return {self.number_of(number): contents[version] for number, version in answered.items()}

    async def _fetch_answered(self, numbers: list[int]) -> Mapping[int, int]:
        position = await self.position()
        rows = await self._reader.rows(statements.ANSWERED, numbers=numbers, position=position)
        return {row[0]: row[1] for row in rows}

    async def _naming_of(
        self, numbers: Iterable[int], kind: EntryKind, areas: frozenset[int] | None = None
    ) -> dict[int, list[Content]]:
        """The objects of a kind that named each of some objects, with areas only those of which one is among them."""
        named = await self._of(numbers)
        found = {
            number: [one for one in candidates if one.kind is kind and _is_in(one, areas)]
            for number, candidates in (
                await self._naming.get(number - self._shift for number in named)
            ).items()
        }
        contents = await self._contents.get(one.version for group in found.values() for one in group)
        for one in (one for group in found.values() for one in group):
            self._answered.learn(one.number, one.version)
        return {
            self.number_of(number): [
                contents[one.version]
                for one in group
                if _names(contents[one.version]) == named[self.number_of(number)].identity
            ]
            for number, group in found.items()
        }

    async def _fetch_naming(self, numbers: list[int]) -> Mapping[int, list[_Naming]]:
        grouped: dict[int, list[_Naming]] = {}
        rows = await self._reader.rows(statements.NAMING, numbers=numbers, position=await self.position())
        for named, number, version, kind, areas in rows:
            naming = _Naming(number, version, EntryKind.numbered(kind), areas)
            grouped.setdefault(named, []).append(naming)
        return grouped

    async def _fetch_named(self, identities: list[Identity]) -> Mapping[Identity, int]:
        kinds, agencies, values = (sorted(set(part)) for part in zip(*identities, strict=True))
        rows = await self._reader.rows(
            statements.NAMED,
            kinds=kinds,
            agencies=agencies,
            values=values,
            position=await self.position(),
        )
        found = {}
        for kind, agency, value, number, version in rows:
            found[kind, agency, value] = number
            self._answered.learn(number, version)
        return found

    async def position(self) -> int:
        """The feed's position at the moment; 0 before the first change."""
        return (await self._position.get((0,)))[0]

    async def _fetch_position(self, _: list[int]) -> Mapping[int, int]:
        rows = await self._reader.rows(statements.POSITION, at=self.at)
        return {0: rows[0][0] or 0}


def _describes(content: Content, key: str) -> bool:
    return key in content.shown.leika_keys


def _in_order(contents: Iterable[Content]) -> tuple[ServiceEntryRecord, ...]:
    records = (one.record for one in contents)
    found = [record for record in records if isinstance(record, ServiceEntryRecord)]
    return tuple(sorted(found, key=lambda record: (record.agency, record.value)))


def _is_in(naming: _Naming, areas: frozenset[int] | None) -> bool:
    return areas is None or not areas.isdisjoint(_areas(naming.areas))


def _names(content: Content) -> Identity | None:
    rule = content.shown.rule
    return content.shown.specialises if rule is None else rule.service
