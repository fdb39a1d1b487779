"""The scores of the services that answer a question by themselves, worked out where somebody asks for them.

Services that answer the same part and have the same share of a title named are one set. Only those whose titles have
several of the question's words are looked at one by one.
"""

from collections.abc import Callable, Iterable
from functools import cached_property

from catalog_sync.search.bits import has, members
from catalog_sync.search.generation import Generation
from catalog_sync.search.roster import BARE
from catalog_sync.search.scoring import Answering, title_share, with_title

Scored = tuple[float, int]
"""A score, and the services that have it."""


class Own:
    """The services that answer, with their scores.

    Args:
        answering: what part of the question they answer.
        generation: the state of the index that they were found in.
    """

    def __init__(self, answering: Answering, generation: Generation) -> None:
        self.answering, self.generation = answering, generation
        self._sets: dict[float, list[Scored]] = {}

    @cached_property
    def _several(self) -> int:
        """Services with more than one of the question's words in their titles."""
        once = found = 0
        for stem, such in self.answering.asked.items():
            titled = self.generation.hits(stem).titled & such
            found |= once & titled
            once |= titled
        return found

    @cached_property
    def _shares(self) -> list[Scored]:
        """How much of a title is named, and for whom; of services with one word of the question there, or none."""
        found = {0.0: self.generation.roster.alive & ~self._several}
        for stem, such in self.answering.asked.items():
            for share, bits in self.generation.title_shares(stem):
                if some := bits & such & found[0.0]:
                    found[share] = found.get(share, 0) | some
                    found[0.0] &= ~some
        return list(found.items())

    @cached_property
    def _weights(self) -> tuple[dict[str, float], list[tuple[str, int]]]:
        """What the question's words weigh, and those that count for some services only."""
        asked = self.answering.asked
        weights = {stem: self.generation.weight_of(stem) for stem in asked}
        return weights, [(stem, such) for stem, such in asked.items() if such != -1]

    def _one_by_one(self, answered: float, bits: int) -> Iterable[Scored]:
        weights, some = self._weights
        for slot in members(bits):
            without = [stem for stem, such in some if not has(such, slot)]
            asked = {stem: weights[stem] for stem in weights.keys() - without} if without else weights
            share = title_share(slot, asked, self.generation)
            yield with_title(answered, share) * self.generation.roster.standing[slot], 1 << slot

    def sets(self, answered: float, bits: int) -> list[Scored]:
        """The scores of the services that answer so much."""
        known = self._sets.get(answered)
        if known is None:
            known = self._sets[answered] = self._scored(answered, bits)
        return known

    def _scored(self, answered: float, bits: int) -> list[Scored]:
        if self.answering.exactly:
            return [(answered, bits)]
        found: dict[float, int] = {}
        roster = self.generation.roster
        for share, some in self._shares:
            if having := some & bits:
                points = with_title(answered, share)
                for standing, such in roster.by_standing.items():
                    if both := having & such:
                        found[points * standing] = found.get(points * standing, 0) | both
        for points, one in self._one_by_one(answered, bits & self._several):
            found[points] = found.get(points, 0) | one
        return list(found.items())

    def of(self, slot: int) -> float:
        """A service's score; 0 where it does not answer itself."""
        for answered, bits in self.answering.groups:
            if bits >> slot & 1:
                return next(points for points, some in self.sets(answered, bits) if some >> slot & 1)
        return 0.0

    def reaching(self, enough: Callable[[float], bool]) -> Iterable[Scored]:
        """All services whose scores are enough; whatever is, a higher score is too."""
        for answered, bits in self.answering.groups:
            if enough(answered * BARE):
                yield from ((points, some) for points, some in self.sets(answered, bits) if enough(points))
