"""How much each part of a question says: rare words more than common ones, phrases more than words."""

from typing import NamedTuple

from catalog_sync.search.asking import Alternative, Concept
from catalog_sync.search.fields import PART
from catalog_sync.search.memory import SearchIndex
from catalog_sync.search.postings import FIELD_BITS, Postings

_SURE = 0.35
_UNKNOWN, _UNKNOWN_VERB = 0.8, 0.3
_LONG = 5
_COMMON = 2000


class Weighed(NamedTuple):
    """A concept with how much it says, and whether any service has it."""

    concept: Concept
    importance: float
    known: bool


def weigh(concept: Concept, postings: Postings, index: SearchIndex) -> Weighed:
    """How much a concept says in this catalogue."""
    if having := _having_any(concept, postings):
        return Weighed(concept, index.rarity(having) * concept.words**0.5, known=True)
    return Weighed(concept, _of_unknown(concept, index), known=False)


def _of_unknown(concept: Concept, index: SearchIndex) -> float:
    """How much a word says that no service has: nearly the most, for it may be the matter itself (Mallorca).

    A verb says less, for what people do has more words than the catalogue.
    """
    doing = concept.asked.endswith("en") and len(concept.asked) > _LONG
    return (_UNKNOWN_VERB if doing else _UNKNOWN) * index.rarity(0)


def _having_any(concept: Concept, postings: Postings) -> int:
    """How many services have a concept, by an alternative that is sure enough; of common words about how many."""
    named: set[int] = set()
    for one in concept.alternatives:
        if one.weight >= _SURE:
            if len(one.stems) == 1 and (count := _count(one.stems[0], postings)) >= _COMMON:
                return max(count, len(named))
            named |= _having(one, postings)
    return len(named)


def _count(stem: str, postings: Postings) -> int:
    return max(len(postings.get(stem, ())), len(postings.get(PART + stem, ())))


def _having(alternative: Alternative, postings: Postings) -> set[int]:
    """The services that have all stems of an alternative."""
    rarest_first = sorted(alternative.stems, key=lambda stem: (_count(stem, postings), stem))
    having: set[int] | None = None
    for stem in rarest_first:
        keys = {posting >> FIELD_BITS for token in (stem, PART + stem) for posting in postings.get(token, ())}
        having = keys if having is None else having & keys
        if not having:
            break
    return having or set()
