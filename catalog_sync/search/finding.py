"""Finding services: by words or by keys, filtered, best first, with the place and the audience of who asks in mind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from catalog_sync.catalog.keys import AreaKey
from catalog_sync.catalog.reading import Snapshot
from catalog_sync.search.asking import Concept, concepts
from catalog_sync.search.bits import set_of
from catalog_sync.search.document import LANGUAGE
from catalog_sync.search.filtering import Filters, filtered
from catalog_sync.search.generation import Generation
from catalog_sync.search.memory import SearchIndex
from catalog_sync.search.ordering import Ordering
from catalog_sync.search.own import Own
from catalog_sync.search.placing import PlaceNamed, no_place, without_place
from catalog_sync.search.ranking import Ranking, everything
from catalog_sync.search.scoring import Answering, answering

_KEY_LENGTHS = range(5, 15)


@dataclass
class Answer:
    """What a question finds before any filter.

    Attributes:
        own: what answers by itself.
        concepts: what was asked for, as it was understood.
        question: what was asked of the services, without the place; None where nothing was.
    """

    own: Own
    concepts: Sequence[Concept] = ()
    question: str | None = None

    @cached_property
    def best(self) -> float:
        """The best score."""
        return next(iter(Ranking(self.own)), (0.0, 0))[0]

    @cached_property
    def everything(self) -> int:
        """All hits."""
        return everything(self.own, self.best) if self.own.answering else 0

    def ranking(self, among: int = -1) -> Ranking:
        """The hits, best first; of some services alone where there are few of them."""
        roster = self.own.generation.roster
        if among & self.everything == self.everything:
            return Ranking(self.own, self.best)
        return Ranking(self.own, self.best, among | roster.of_objects(among) | roster.of_bundles(among))


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of one search.

    Attributes:
        keys: LeiKa keys, best first, as far as they were asked for.
        answer: what the question finds before any filter.
        place: the area that the question names.
        filters: what hits had to be; with the question's place where no other was given.
    """

    keys: Ordering
    answer: Answer
    place: AreaKey | None = None
    filters: Filters = field(default_factory=Filters)

    @property
    def generation(self) -> Generation:
        """The state of the index that answered."""
        return self.answer.own.generation

    @property
    def concepts(self) -> Sequence[Concept]:
        """What was asked for, as it was understood."""
        return self.answer.concepts

    @property
    def question(self) -> str | None:
        """What was asked of the services, without the place; None where nothing was."""
        return self.answer.question

    @property
    def scores(self) -> Mapping[str, float]:
        """The scores of the keys that are in order, 0 to 1; without words all are 0."""
        return self.keys.scores


async def find_services(
    snapshot: Snapshot,
    index: SearchIndex,
    query: str | None,
    filters: Filters,
    place_named: PlaceNamed = no_place,
    *,
    first: int | None = None,
) -> Found:
    """The services that answer a query, best first; without a query all, in order of their keys.

    Args:
        snapshot: the catalogue at one moment.
        index: this process's index; it is brought up to date first.
        query: a person's own words, a service key or a part of one; None for all services.
        filters: what hits must be.
        place_named: the one area that some words name; a place in a query is not asked of the services.
        first: how many are to be in order; None for all.
    """
    await index.refresh(snapshot)
    generation = index.generation
    place: AreaKey | None = None
    if query is None:
        answer = Answer(Own(Answering([(0.0, generation.roster.alive)], exactly=True), generation))
    elif (digits := key_part(query)) is not None:
        answer = Answer(Own(_by_key(digits, generation), generation), question=query)
    else:
        question, place = without_place(query, index, place_named)
        answer = _asked(question, index, generation)
    if filters.offered_at is None and place is not None:
        filters = replace(filters, offered_at=place)
    hits = await filtered(snapshot, generation, answer.everything, filters)
    spoken = _spoken(generation, filters) if filters.languages else None
    keys = Ordering(iter(answer.ranking(hits)), hits, generation, filters.offered_at, spoken)
    await keys.reach(snapshot, first)
    return Found(keys, answer, place, filters)


def _asked(question: str, index: SearchIndex, generation: Generation) -> Answer:
    """What words find; kept for a while, for many ask the same."""
    known: Answer | None = generation.answers.get(question)
    if known is None:
        known = generation.answers[question] = _understood(question, index, generation)
    return known


def _understood(question: str, index: SearchIndex, generation: Generation) -> Answer:
    answer = Answer(Own(Answering(), generation), question=question)
    # What a phrase means may not be in this catalogue; then its words may find what is nearest to it.
    for phrases in (True, False) if question else ():
        asked = concepts(question, index, phrases=phrases)
        answer = Answer(Own(answering(asked, generation), generation), asked, question)
        if answer.own.answering or all(one.words == 1 for one in asked):
            break
    return answer


def key_part(text: str) -> str | None:
    """The digits of a query that looks like a service key or a part of one, with or without blanks."""
    digits = "".join(text.split())
    return digits if digits.isascii() and digits.isdigit() and len(digits) in _KEY_LENGTHS else None


def _by_key(digits: str, generation: Generation) -> Answering:
    """The services whose keys begin so, with or without the 99 of services."""
    slots = [
        slot
        for key, slot in generation.roster.slots.items()
        if str(key).startswith(digits) or str(key)[2:].startswith(digits)
    ]
    return Answering([(1.0, set_of(slots, len(generation.roster.keys)))] if slots else [], exactly=True)


def _spoken(generation: Generation, filters: Filters) -> int:
    found = 0
    for tag in filters.languages:
        found |= generation.roster.marks.get(f"{LANGUAGE}{tag}", 0)
    return found
