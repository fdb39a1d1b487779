"""The keys of hits in order, as far as somebody looks: by score, and among equals by who asks."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import overload

from catalog_sync.catalog.keys import AreaKey
from catalog_sync.catalog.reading import Snapshot
from catalog_sync.search.bits import members
from catalog_sync.search.generation import Generation
from catalog_sync.search.nearby import described_at, online_at
from catalog_sync.search.own import Scored

_EQUAL = 50
"""Scores that differ by less than a fiftieth are equals: the place then decides."""

_Level = list[tuple[float, int]]


class Ordering(Sequence[str]):
    """LeiKa keys, best first: it has the length of all, and the items that were put in order.

    Among equals those go first that are described and online at the place, then those of the languages, then those that
    concern most people.

    Args:
        ranking: hits in falling order.
        hits: those of them that are wanted.
        generation: the state that they were found in.
        place: where who asks is.
        spoken: the services of the languages asked for; None for all.
    """

    def __init__(
        self,
        ranking: Iterator[Scored],
        hits: int,
        generation: Generation,
        place: AreaKey | None = None,
        spoken: int | None = None,
    ) -> None:
        self.scores: dict[str, float] = {}
        self._ranking, self._hits, self._place, self._spoken = ranking, hits, place, spoken
        self._roster = generation.roster
        self._total = hits.bit_count()
        self._keys: list[str] = []
        self._next: Scored | None = None

    def __len__(self) -> int:
        """How many hits there are."""
        return self._total

    @overload
    def __getitem__(self, at: int) -> str: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...

    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        """A hit, or some, of those that are in order; negative numbers count from the end of these."""
        return self._keys[at]

    async def reach(self, snapshot: Snapshot, wanted: int | None) -> None:
        """Put at least so many in order, None for all."""
        least = self._total if wanted is None else min(wanted, self._total)
        while len(self._keys) < least and (level := self._level()):
            near: Mapping[int, int] = {}
            online: Collection[int] = ()
            if self._place is not None:
                near = await described_at(
                    snapshot, [self._roster.keys[slot] for _, slot in level], self._place
                )
                online = await online_at(snapshot, list(near), self._place) if near else ()
            self._put(level, near, online)

    def _level(self) -> _Level:
        """The next hits whose scores are equals."""
        found: _Level = []
        equals: int | None = None
        while (one := self._next or next(self._ranking, None)) is not None:
            self._next = None
            points, bits = one
            if not (some := bits & self._hits):
                continue
            if equals is not None and round(points * _EQUAL) != equals:
                self._next = one
                break
            equals = round(points * _EQUAL)
            found += [(points, slot) for slot in members(some)]
        return found

    def _put(self, level: _Level, near: Mapping[int, int], online: Collection[int]) -> None:
        keys, reach = self._roster.keys, self._roster.reach
        classes: dict[tuple[int, bool, bool, int], list[tuple[float, int]]] = defaultdict(list)
        spoken = -1 if self._spoken is None else self._spoken
        for points, slot in level:
            key = keys[slot]
            concerned = reach[slot] if points else 0
            name = (-near.get(key, 0), key not in online, not spoken >> slot & 1, -concerned)
            classes[name].append((-points, key))
        for name in sorted(classes):
            for points, key in sorted(classes[name]):
                self._keys.append(text := str(key))
                self.scores[text] = -points
