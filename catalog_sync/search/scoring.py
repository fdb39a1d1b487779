"""How well services answer a question: concepts weighed by rarity, titles by how much of them was asked for.

A service's own score is the part of the question that it answers (0 to 1), two fifths of it for how much of its best
title the question names. Services of the same object or OZG bundle follow what they are related to, at a distance: who
asks for one wants to see them next. What answers too little of the question is no answer, unless its office says all of
the question's words, be it deep in a text.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from catalog_sync.search.asking import Alternative, Concept, How
from catalog_sync.search.fields import OFFICE, PART, token_weight, weight
from catalog_sync.search.memory import SearchIndex
from catalog_sync.search.postings import FIELD_BITS, FIELD_MASK, Postings, find
from catalog_sync.search.weighing import Weighed, weigh

TITLE_SHARE = 0.4
LEAST_ANSWERED = 0.4
ALL_SAID = 0.95
MOST_UNKNOWN, ONE_CONCEPT = 0.34, 0.7
"""Where no service answers enough of a story whose words are known, those that answer its rarest concept do."""
LEAST_OF_BEST = 0.35
OBJECT, BUNDLE = 0.7, 0.42
BARE, GRANTED, GENERAL = 1.08, 1.05, 1.02
BUNDLE_FROM = 0.75
"""A bundle follows services that score at least this part of the best."""

_LOOK_UP = 8
_PARTIAL = 0.2
_ACTIONS, _VARIANTS = 1_000_000, 1_000
_GRANTING = frozenset({1, 2, 5, 6, 7, 12, 16, 17, 19, 37, 60, 69, 80, 104, 169})
"""LeiKa codes of operations: Erteilung, Festsetzung, Erlaubnis, Genehmigung, Zulassung, Ausstellung, Anerkennung,
Bewilligung, Registrierung, Feststellung, Eintragung, Zuteilung, Gewährung, Anmeldung, Anzeige."""


@dataclass(slots=True)
class Scored:
    """The services that answer a question, with what of it each answers.

    Attributes:
        scores: what each answers, weighed by field.
        said: the same by how much of the question's own words it says anywhere.
        matched: the stems that it has of the question.
    """

    scores: dict[int, float] = field(default_factory=dict)
    said: dict[int, float] = field(default_factory=dict)
    matched: dict[int, set[str]] = field(default_factory=dict)


@dataclass(slots=True)
class _Sums:
    """How much a question's parts say: all, those that nothing has, and the one that says most; what answers them."""

    total: float
    unknown: float
    most: float
    answered: Scored


def own_scores(
    concepts: Sequence[Concept], postings: Postings, index: SearchIndex, *, prune: bool = True
) -> dict[int, float]:
    """The services that answer a question by themselves, by their scores.

    Args:
        concepts: what is asked for.
        postings: where its words stand.
        index: all that is indexed.
        prune: look for what says little only in services that can still answer enough; without, everywhere, which gives
            the same.
    """
    asked = _sums(concepts, postings, index, prune=prune)
    total, answered = asked.total, asked.answered
    if not total:
        return {}
    answering = _answering(answered, LEAST_ANSWERED * total, ALL_SAID * total)
    if not answering and asked.unknown <= MOST_UNKNOWN * total:
        answering = _answering(answered, ONE_CONCEPT * asked.most, total)
    return {
        key: _with_title(key, answered.scores[key] / total, answered.matched[key], index) * _standing(key)
        for key in answering
        if key in index.services
    }


def nearest_scores(
    concepts: Sequence[Concept], postings: Postings, index: SearchIndex, least: float
) -> dict[int, float]:
    """The services that answer this part of a question or more: what is near where nothing answers enough of it."""
    asked = _sums(concepts, postings, index, prune=False)
    return {
        key: points / asked.total
        for key, points in asked.answered.scores.items()
        if points >= least * asked.total and key in index.services
    }


def _sums(concepts: Sequence[Concept], postings: Postings, index: SearchIndex, *, prune: bool) -> _Sums:
    weighed = sorted(
        (weigh(one, postings, index) for one in concepts), key=lambda one: one.importance, reverse=True
    )
    total = sum(one.importance for one in weighed)
    most = max((one.importance for one in weighed if one.known), default=0.0)
    unknown = sum(one.importance for one in weighed if not one.known)
    answered = Scored()
    left = total
    for one in weighed:
        # Who has none of what was looked for so far can no longer answer enough, by any of the rules above.
        late = prune and left < LEAST_ANSWERED * total and one.importance < ONE_CONCEPT * most
        _add(answered, one, postings, index, only=answered.scores if late else None)
        left -= one.importance
    return _Sums(total, unknown, most, answered)


def _answering(answered: Scored, score: float, said: float) -> list[int]:
    return [
        key
        for key, points in answered.scores.items()
        if points >= score or answered.said.get(key, 0.0) >= said
    ]


def _add(
    answered: Scored, weighed: Weighed, postings: Postings, index: SearchIndex, only: Collection[int] | None
) -> None:
    concept, importance = weighed.concept, weighed.importance
    best: dict[int, float] = {}
    for alternative in concept.alternatives:
        for key, found in _found(alternative, postings, index, only):
            if found > best.get(key, 0.0):
                best[key] = found
            if found > _PARTIAL:
                answered.matched.setdefault(key, set()).update(alternative.stems)
    for key in _saying(concept, postings, only):
        answered.said[key] = answered.said.get(key, 0.0) + importance
    for key, found in best.items():
        answered.scores[key] = answered.scores.get(key, 0.0) + importance * found
        answered.matched.setdefault(key, set())


def _saying(concept: Concept, postings: Postings, only: Collection[int] | None) -> set[int]:
    """The services whose office says one of the question's own words, be it in a text."""
    stems = {
        one.stems[0] for one in concept.alternatives if one.how is not How.THESAURUS and len(one.stems) == 1
    }
    return {
        key
        for stem in stems
        for token in (stem, PART + stem)
        for key, mask in _having(token, postings, only)
        if mask & OFFICE
    }


def _having(token: str, postings: Postings, only: Collection[int] | None) -> Iterator[tuple[int, int]]:
    """The services that have a token, all or only some, with the fields in which it stands."""
    found = postings.get(token)
    if found is None:
        return
    if only is None:
        for posting in found:
            yield posting >> FIELD_BITS, posting & FIELD_MASK
    elif len(found) > _LOOK_UP * len(only):
        for key in only:
            if mask := find(found, key):
                yield key, mask
    else:
        for posting in found:
            if posting >> FIELD_BITS in only:
                yield posting >> FIELD_BITS, posting & FIELD_MASK


def _found(
    alternative: Alternative, postings: Postings, index: SearchIndex, only: Collection[int] | None
) -> Iterator[tuple[int, float]]:
    """Each service that an alternative names, with how much of it the service has."""
    if len(alternative.stems) == 1:
        for token in (PART + alternative.stems[0], alternative.stems[0]):
            share = alternative.weight * token_weight(token)
            for key, mask in _having(token, postings, only):
                yield key, share * weight(mask)
        return
    rarities = {stem: index.weight_of(stem) for stem in alternative.stems}
    total = sum(rarities.values())
    rarest = max(rarities, key=lambda stem: (rarities[stem], stem))
    keys = {key for token in (rarest, PART + rarest) for key, _ in _having(token, postings, only)}
    for key in keys:
        whole = sum(rarity * in_service(stem, key, postings) for stem, rarity in rarities.items()) / total
        yield key, alternative.weight * whole * whole


def in_service(stem: str, key: int, postings: Postings) -> float:
    """How strongly a service has a stem, as a word or as a part of one."""
    return max(
        (
            token_weight(token) * weight(find(found, key))
            for token in (stem, PART + stem)
            if (found := postings.get(token)) is not None
        ),
        default=0.0,
    )


def _with_title(key: int, answered: float, matched: set[str], index: SearchIndex) -> float:
    """A title that says nothing else than was asked goes before one that says more."""
    share = 0.0
    for title in index.services[key].titles:
        rarities = [(index.weight_of(stem), stem in matched) for stem in title]
        if total := sum(rarity for rarity, _ in rarities):
            share = max(share, sum(rarity for rarity, named in rarities if named) / total)
    return answered * (1 - TITLE_SHARE + TITLE_SHARE * share)


def with_relatives(own: Mapping[int, float], index: SearchIndex) -> dict[int, float]:
    """Services with those that follow them: of the same object, and of the bundles of the best."""
    top = max(own.values())
    found = dict(own)
    bundles: dict[str, float] = {}
    objects: dict[int, float] = {}
    for key, points in own.items():
        objects[key // _ACTIONS] = max(points, objects.get(key // _ACTIONS, 0.0))
        if (bundle := index.services[key].bundle) is not None and points >= BUNDLE_FROM * top:
            bundles[bundle] = max(points, bundles.get(bundle, 0.0))
    for one, points in objects.items():
        _follow(found, index.relatives(one * _ACTIONS), points * OBJECT)
    for bundle, points in bundles.items():
        _follow(found, index.of_bundle(bundle), points * BUNDLE)
    return {key: points for key, points in found.items() if points >= LEAST_OF_BEST * top}


def _standing(key: int) -> float:
    """The object itself goes before what is done with it, granting it before all else, the general before a variant."""
    action, variant = key % _ACTIONS // _VARIANTS, key % _VARIANTS
    if action == 0:
        return BARE
    return (GRANTED if action in _GRANTING else 1.0) * (GENERAL if variant == 0 else 1.0)


def _follow(found: dict[int, float], relatives: Sequence[int], points: float) -> None:
    for key in relatives:
        mine = points * _standing(key)
        if mine > found.get(key, 0.0):
            found[key] = mine
