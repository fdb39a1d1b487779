"""Finding services: by words or by keys, filtered, best first, with the place and the audience of who asks in mind."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from catalog_sync.catalog.keys import AreaKey
from catalog_sync.catalog.reading import Snapshot
from catalog_sync.search.asking import Concept, concepts, tokens_of
from catalog_sync.search.document import LANGUAGE
from catalog_sync.search.filtering import Filters, filtered
from catalog_sync.search.memory import SearchIndex
from catalog_sync.search.nearby import described_at, online_at
from catalog_sync.search.placing import PlaceNamed, no_place, without_place
from catalog_sync.search.postings import Postings
from catalog_sync.search.reach import reach
from catalog_sync.search.scoring import own_scores, with_relatives

_EQUAL = 50
"""Scores that differ by less than a fiftieth are equals: the place then decides."""
_KEY_LENGTHS = range(5, 15)


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of one search.

    Attributes:
        keys: LeiKa keys, best first.
        scores: of each key, 0 to 1; without words all are 0.
        concepts: what was asked for, as it was understood.
        postings: where that stands.
        question: what was asked of the services, without the place; None where nothing was.
        place: the area that the question names.
        filters: what hits had to be; with the question's place where no other was given.
        everything: the scores of all hits before any filter.
        own: of those the ones that answer by themselves, not only as relatives of others.
    """

    keys: Sequence[str]
    scores: Mapping[str, float] = field(default_factory=dict)
    concepts: Sequence[Concept] = ()
    postings: Postings = field(default_factory=dict)
    question: str | None = None
    place: AreaKey | None = None
    filters: Filters = field(default_factory=Filters)
    everything: Mapping[int, float] = field(default_factory=dict)
    own: Mapping[int, float] = field(default_factory=dict)


@dataclass(slots=True)
class _Answer:
    """What a question finds before any filter."""

    own: Mapping[int, float]
    concepts: Sequence[Concept] = ()
    postings: Postings = field(default_factory=dict)
    question: str | None = None
    place: AreaKey | None = None


async def find_services(
    snapshot: Snapshot,
    index: SearchIndex,
    query: str | None,
    filters: Filters,
    place_named: PlaceNamed = no_place,
) -> Found:
    """The services that answer a query, best first; without a query all, in order of their keys.

    Args:
        snapshot: the catalogue at one moment.
        index: this process's index; it is brought up to date first.
        query: a person's own words, a service key or a part of one; None for all services.
        filters: what hits must be.
        place_named: the one area that some words name; a place in a query is not asked of the services.
    """
    await index.refresh(snapshot)
    if query is None:
        answer = _Answer(dict.fromkeys(index.services, 0.0))
        everything = dict(answer.own)
    else:
        answer = await _asked(snapshot, index, query, place_named)
        everything = with_relatives(answer.own, index) if answer.own else {}
    if filters.offered_at is None and answer.place is not None:
        filters = replace(filters, offered_at=answer.place)
    keys = await filtered(snapshot, index, everything, filters)
    ordered = await _ordered(snapshot, index, {key: everything[key] for key in keys}, filters)
    return Found(
        [str(key) for key in ordered],
        {str(key): everything[key] for key in ordered},
        answer.concepts,
        answer.postings,
        answer.question,
        answer.place,
        filters,
        everything,
        answer.own,
    )


async def _asked(snapshot: Snapshot, index: SearchIndex, query: str, place_named: PlaceNamed) -> _Answer:
    if (digits := key_part(query)) is not None:
        return _Answer(_by_key(digits, index), question=query)
    question, place = without_place(query, index, place_named)
    answer = _Answer({}, question=question, place=place)
    # What a phrase means may not be in this catalogue; then its words may find what is nearest to it.
    for phrases in (True, False) if question else ():
        asked = concepts(question, index, phrases=phrases)
        postings = await index.postings(snapshot, tokens_of(asked))
        answer = _Answer(own_scores(asked, postings, index), asked, postings, question, place)
        if answer.own or all(one.words == 1 for one in asked):
            break
    return answer


def key_part(text: str) -> str | None:
    """The digits of a query that looks like a service key or a part of one, with or without blanks."""
    digits = "".join(text.split())
    return digits if digits.isascii() and digits.isdigit() and len(digits) in _KEY_LENGTHS else None


def _by_key(digits: str, index: SearchIndex) -> dict[int, float]:
    """The services whose keys begin so, with or without the 99 of services."""
    return {
        key: 1.0 for key in index.services if str(key).startswith(digits) or str(key)[2:].startswith(digits)
    }


async def _ordered(
    snapshot: Snapshot, index: SearchIndex, scores: Mapping[int, float], filters: Filters
) -> list[int]:
    near: Mapping[int, int] = {}
    online: Collection[int] = ()
    if filters.offered_at is not None and scores:
        near = await described_at(snapshot, list(scores), filters.offered_at)
        online = await online_at(snapshot, list(near), filters.offered_at) if near else ()
    spoken = frozenset(f"{LANGUAGE}{tag}" for tag in filters.languages)

    def rank(key: int) -> tuple[float | int | bool, ...]:
        points = scores[key]
        service = index.services[key]
        unspoken = bool(spoken) and spoken.isdisjoint(service.marks)
        concerned = reach(service.bundle) if points else 0
        equals = -round(points * _EQUAL)
        return (equals, -near.get(key, 0), key not in online, unspoken, -concerned, -points, key)

    return sorted(scores, key=rank)
