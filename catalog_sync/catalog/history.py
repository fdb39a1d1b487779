"""The catalogue of today and of any moment before, in one reader for one request."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from catalog_sync.catalog import past_statements as statements
from catalog_sync.catalog.kept import Kept
from catalog_sync.catalog.keys import AreaKey
from catalog_sync.catalog.past import Past
from catalog_sync.catalog.payload import unpack
from catalog_sync.catalog.reading import Snapshot
from catalog_sync.catalog.records import Edge, EntryRecord, EntryVersion, ModuleRow, SpecialisationRecord
from catalog_sync.catalog.store import CatalogReader

V = TypeVar("V")
_SHIFT = 2**40
"""More objects than a catalogue will ever hold."""


class HistoricReader(CatalogReader):
    """A `CatalogReader` that takes numbers of past moments too, and answers each from its moment."""

    def __init__(self, snapshot: Snapshot, kept: Kept | None = None) -> None:
        super().__init__(snapshot, kept)
        self._pasts: dict[int, Past] = {}

    def at(self, moment: int) -> Past:
        """The catalogue at a moment, microseconds since 1970, UTC; the same object for the same moment."""
        found = self._pasts.get(moment)
        if found is None:
            found = self._pasts[moment] = Past(self, moment, -_SHIFT * (len(self._pasts) + 1))
        return found

    def past_of(self, number: int) -> Past | None:
        """The moment that an object's number is of; None for today."""
        return None if number >= 0 else list(self._pasts.values())[-(number // _SHIFT) - 1]

    @staticmethod
    def today(number: int) -> int:
        """The number that an object of any moment has today."""
        return number % _SHIFT

    async def versions(self, numbers: Iterable[int]) -> dict[int, list[EntryVersion]]:
        """What answered for some objects of today or of any moment, the oldest first."""
        wanted = {number: self.today(number) for number in numbers}
        rows = await self.rows(statements.VERSIONS, numbers=sorted(set(wanted.values())))
        found: dict[int, list[EntryVersion]] = {}
        before: dict[int, bytes | None] = {}
        for number, at, run, source, changed_at, received_at, payload in rows:
            versions = found.setdefault(number, [])
            if payload is not None and payload == before.get(number):
                continue  # it was told again, for its source's areas changed
            before[number] = payload
            if versions and versions[-1].ends is None:
                versions[-1] = versions[-1].ended(at)
            if payload is not None:
                label = unpack(payload).version.label
                versions.append(EntryVersion(label, changed_at, received_at, at, None, source, run))
        return {number: found.get(today, []) for number, today in wanted.items()}

    async def modules(
        self, numbers: Iterable[int], codes: Sequence[str] | None = None
    ) -> dict[int, tuple[ModuleRow, ...]]:
        """Text modules by entry number, of some codes or of all."""
        return dict(
            await self._split(
                list(dict.fromkeys(numbers)),
                partial(super().modules, codes=codes),
                lambda past, of_past: past.modules(of_past, codes),
            )
        )

    async def _fetch_entries(self, numbers: list[int]) -> Mapping[int, EntryRecord]:
        return await self._split(numbers, super()._fetch_entries, Past.entries)

    async def _fetch_specialisations(
        self, numbers: list[int]
    ) -> Mapping[int, tuple[SpecialisationRecord, ...]]:
        return await self._split(numbers, super()._fetch_specialisations, Past.specialisations)

    async def _fetch_facts(self, numbers: list[int]) -> Mapping[int, bytes]:
        return await self._split(numbers, super()._fetch_facts, Past.facts)

    async def _fetch_edges(self, place: AreaKey, services: list[int]) -> Mapping[int, list[Edge]]:
        return await self._split(
            services,
            partial(super()._fetch_edges, place),
            lambda past, of_past: past.edges(of_past, place),
        )

    async def _split(
        self,
        numbers: list[int],
        today: Callable[[list[int]], Awaitable[Mapping[int, V]]],
        then: Callable[[Past, list[int]], Awaitable[Mapping[int, V]]],
    ) -> Mapping[int, V]:
        """Read numbers of today, and those of each moment in it."""
        if not self._pasts:
            return await today(numbers)
        groups: dict[Past | None, list[int]] = {}
        for number in numbers:
            groups.setdefault(self.past_of(number), []).append(number)
        found: dict[int, V] = {}
        for past, group in groups.items():
            found |= await (today(group) if past is None else then(past, group))
        return found
