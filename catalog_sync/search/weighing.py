"""How much each part of a question says: rare words more than common ones, phrases more than words."""

from typing import NamedTuple

from catalog_sync.search.asking import Alternative, Concept
from catalog_sync.search.fields import PART
from catalog_sync.search.generation import Generation

_SURE = 0.35
_UNKNOWN, _UNKNOWN_VERB = 0.8, 0.3
_LONG = 5
_COMMON = 2000


class Weighed(NamedTuple):
    """A concept with how much it says, and whether any service has it."""

    concept: Concept
    importance: float
    known: bool


def weigh(concept: Concept, generation: Generation) -> Weighed:
    """How much a concept says in this catalogue."""
    if having := _having_any(concept, generation):
        return Weighed(concept, generation.rarity(having) * concept.words**0.5, known=True)
    return Weighed(concept, _of_unknown(concept, generation), known=False)


def _of_unknown(concept: Concept, generation: Generation) -> float:
    """How much a word says that no service has: nearly the most, for it may be the matter itself (Mallorca).

    A verb says less, for what people do has more words than the catalogue.
    """
    doing = concept.asked.endswith("en") and len(concept.asked) > _LONG
    return (_UNKNOWN_VERB if doing else _UNKNOWN) * generation.rarity(0)


def _having_any(concept: Concept, generation: Generation) -> int:
    """How many services have a concept, by an alternative that is sure enough; of common words about how many."""
    named = 0
    for one in concept.alternatives:
        if one.weight >= _SURE:
            if len(one.stems) == 1 and (count := _count(one.stems[0], generation)) >= _COMMON:
                return max(count, named.bit_count())
            named |= _having(one, generation)
    return named.bit_count()


def _count(stem: str, generation: Generation) -> int:
    return max(generation.count(stem), generation.count(PART + stem))


def _having(alternative: Alternative, generation: Generation) -> int:
    """The services that have all stems of an alternative."""
    having = -1
    for stem in alternative.stems:
        having &= generation.hits(stem).every
        if not having:
            break
    return max(having, 0)
