"""The live objects of one snapshot in their order: kind, agency, value.

An object is handed out as another hub must read it to answer the same: where it names no area, the areas of its
source are filled in, for the next hub's source writes elsewhere; a unit holds those of its rules that are live as the
unit carries them, and the others come as objects of their own.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple

import orjson
from msgspec.structs import replace

from catalog_sync.catalog.keys import AreaKey, EntryKind, key_of
from catalog_sync.catalog.model import (
    Authority,
    CatalogObject,
    OnlineService,
    Responsibility,
    ServiceEntry,
    Specialisation,
)
from catalog_sync.catalog.payload import encode_object, unpack
from catalog_sync.catalog.reading import Row, Snapshot
from catalog_sync.exporting import statements

_UNITS = (EntryKind.AUTHORITY, EntryKind.ONLINE_SERVICE)
_Carried = Mapping[int, Mapping[tuple[str, str], tuple[int, bytes]]]


class Head(NamedTuple):
    """A row of `entry`."""

    id: int
    agency: str
    value: str
    source_id: int
    version_id: int


class Numbers:
    """A set of entries' numbers, a bit each."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def add(self, number: int) -> None:
        """Put one in."""
        if (byte := number >> 3) >= len(self._bits):
            self._bits.extend(bytes(byte + 4096 - len(self._bits)))
        self._bits[byte] |= 1 << (number & 7)

    def __contains__(self, number: int) -> bool:
        return (byte := number >> 3) < len(self._bits) and bool(self._bits[byte] & 1 << (number & 7))


@dataclass(slots=True)
class Objects:
    """The live objects of a snapshot.

    Attributes:
        areas_of: where each source writes, by its number.
        area: only objects whose areas touch it: above, below or the same; None: all.
        source: only objects that this source delivered; None: all.
    """

    snapshot: Snapshot
    areas_of: Mapping[int, tuple[AreaKey, ...]]
    area: AreaKey | None = None
    source: int | None = None
    _carried: Numbers = field(default_factory=Numbers)
    _owners: Numbers = field(default_factory=Numbers)

    async def pages(self) -> AsyncIterator[Sequence[CatalogObject]]:
        """All of them, some at a time."""
        if self.area is not None:
            await self._find_owners()
        for kind in EntryKind:
            async for heads in self._heads(kind):
                wanted = await self._touching(kind, [one for one in heads if self._is_wanted(one)])
                if wanted:
                    yield await self._read(kind, wanted)

    async def _heads(self, kind: EntryKind) -> AsyncIterator[list[Head]]:
        after = ("", "")
        while True:
            rows = await self.snapshot.rows(
                statements.HEADS, kind=kind.number, agency=after[0], value=after[1]
            )
            if not rows:
                return
            heads = [Head(*row) for row in rows]
            after = (heads[-1].agency, heads[-1].value)
            yield heads

    def _is_wanted(self, head: Head) -> bool:
        return head.id not in self._carried and self.source in (None, head.source_id)

    async def _find_owners(self) -> None:
        """Authorities and online services have no areas: those are asked for whose rules touch the area."""
        async for heads in self._heads(EntryKind.RESPONSIBILITY):
            for _, owner, areas in await self._rules(heads):
                if self._touches(orjson.loads(areas)):
                    self._owners.add(owner)

    async def _rules(self, heads: Sequence[Head]) -> Sequence[Row]:
        return await self.snapshot.rows(statements.RULES, numbers=[one.id for one in heads])

    def _touches(self, codes: Iterable[int]) -> bool:
        wanted = self.area or ""
        return any(wanted.startswith(key) or key.startswith(wanted) for key in map(key_of, codes))

    async def _touching(self, kind: EntryKind, heads: list[Head]) -> list[Head]:
        if self.area is None or not heads:
            return heads
        if kind in _UNITS:
            return [one for one in heads if one.id in self._owners]
        if kind is EntryKind.RESPONSIBILITY:
            rules = await self._rules(heads)
            there = {row[0] for row in rules if self._touches(orjson.loads(row[2]))}
        else:
            rows = await self.snapshot.rows(statements.ENTRY_AREAS, numbers=[one.id for one in heads])
            there = {number for number, code in rows if self._touches((code,))}
        return [one for one in heads if one.id in there]

    async def _read(self, kind: EntryKind, heads: Sequence[Head]) -> list[CatalogObject]:
        rows = await self.snapshot.rows(statements.PAYLOADS, numbers=[one.version_id for one in heads])
        payloads = {number: bytes(payload) for number, payload in rows}
        carried = await self._carried_by(heads) if kind in _UNITS else {}
        return [self._whole(one, unpack(payloads[one.version_id]), carried) for one in heads]

    async def _carried_by(self, units: Sequence[Head]) -> _Carried:
        carried: dict[int, dict[tuple[str, str], tuple[int, bytes]]] = {}
        rows = await self.snapshot.rows(statements.CARRIED, units=[one.id for one in units])
        for carrier, number, agency, value, content_hash in rows:
            carried.setdefault(carrier, {})[agency, value] = (number, bytes(content_hash))
        return carried

    def _whole(self, head: Head, obj: CatalogObject, carried: _Carried) -> CatalogObject:
        match obj:
            case ServiceEntry() | Specialisation() if not obj.areas:
                return replace(obj, areas=self.areas_of.get(head.source_id, ()))
            case Authority() | OnlineService() if obj.responsibilities:
                return replace(obj, responsibilities=self._live(obj, carried.get(head.id, {})))
        return obj

    def _live(
        self, unit: Authority | OnlineService, carried: Mapping[tuple[str, str], tuple[int, bytes]]
    ) -> tuple[Responsibility, ...]:
        """The rules that the unit still carries just as it says; each is marked, not to come a second time."""
        live: list[Responsibility] = []
        for one in unit.responsibilities:
            number, content_hash = carried.get((one.agency, one.value), (0, b""))
            if blake2b(encode_object(one), digest_size=16).digest() == content_hash:
                live.append(one)
                self._carried.add(number)
        return tuple(live)
