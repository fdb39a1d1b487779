"""The rules of `scoring` and `ranking` service by service, with no set, no bound and nothing left for later."""

from collections.abc import Iterator, Mapping, Sequence

from catalog_sync.search.asking import Alternative, Concept, How
from catalog_sync.search.fields import OFFICE, PART, token_weight, weight
from catalog_sync.search.generation import Generation, rounded
from catalog_sync.search.ranking import BUNDLE, BUNDLE_FROM, LEAST_OF_BEST, OBJECT
from catalog_sync.search.roster import standing
from catalog_sync.search.scoring import (
    ALL_SAID,
    LEAST_ANSWERED,
    MOST_UNKNOWN,
    ONE_CONCEPT,
    TITLE_SHARE,
)
from catalog_sync.search.weighing import weigh

_PARTIAL = 0.2


def own_scores(concepts: Sequence[Concept], generation: Generation) -> dict[int, float]:
    """The services that answer a question by themselves, by key."""
    weighed = sorted((weigh(one, generation) for one in concepts), key=lambda one: -one.importance)
    total = sum(one.importance for one in weighed)
    if not total:
        return {}
    parts = dict.fromkeys(generation.roster.slots, 0.0)
    said = dict(parts)
    for one in weighed:
        for key in parts:
            parts[key] += one.importance * max(
                (_has(other, key, generation) for other in one.concept.alternatives), default=0.0
            )
            said[key] += one.importance * _says(one.concept, key, generation)
    answering = [
        key
        for key, points in parts.items()
        if points and (points >= LEAST_ANSWERED * total or said[key] >= ALL_SAID * total)
    ]
    if not answering and sum(one.importance for one in weighed if not one.known) <= MOST_UNKNOWN * total:
        most = max((one.importance for one in weighed if one.known), default=0.0)
        answering = [key for key, points in parts.items() if points and points >= ONE_CONCEPT * most]
    return {
        key: parts[key]
        / total
        * (1 - TITLE_SHARE + TITLE_SHARE * _share(concepts, key, generation))
        * standing(key)
        for key in answering
    }


def _strength(stem: str, key: int, generation: Generation) -> float:
    masks = {token: generation.mask(token, key) for token in (stem, PART + stem)}
    return max(token_weight(token) * weight(mask) for token, mask in masks.items())


def _has(alternative: Alternative, key: int, generation: Generation) -> float:
    if len(alternative.stems) == 1:
        return alternative.weight * _strength(alternative.stems[0], key, generation)
    rarities = {stem: generation.weight_of(stem) for stem in alternative.stems}
    if not _strength(max(rarities, key=lambda stem: (rarities[stem], stem)), key, generation):
        return 0.0
    whole = sum(rarity * _strength(stem, key, generation) for stem, rarity in rarities.items())
    return float(alternative.weight * (whole / sum(rarities.values())) ** 2)


def _says(concept: Concept, key: int, generation: Generation) -> bool:
    return any(
        generation.mask(token, key) & OFFICE
        for one in concept.alternatives
        if one.how is not How.THESAURUS and len(one.stems) == 1
        for token in (one.stems[0], PART + one.stems[0])
    )


def _share(concepts: Sequence[Concept], key: int, generation: Generation) -> float:
    matched = {
        stem
        for one in concepts
        for other in one.alternatives
        if _has(other, key, generation) > _PARTIAL
        for stem in other.stems
    }
    service = generation.roster.get(key)
    titles = service.titles if service else ()
    shares = [
        sum(generation.weight_of(stem) for stem in title if stem in matched)
        / sum(map(generation.weight_of, title))
        for title in titles
        if title
    ]
    return rounded(max(shares, default=0.0))


def with_relatives(own: Mapping[int, float], generation: Generation) -> dict[int, float]:
    """Services with those that follow them."""
    if not own:
        return {}
    top, found = max(own.values()), dict(own)
    for key, points in own.items():
        for other, share in _relatives(key, generation, bundles=points >= BUNDLE_FROM * top):
            found[other] = max(points * share * standing(other), found.get(other, 0.0))
    return {key: points for key, points in found.items() if points >= LEAST_OF_BEST * top}


def _relatives(key: int, generation: Generation, *, bundles: bool) -> Iterator[tuple[int, float]]:
    roster = generation.roster
    slot = roster.slots[key]
    yield from ((roster.keys[one], OBJECT) for one in roster.siblings(slot))
    if bundles:
        yield from ((roster.keys[one], BUNDLE) for one in roster.of_its_bundle(slot))
