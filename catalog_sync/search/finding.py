"""Finding services by words: exact words before prefixes, titles before keywords before texts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

from sqlalchemy import bindparam, func, literal_column, select

from catalog_sync.catalog.keys import AreaKey, ancestor_codes
from catalog_sync.catalog.reading import Snapshot, Statement, listed
from catalog_sync.catalog.tables import (
    bundle_situation,
    edge,
    entry,
    entry_area,
    entry_leika,
    leika_service,
    posting,
)
from catalog_sync.search.analyzer import key_part, question
from catalog_sync.search.indexing import AUDIENCE_MARK

_LAST = "\U0010ffff"
_EXACT = 3.0
_MOST_POSTINGS = 20_000
_MIN_PREFIX = 3
_SERVICES = 5000.0
"""Of the order of the catalogue: how rare a word is, is judged against it."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What hits must be; None means: all.

    Attributes:
        audience: a code of leistungsadressat, such as 001.
        situation: the id of a life situation.
        online_at: only services that have an online service at this place.
        offered_at: services that an entry describes for this place go first among equals.
    """

    audience: str | None = None
    situation: str | None = None
    online_at: AreaKey | None = None
    offered_at: AreaKey | None = None


_TOKENS = Statement(
    select(posting.c.token, posting.c.leika_key, posting.c.weight)
    .where(
        posting.c.token >= bindparam("low", type_=posting.c.token.type),
        posting.c.token < bindparam("high", type_=posting.c.token.type),
    )
    .order_by(posting.c.token)
    .limit(literal_column(str(_MOST_POSTINGS)))
    .offset(literal_column("0"))  # SQLite would write it as a parameter
)
_KEYS = Statement(
    select(leika_service.c.leika_key).union(select(entry_leika.c.leika_key)).order_by("leika_key")
)
_WITH_TOKEN = Statement(
    select(posting.c.leika_key).where(posting.c.token == bindparam("token", type_=posting.c.token.type))
)
_OF_SITUATION = Statement(
    select(leika_service.c.leika_key)
    .join(bundle_situation, bundle_situation.c.bundle_id == leika_service.c.bundle_id)
    .where(bundle_situation.c.situation_id == bindparam("situation"))
)
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


async def find_services(snapshot: Snapshot, query: str | None, filters: Filters) -> Sequence[str]:
    """LeiKa keys of the services that answer a query, best first; without a query all, in order of their keys."""
    if query is None:
        scores = {row[0]: 0.0 for row in await snapshot.rows(_KEYS)}
    elif (digits := key_part(query)) is not None:
        scores = {
            row[0]: 0.0
            for row in await snapshot.rows(_KEYS)
            if digits in (row[0], row[0][: len(digits)]) or row[0][2:].startswith(digits)
        }
    else:
        scores = await _scores(snapshot, question(query))
    keys = await _filtered(snapshot, list(scores), filters)
    near = await _described(snapshot, keys, filters.offered_at)
    return sorted(keys, key=lambda key: (-scores[key], -near.get(key, 0), key))


async def _scores(snapshot: Snapshot, words: Iterable[str]) -> dict[str, float]:
    """The services that all words name; where none does, those that most of them name."""
    per_word = [await _of_word(snapshot, word) for word in words]
    named: dict[str, list[float]] = defaultdict(list)
    for found in per_word:
        for key, score in found.items():
            named[key].append(score)
    most = max((len(scores) for scores in named.values()), default=0)
    return {key: sum(scores) for key, scores in named.items() if len(scores) == most}


async def _of_word(snapshot: Snapshot, word: str) -> dict[str, float]:
    high = word + _LAST if len(word) >= _MIN_PREFIX else word + "\x01"
    rows = await snapshot.rows(_TOKENS, low=word, high=high)
    found: dict[str, float] = {}
    for token, key, weight in rows:
        score = weight * (_EXACT if token == word else len(word) / len(token))
        found[key] = max(score, found.get(key, 0.0))
    rarity = log(1.0 + _SERVICES / (1.0 + len(found)))
    return {key: score * rarity for key, score in found.items()}


async def _filtered(snapshot: Snapshot, keys: list[str], filters: Filters) -> list[str]:
    if filters.audience is not None and keys:
        rows = await snapshot.rows(_WITH_TOKEN, token=AUDIENCE_MARK + filters.audience)
        keys = _kept(keys, rows)
    if filters.situation is not None and keys:
        keys = _kept(keys, await snapshot.rows(_OF_SITUATION, situation=filters.situation))
    if filters.online_at is not None and keys:
        areas = list(ancestor_codes(filters.online_at))
        keys = _kept(keys, await snapshot.rows(_ONLINE, keys=keys, areas=areas))
    return keys


def _kept(keys: list[str], rows: Sequence[Sequence[str]]) -> list[str]:
    allowed = {row[0] for row in rows}
    return [key for key in keys if key in allowed]


async def _described(snapshot: Snapshot, keys: list[str], place: AreaKey | None) -> dict[str, int]:
    """How near the nearest description of each service is: the code of its area, longer for smaller areas."""
    if place is None or not keys:
        return {}
    rows = await snapshot.rows(_DESCRIBED, keys=keys, areas=list(ancestor_codes(place)))
    return {row[0]: row[1] for row in rows}
