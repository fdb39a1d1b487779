"""Finding services: by words or by keys, filtered, best first, with the place and the audience of who asks in mind."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, literal_column, select

from catalog_sync.catalog.keys import AreaKey, ancestor_codes
from catalog_sync.catalog.reading import Snapshot, Statement, listed
from catalog_sync.catalog.tables import edge, entry, entry_area, entry_leika
from catalog_sync.search.asking import Concept, concepts, tokens_of
from catalog_sync.search.documents import ASSURANCE, AUDIENCE, LANGUAGE, LIFE_SITUATION, POLICY_FIELD
from catalog_sync.search.memory import SearchIndex
from catalog_sync.search.postings import Postings
from catalog_sync.search.scoring import score, with_relatives

_EQUAL = 50
"""Scores that differ by less than a fiftieth are equals: the place then decides."""
_KEY_LENGTHS = range(5, 15)


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
        language: among equals those go first that are described in it.
    """

    audience: str | None = None
    situation: str | None = None
    policy_field: str | None = None
    assurances: Collection[str] | None = None
    online_at: AreaKey | None = None
    offered_at: AreaKey | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of one search.

    Attributes:
        keys: LeiKa keys, best first.
        scores: of each key, 0 to 1; without words all are 0.
        concepts: what was asked for, as it was understood.
        postings: where that stands.
    """

    keys: Sequence[str]
    scores: Mapping[str, float] = field(default_factory=dict)
    concepts: Sequence[Concept] = ()
    postings: Postings = field(default_factory=dict)


_ONLINE = Statement(
    select(entry_leika.c.leika_key)
    .join(edge, edge.c.service_id == entry_leika.c.entry_id)
    .where(
        listed(entry_leika.c.leika_key, "keys"),
        edge.c.role == literal_column("0"),
        listed(edge.c.area, "areas"),
    )
    .distinct()
)
_DESCRIBED = Statement(
    select(entry_leika.c.leika_key, func.max(entry_area.c.area))
    .join(entry, entry.c.id == entry_leika.c.entry_id)
    .join(entry_area, entry_area.c.entry_id == entry.c.id)
    .where(listed(entry_leika.c.leika_key, "keys"), entry.c.live, listed(entry_area.c.area, "areas"))
    .group_by(entry_leika.c.leika_key)
)


async def find_services(snapshot: Snapshot, index: SearchIndex, query: str | None, filters: Filters) -> Found:
    """The services that answer a query, best first; without a query all, in order of their keys.

    Args:
        snapshot: the catalogue at one moment.
        index: this process's index; it is brought up to date first.
        query: a person's own words, a service key or a part of one; None for all services.
        filters: what hits must be.
    """
    await index.refresh(snapshot)
    asked: Sequence[Concept] = ()
    postings: Postings = {}
    if query is None:
        scores = dict.fromkeys(index.services, 0.0)
    elif (digits := key_part(query)) is not None:
        scores = _by_key(digits, index)
    else:
        asked = concepts(query, index)
        postings = await index.postings(snapshot, tokens_of(asked))
        scores = score(asked, postings, index)
    keys = await _filtered(snapshot, index, list(scores), filters)
    ordered = await _ordered(snapshot, index, {key: scores[key] for key in keys}, filters)
    return Found([str(key) for key in ordered], {str(key): scores[key] for key in ordered}, asked, postings)


def key_part(text: str) -> str | None:
    """The digits of a query that looks like a service key or a part of one, with or without blanks."""
    digits = "".join(text.split())
    return digits if digits.isascii() and digits.isdigit() and len(digits) in _KEY_LENGTHS else None


def _by_key(digits: str, index: SearchIndex) -> dict[int, float]:
    """The services whose keys begin so, with or without the 99 of services, then those of the same object."""
    own = {
        key: 1.0 for key in index.services if str(key).startswith(digits) or str(key)[2:].startswith(digits)
    }
    return with_relatives(own, index) if own else {}


async def _filtered(snapshot: Snapshot, index: SearchIndex, keys: list[int], filters: Filters) -> list[int]:
    wanted = (
        filters.audience is not None and f"{AUDIENCE}{filters.audience}",
        filters.situation is not None and f"{LIFE_SITUATION}{filters.situation}",
        filters.policy_field is not None and f"{POLICY_FIELD}{filters.policy_field}",
    )
    for mark in filter(None, wanted):
        keys = [key for key in keys if mark in index.services[key].marks]
    if filters.assurances is not None:
        levels = {f"{ASSURANCE}{code}" for code in filters.assurances}
        keys = [key for key in keys if not levels.isdisjoint(index.services[key].marks)]
    if filters.online_at is not None and keys:
        online = await online_at(snapshot, keys, filters.online_at)
        keys = [key for key in keys if key in online]
    return keys


async def _ordered(
    snapshot: Snapshot, index: SearchIndex, scores: Mapping[int, float], filters: Filters
) -> list[int]:
    near: Mapping[int, int] = {}
    online: Collection[int] = ()
    if filters.offered_at is not None and scores:
        near = await _described(snapshot, list(scores), filters.offered_at)
        online = await online_at(snapshot, list(near), filters.offered_at) if near else ()
    spoken = None if filters.language is None else f"{LANGUAGE}{filters.language}"

    def rank(key: int) -> tuple[float | int | bool, ...]:
        points = scores[key]
        unspoken = spoken is not None and spoken not in index.services[key].marks
        return (-round(points * _EQUAL), -near.get(key, 0), key not in online, unspoken, -points, key)

    return sorted(scores, key=rank)


async def online_at(snapshot: Snapshot, keys: Collection[int], place: AreaKey) -> set[int]:
    """Those of some services that have an online service at a place."""
    rows = await snapshot.rows(_ONLINE, keys=list(map(str, keys)), areas=list(ancestor_codes(place)))
    return {int(row[0]) for row in rows}


async def _described(snapshot: Snapshot, keys: Collection[int], place: AreaKey) -> dict[int, int]:
    """How near the nearest description of each service is: the code of its area, longer for smaller areas."""
    rows = await snapshot.rows(_DESCRIBED, keys=list(map(str, keys)), areas=list(ancestor_codes(place)))
    return {int(row[0]): row[1] for row in rows}


def counted(keys: Collection[str], index: SearchIndex) -> Counter[str]:
    """How many of some services have each mark (`documents`)."""
    return Counter(mark for key in keys for mark in index.services[int(key)].marks)
