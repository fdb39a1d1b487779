"""How well services answer a question: concepts weighed by rarity, titles by how much of them was asked for.

A service's own score is the part of the question that it answers (0 to 1), two fifths of it for how much of its best
title the question names. Services of the same object or OZG bundle follow what they are related to, at a distance: who
asks for one wants to see them next (`ranking`). What answers too little of the question is no answer, unless its office
says all of the question's words, be it deep in a text.

Services that answer the same part of a question are one set (`bits`); titles are looked at where they can matter.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from catalog_sync.search.asking import Alternative, Concept, How
from catalog_sync.search.generation import Generation, rounded
from catalog_sync.search.hits import disjoint
from catalog_sync.search.weighing import Weighed, weigh

TITLE_SHARE = 0.4
LEAST_ANSWERED = 0.4
ALL_SAID = 0.95
MOST_UNKNOWN, ONE_CONCEPT = 0.34, 0.7
"""Where no service answers enough of a story whose words are known, those that answer its rarest concept do."""

_PARTIAL = 0.2
_Sets = Sequence[tuple[float, int]]


Asked = Mapping[str, int]
"""The stems that count where a title has them, each with the services for which it does."""


@dataclass(frozen=True, slots=True)
class Answering:
    """The services that answer a question by themselves.

    Attributes:
        groups: the part of the question that each answers, most first; each service is in one.
        asked: what raises services with it in their titles.
        exactly: whether the part is the score, with no title and no standing: of keys, and where nothing was asked.
    """

    groups: _Sets = ()
    asked: Asked = field(default_factory=dict)
    exactly: bool = False

    def __bool__(self) -> bool:
        """Whether any service answers."""
        return bool(self.groups)


@dataclass(frozen=True, slots=True)
class _Sums:
    """How much a question's parts say: all, those that nothing has, and the one that says most; who has which."""

    weighed: Sequence[Weighed]
    classes: Sequence[_Sets]
    total: float
    unknown: float
    most: float


def answering(concepts: Sequence[Concept], generation: Generation) -> Answering:
    """The services that answer a question."""
    sums = _sums(concepts, generation)
    if not sums.total:
        return Answering()
    groups = _groups(sums, generation, LEAST_ANSWERED * sums.total, _all_said(sums, generation))
    if not groups and sums.unknown <= MOST_UNKNOWN * sums.total:
        groups = _groups(sums, generation, ONE_CONCEPT * sums.most, 0)
    if not groups:
        return Answering()
    return Answering([(points / sums.total, bits) for points, bits in groups], _named(sums, generation))


def nearest(concepts: Sequence[Concept], generation: Generation, least: float) -> _Sets:
    """The services that answer this part of a question or more, best first: near where nothing answers enough."""
    sums = _sums(concepts, generation)
    if not sums.total:
        return ()
    groups = _groups(sums, generation, least * sums.total, 0)
    return [(points / sums.total, bits) for points, bits in groups]


def _sums(concepts: Sequence[Concept], generation: Generation) -> _Sums:
    weighed = sorted(
        (weigh(one, generation) for one in concepts), key=lambda one: one.importance, reverse=True
    )
    return _Sums(
        weighed,
        [_classes(one.concept, generation) for one in weighed],
        sum(one.importance for one in weighed),
        sum(one.importance for one in weighed if not one.known),
        max((one.importance for one in weighed if one.known), default=0.0),
    )


def _classes(concept: Concept, generation: Generation) -> _Sets:
    """The services that have a concept, by how much of it."""
    found: dict[float, int] = {}
    for alternative in concept.alternatives:
        for value, bits in _of_alternative(alternative, generation):
            found[value] = found.get(value, 0) | bits
    return disjoint(found)[0]


def _of_alternative(alternative: Alternative, generation: Generation) -> Iterator[tuple[float, int]]:
    if len(alternative.stems) == 1:
        for value, bits in generation.hits(alternative.stems[0]).classes:
            yield alternative.weight * value, bits
        return
    rarities = {stem: generation.weight_of(stem) for stem in alternative.stems}
    total = sum(rarities.values())
    rarest = max(rarities, key=lambda stem: (rarities[stem], stem))
    parts = {0.0: generation.hits(rarest).every}
    for stem, rarity in rarities.items():
        parts = _split(parts, generation.hits(stem).classes, rarity)
    for whole, bits in parts.items():
        yield alternative.weight * (whole / total) ** 2, bits


def _split(sums: Mapping[float, int], classes: _Sets, weight: float) -> dict[float, int]:
    """Sets of services with what each has of one thing more added."""
    found: dict[float, int] = {}
    for before, some in sums.items():
        left = some
        for value, bits in classes:
            if new := left & bits:
                after = before + weight * value
                found[after] = found.get(after, 0) | new
                left &= ~new
                if not left:
                    break
        if left:
            found[before] = found.get(before, 0) | left
    return found


def _groups(sums: _Sums, generation: Generation, least: float, besides: int) -> list[tuple[float, int]]:
    """The services that answer at least so much, and some others, by how much; the most first."""
    parts = {0.0: generation.roster.alive}
    left = sums.total
    for one, classes in zip(sums.weighed, sums.classes, strict=True):
        parts = _split(parts, classes, one.importance)
        left -= one.importance
        enough = least - left - 1e-9 * sums.total
        parts = {
            points: kept
            for points, bits in parts.items()
            if (kept := bits if points >= enough else bits & besides)
        }
    return sorted(
        (
            (points, kept)
            for points, bits in parts.items()
            if points and (kept := bits if points >= least else bits & besides)
        ),
        reverse=True,
    )


def _all_said(sums: _Sums, generation: Generation) -> int:
    """The services whose offices say as good as all of the question's own words, be it in a text."""
    parts = {0.0: generation.roster.alive}
    left = sums.total
    for one in sums.weighed:
        parts = _split(parts, ((1.0, _saying(one.concept, generation)),), one.importance)
        left -= one.importance
        enough = ALL_SAID * sums.total - left - 1e-9 * sums.total
        parts = {points: bits for points, bits in parts.items() if points >= enough}
    found = 0
    for points, bits in parts.items():
        found |= bits if points >= ALL_SAID * sums.total else 0
    return found


def _saying(concept: Concept, generation: Generation) -> int:
    """The services whose office says one of the question's own words."""
    found = 0
    for one in concept.alternatives:
        if one.how is not How.THESAURUS and len(one.stems) == 1:
            found |= generation.hits(one.stems[0]).office
    return found


def _named(sums: _Sums, generation: Generation) -> Asked:
    found: dict[str, int] = {}
    for concept in (one.concept for one in sums.weighed):
        for one in concept.alternatives:
            having = _having_partly(one, generation)
            for stem in one.stems if having else ():
                found[stem] = found.get(stem, 0) | having
    return found


def _having_partly(alternative: Alternative, generation: Generation) -> int:
    if len(alternative.stems) == 1:  # as a word of a title it is there in full
        return -1 if alternative.weight > _PARTIAL else 0
    having = 0
    for value, bits in _of_alternative(alternative, generation):
        having |= bits if value > _PARTIAL else 0
    return having


def title_share(slot: int, asked: Mapping[str, float], generation: Generation) -> float:
    """How much of a service's best title was asked for, 0 to 1; `asked` says what the stems weigh."""
    share = 0.0
    for title, total in zip(generation.roster.services[slot].titles, generation.weights[slot], strict=True):
        named = sum([asked[stem] for stem in title if stem in asked])
        if named and named > share * total:
            share = named / total
    return rounded(share)


def with_title(answered: float, share: float) -> float:
    """A title that says nothing else than was asked goes before one that says more."""
    return answered * (1 - TITLE_SHARE + TITLE_SHARE * share)
