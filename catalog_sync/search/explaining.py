"""Why a service is a hit: what of the question it has, where, and by which way it was found."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from catalog_sync.search.analyzer import tokens_of_compound, words
from catalog_sync.search.asking import Alternative, Concept, How
from catalog_sync.search.fields import PART, WEIGHTS, Field
from catalog_sync.search.finding import Found
from catalog_sync.search.generation import Generation
from catalog_sync.search.memory import SearchIndex
from catalog_sync.search.ranking import BUNDLE, OBJECT
from catalog_sync.search.thesaurus_entries import Analysed


class Match(Enum):
    """Whether a hit answers the question itself, or follows a relative that does."""

    ITSELF = "itself"
    SAME_OBJECT = "same object"
    SAME_BUNDLE = "same bundle"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a question, and what of the service answers it.

    Attributes:
        asked: the question's words.
        matched: what answers them, as it is written; None where nothing does.
        fields: where that stands, the field that counts most first.
        how: by which way it was found.
        entry: the thesaurus entry that it went through.
        stems: of what answers them.
    """

    asked: str
    matched: str | None = None
    fields: Sequence[Field] = ()
    how: How | None = None
    entry: Analysed | None = None
    stems: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a service is a hit.

    Attributes:
        score: 0 to 1.
        match: whether it answers itself.
        relative: the key of the service that it follows.
        parts: of the question, in its order.
    """

    score: float
    match: Match
    relative: str | None
    parts: Sequence[Part]


def explained(found: Found, index: SearchIndex, key: str) -> Explanation | None:
    """Why a key is among the hits; None where nothing was asked."""
    if found.question is None:
        return None
    slot = found.generation.roster.slots[int(key)]
    match, relative = _match(found, slot, found.scores[key])
    if found.concepts:
        parts = [_part(concept, slot, found, index) for concept in found.concepts]
    elif match is Match.ITSELF:
        parts = [Part(found.question, key, how=How.KEY)]
    else:
        parts = [Part(found.question)]
    return Explanation(min(1.0, round(found.scores[key], 4)), match, relative, parts)


def _match(found: Found, slot: int, score: float) -> tuple[Match, str | None]:
    """Its own score, or the better one of a relative: of the object first, for that is what it is about."""
    own, roster = found.answer.own, found.generation.roster
    if own.of(slot) >= score:
        return Match.ITSELF, None
    sibling, best = _best(found, slot, roster.siblings(slot))
    other, next_best = _best(found, slot, roster.of_its_bundle(slot))
    if sibling is not None and best * OBJECT >= next_best * BUNDLE:
        return Match.SAME_OBJECT, str(sibling)
    if other is not None:
        return Match.SAME_BUNDLE, str(other)
    return Match.ITSELF, None


def _best(found: Found, slot: int, relatives: Sequence[int]) -> tuple[int | None, float]:
    """The relative that answers best, by its key, and how well."""
    own, keys = found.answer.own, found.generation.roster.keys
    scores = {keys[one]: points for one in relatives if one != slot and (points := own.of(one))}
    best = max(scores, key=lambda key: (scores[key], -key), default=None)
    return best, scores[best] if best is not None else 0.0


def _part(concept: Concept, slot: int, found: Found, index: SearchIndex) -> Part:
    generation, key = found.generation, found.generation.roster.keys[slot]
    best: tuple[float, Alternative] | None = None
    for one in concept.alternatives:
        strength = _strength(one, slot, generation)
        if strength > 0 and (best is None or strength > best[0]):
            best = (strength, one)
    if best is None:
        return Part(concept.asked)
    chosen = best[1]
    has = [one for one in chosen.stems if generation.strength(one, slot) > 0]
    mask = 0
    for stem in has:
        mask |= generation.mask(stem, key) | generation.mask(PART + stem, key)
    return Part(
        asked=concept.asked,
        matched=_written(chosen, has, slot, found, index),
        fields=[one for one in _BY_WEIGHT if one & mask],
        how=_how(chosen, key, generation),
        entry=chosen.through.entry if chosen.through else None,
        stems=has,
    )


_BY_WEIGHT = sorted(WEIGHTS, key=lambda one: (-WEIGHTS[one], one))


def _strength(alternative: Alternative, slot: int, generation: Generation) -> float:
    """As in `scoring`: how much of an alternative the service has."""
    has = [generation.strength(one, slot) for one in alternative.stems]
    if len(has) == 1:
        return alternative.weight * has[0]
    rarities = [generation.weight_of(one) for one in alternative.stems]
    total = sum(rarities) or 1.0
    return float(alternative.weight * (sum(r * h for r, h in zip(rarities, has, strict=True)) / total) ** 2)


def _how(alternative: Alternative, key: int, generation: Generation) -> How:
    inside = alternative.how is How.WORD and not any(generation.mask(one, key) for one in alternative.stems)
    return How.PART if inside else alternative.how


def _written(
    alternative: Alternative, stems: Sequence[str], slot: int, found: Found, index: SearchIndex
) -> str:
    """What the service says: words of its titles, else of its other texts as they are spelled most."""
    if alternative.how is How.LAW:
        return alternative.shown
    wanted = set(stems)
    said: dict[str, str] = {}
    for _, title in found.generation.roster.services[slot].names:
        for surface, stem in words(title):
            tokens = {stem, *(token.removeprefix(PART) for token in tokens_of_compound(surface))}
            for one in wanted & tokens:
                said.setdefault(one, index.spellings.written(surface))
    written = [said.get(one) or index.spellings.written(index.surface(one)) for one in stems]
    return " ".join(dict.fromkeys(written))
