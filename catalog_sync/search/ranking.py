"""The hits of a question, best first and only as far as somebody looks: services that answer, and those that follow.

Services of the same object or OZG bundle follow what answers. A set of many is opened only when its turn comes, so that
the first page costs what stands on it.
"""

from collections.abc import Callable, Iterable, Iterator
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from catalog_sync.search.bits import members, set_of
from catalog_sync.search.own import Own, Scored
from catalog_sync.search.roster import BARE

LEAST_OF_BEST = 0.35
OBJECT, BUNDLE = 0.7, 0.42
BUNDLE_FROM = 0.75
"""A bundle follows services that score at least this part of the best."""


class Ranking:
    """Hits with their scores, each service once, the best first.

    Args:
        own: what answers by itself.
        best: the best own score, where it is known.
        among: the only services that are looked at, themselves or as what others follow.
    """

    def __init__(self, own: Own, best: float | None = None, among: int = -1) -> None:
        self._own = own
        self._roster = own.generation.roster
        self._waiting: list[tuple[float, int, Callable[..., Scored | None], tuple[float, int]]] = []
        self._number = count()
        self._objects: set[int] = set()
        self._bundles: set[str] = set()
        self._best, self._among = best, among
        for answered, bits in own.answering.groups:
            if bits & among:
                self._wait(answered * (1 if own.answering.exactly else BARE), self._open, answered, bits)

    def __iter__(self) -> Iterator[Scored]:
        """The hits: sets of services with one score, in falling order."""
        seen = 0
        while self._waiting:
            bound, _, step, (points, bits) = heappop(self._waiting)
            if self._best is not None and -bound < LEAST_OF_BEST * self._best:
                return
            if (found := step(points, bits)) is not None and (new := found[1] & ~seen):
                seen |= new
                yield found[0], new

    def _wait(self, bound: float, step: Callable[..., Scored | None], points: float, bits: int) -> None:
        heappush(self._waiting, (-bound, next(self._number), step, (points, bits)))

    def _open(self, answered: float, bits: int) -> None:
        """Services that answer the same part of the question."""
        for points, some in self._own.sets(answered, bits):
            if having := some & self._among:
                self._wait(points, self._answer, points, having)

    def _answer(self, points: float, bits: int) -> Scored:
        """Services that answer themselves; who is related to them waits."""
        if self._best is None:
            self._best = points
        if points:
            self._wait(points * OBJECT * BARE, self._follow_objects, points, bits)
            if points >= BUNDLE_FROM * self._best:
                self._wait(points * BUNDLE * BARE, self._follow_bundles, points, bits)
        return points, bits

    def _follow_objects(self, points: float, bits: int) -> None:
        roster = self._roster
        named = {roster.object_of(slot) for slot in members(bits)} - self._objects
        self._objects |= named
        self._follow(points * OBJECT, (slot for one in named for slot in roster.objects[one]))

    def _follow_bundles(self, points: float, bits: int) -> None:
        roster = self._roster
        named = {bundle for slot in members(bits) if (bundle := roster.services[slot].bundle)} - self._bundles
        self._bundles |= named
        self._follow(points * BUNDLE, (slot for one in named for slot in roster.bundles[one]))

    def _follow(self, points: float, slots: Iterable[int]) -> None:
        by_standing: dict[float, list[int]] = {}
        for slot in slots:
            by_standing.setdefault(self._roster.standing[slot], []).append(slot)
        for standing, some in by_standing.items():
            bits = set_of(some, len(self._roster.keys))
            self._wait(points * standing, lambda points, bits: (points, bits), points * standing, bits)


def everything(own: Own, best: float) -> int:
    """All services that a ranking would come to."""
    if not best:
        return own.generation.roster.alive
    least, roster = LEAST_OF_BEST * best, own.generation.roster
    found = _all(own.reaching(lambda points: points >= least))
    objects = _Relation(OBJECT, 0.0, least, roster.of_objects)
    bundles = _Relation(BUNDLE, BUNDLE_FROM * best, least, roster.of_bundles)
    found |= _following(own, objects, found)
    return found | _following(own, bundles, found)


class _Relation(NamedTuple):
    """How services follow others.

    Attributes:
        share: of the score of whom they follow.
        from_points: only those are followed that score so much.
        least: what who follows must score.
        of_all: those that follow some.
    """

    share: float
    from_points: float
    least: float
    of_all: Callable[[int], int]


def _following(own: Own, relation: _Relation, found: int) -> int:
    """The services that follow others and were not found yet."""
    roster, new = own.generation.roster, 0
    followed = related = 0
    for standing, such in sorted(roster.by_standing.items()):
        # What stands higher follows whom the others follow, and a few more.

        def is_followed(points: float, standing: float = standing) -> bool:
            return points >= relation.from_points and points * relation.share * standing >= relation.least

        if wanted := such & ~found:
            more = _all(own.reaching(is_followed)) & ~followed
            followed |= more
            related |= relation.of_all(more)
            new |= related & wanted
    return new


def _all(sets: Iterable[Scored]) -> int:
    found = 0
    for _, bits in sets:
        found |= bits
    return found
