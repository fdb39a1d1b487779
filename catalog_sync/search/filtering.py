"""What hits must be, and how many there would be of each kind."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from catalog_sync.catalog.keys import AreaKey
from catalog_sync.catalog.reading import Snapshot
from catalog_sync.search.bits import members, set_of
from catalog_sync.search.document import ASSURANCE, AUDIENCE, LIFE_SITUATION, POLICY_FIELD
from catalog_sync.search.generation import Generation
from catalog_sync.search.nearby import online_at


@dataclass(frozen=True, slots=True)
class Filters:
    """What hits must be; None means: all.

    Attributes:
        audience: a code of leistungsadressat, such as 001.
        situation: the id of a life situation.
        policy_field: the name of a policy field.
        assurances: codes of the assurance levels that are enough; one of a service's must be among them.
        online_at: only services that have an online service at this place.
        offered_at: among equals those go first that are described and online for this place.
        languages: among equals those go first that are described in one of them.
    """

    audience: str | None = None
    situation: str | None = None
    policy_field: str | None = None
    assurances: Collection[str] | None = None
    online_at: AreaKey | None = None
    offered_at: AreaKey | None = None
    languages: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Facets:
    """How many of a question's hits have each mark, with all other filters applied.

    Attributes:
        audiences, situations, policy_fields: by code, id and name.
        assurances: by all codes that a service has, for levels contain each other.
        online: how many are online at the place and how many are not; None without a place.
    """

    audiences: Counter[str]
    situations: Counter[str]
    policy_fields: Counter[str]
    assurances: Counter[frozenset[str]]
    online: tuple[int, int] | None


async def filtered(snapshot: Snapshot, generation: Generation, hits: int, filters: Filters) -> int:
    """Those services that are what is wanted."""
    found = _having_marks(generation, hits, filters)
    if filters.online_at is not None and found:
        found &= await _online(snapshot, generation, found, filters.online_at)
    return found


async def facets(
    snapshot: Snapshot, generation: Generation, hits: int, filters: Filters, place: AreaKey | None
) -> Facets:
    """Count a question's hits.

    Args:
        snapshot: the catalogue at one moment.
        generation: the state of the index that found them.
        hits: all hits, before any filter.
        filters: what hits must be; of each kind that is counted the own filter is left out.
        place: where they are to be online.
    """
    online = await _online(snapshot, generation, hits, place) if place is not None and hits else 0
    offered = hits & online if filters.online_at is not None else hits

    def counted(prefix: str, others: Filters) -> Counter[str]:
        among = _having_marks(generation, offered, others)
        numbers = {mark: (among & bits).bit_count() for mark, bits in _marks(generation, prefix)}
        return Counter({mark: number for mark, number in numbers.items() if number})

    every = _having_marks(generation, hits, filters)
    there = (every & online).bit_count()
    return Facets(
        counted(AUDIENCE, replace(filters, audience=None)),
        counted(LIFE_SITUATION, replace(filters, situation=None)),
        counted(POLICY_FIELD, replace(filters, policy_field=None)),
        _levels(generation, _having_marks(generation, offered, replace(filters, assurances=None))),
        None if place is None else (there, every.bit_count() - there),
    )


def _marks(generation: Generation, prefix: str) -> Iterator[tuple[str, int]]:
    """The marks of a kind, with the services that have them."""
    for mark, bits in generation.roster.marks.items():
        if mark.startswith(prefix):
            yield mark.removeprefix(prefix), bits


def _levels(generation: Generation, among: int) -> Counter[frozenset[str]]:
    """How many services have which levels, together."""
    parts: dict[frozenset[str], int] = {frozenset(): among}
    for level, bits in _marks(generation, ASSURANCE):
        having = {levels | {level}: some & bits for levels, some in parts.items()}
        parts = {levels: some & ~bits for levels, some in parts.items()} | having
        parts = {levels: some for levels, some in parts.items() if some}
    return Counter({levels: some.bit_count() for levels, some in parts.items()})


async def _online(snapshot: Snapshot, generation: Generation, among: int, place: AreaKey) -> int:
    roster = generation.roster
    keys = await online_at(snapshot, [roster.keys[slot] for slot in members(among)], place)
    return set_of((roster.slots[key] for key in keys), len(roster.keys))


def _having_marks(generation: Generation, hits: int, filters: Filters) -> int:
    for wanted in _wanted(filters):
        bits = 0
        for mark in wanted:
            bits |= generation.roster.marks.get(mark, 0)
        hits &= bits
    return hits


def _wanted(filters: Filters) -> Iterator[frozenset[str]]:
    """Of each filter the marks of which a hit must have one."""
    if filters.audience is not None:
        yield frozenset({f"{AUDIENCE}{filters.audience}"})
    if filters.situation is not None:
        yield frozenset({f"{LIFE_SITUATION}{filters.situation}"})
    if filters.policy_field is not None:
        yield frozenset({f"{POLICY_FIELD}{filters.policy_field}"})
    if filters.assurances is not None:
        yield frozenset(f"{ASSURANCE}{code}" for code in filters.assurances)
