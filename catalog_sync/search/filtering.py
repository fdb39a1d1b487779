"""What hits must be, and how many there would be of each kind."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from catalog_sync.catalog.keys import AreaKey
from catalog_sync.catalog.reading import Snapshot
from catalog_sync.search.document import ASSURANCE, AUDIENCE, LIFE_SITUATION, POLICY_FIELD
from catalog_sync.search.memory import SearchIndex
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


async def filtered(
    snapshot: Snapshot, index: SearchIndex, keys: Iterable[int], filters: Filters
) -> list[int]:
    """Those services that are what is wanted."""
    found = _having_marks(index, keys, filters)
    if filters.online_at is not None and found:
        online = await online_at(snapshot, found, filters.online_at)
        found = [key for key in found if key in online]
    return found


async def facets(
    snapshot: Snapshot, index: SearchIndex, keys: Collection[int], filters: Filters, place: AreaKey | None
) -> Facets:
    """Count a question's hits.

    Args:
        snapshot: the catalogue at one moment.
        index: the index that found them.
        keys: all hits, before any filter.
        filters: what hits must be; of each kind that is counted the own filter is left out.
        place: where they are to be online.
    """
    online = await online_at(snapshot, keys, place) if place is not None and keys else set()
    offered = [key for key in keys if key in online] if filters.online_at is not None else keys

    def marks(prefix: str, others: Filters) -> Iterator[tuple[str, ...]]:
        for key in _having_marks(index, offered, others):
            yield tuple(
                mark.removeprefix(prefix) for mark in index.services[key].marks if mark.startswith(prefix)
            )

    every = _having_marks(index, keys, filters)
    there = sum(key in online for key in every)
    return Facets(
        Counter(mark for some in marks(AUDIENCE, replace(filters, audience=None)) for mark in some),
        Counter(mark for some in marks(LIFE_SITUATION, replace(filters, situation=None)) for mark in some),
        Counter(mark for some in marks(POLICY_FIELD, replace(filters, policy_field=None)) for mark in some),
        Counter(map(frozenset, marks(ASSURANCE, replace(filters, assurances=None)))),
        None if place is None else (there, len(every) - there),
    )


def _having_marks(index: SearchIndex, keys: Iterable[int], filters: Filters) -> list[int]:
    found = list(keys)
    for wanted in _wanted(filters):
        found = [key for key in found if not wanted.isdisjoint(index.services[key].marks)]
    return found


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
