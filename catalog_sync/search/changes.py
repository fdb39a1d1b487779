"""What of the index changed since a process took it over, read so that others get their turn."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, func, literal_column, select

from catalog_sync.catalog.reading import Row, Snapshot, Statement
from catalog_sync.catalog.tables import indexed_service, posting, search_state, thesaurus_entry

_LITTLE, _LISTS_AT_ONCE, _SERVICES_AT_ONCE = 60, 400, 50

Pace = Callable[[Iterable[None]], Awaitable[None]]
"""How steps are done: `at_once` or `in_turns`."""


async def at_once(steps: Iterable[None]) -> None:
    """All steps, one after the other."""
    for _ in steps:
        pass


async def in_turns(steps: Iterable[None]) -> None:
    """All steps; between two of them others get their turn."""
    for _ in steps:
        await asyncio.sleep(0)


def _since(column: Any) -> Any:
    return column > bindparam("since", type_=column.type)


def _page(statement: Select[Any], name: Any, most: int) -> Statement:
    later = name > bindparam("after", type_=name.type)
    return Statement(paged(statement.where(later).order_by(name), most))


def paged(statement: Select[Any], most: int) -> Select[Any]:
    """So many rows of a statement at most."""
    # SQLite's dialect would write a constant of its own for the offset.
    return statement.limit(literal_column(str(most))).offset(literal_column("0"))


_LISTS = select(posting.c.token, posting.c.services, posting.c.strong, posting.c.surface).where(
    _since(posting.c.changed)
)
_SERVICES = select(
    indexed_service.c.leika_key,
    indexed_service.c.titles,
    indexed_service.c.marks,
    indexed_service.c.bundle_id,
    indexed_service.c.names,
    indexed_service.c.spellings,
).where(_since(indexed_service.c.changed))
_ALL_LISTS, _ALL_SERVICES = Statement(_LISTS), Statement(_SERVICES)
_SOME_LISTS = _page(_LISTS, posting.c.token, _LISTS_AT_ONCE)
_SOME_SERVICES = _page(_SERVICES, indexed_service.c.leika_key, _SERVICES_AT_ONCE)
_STATE = Statement(select(search_state.c.changed, search_state.c.thesaurus))
_SIZE = Statement(
    select(func.count(literal_column("1")))
    .select_from(indexed_service)
    .where(_since(indexed_service.c.changed))
)
_ENTRIES = Statement(select(func.count(literal_column("1"))).select_from(thesaurus_entry))


@dataclass(frozen=True, slots=True)
class Change:
    """What there is to take over.

    Attributes:
        index: the number of the index's last change; None where it did not change.
        thesaurus: the same of the thesaurus.
        since: the number up to which all is known.
        is_little: whether a request can take it over on its way.
    """

    index: int | None
    thesaurus: int | None
    since: int
    is_little: bool


async def changed_since(snapshot: Snapshot, index: int, thesaurus: int) -> Change | None:
    """What there is to take over after these two numbers; None where there is nothing."""
    rows = await snapshot.rows(_STATE)
    now, now_thesaurus = rows[0] if rows else (0, 0)
    if now <= index and now_thesaurus <= thesaurus:
        return None
    much = False
    if now_thesaurus > thesaurus:
        much = (await snapshot.rows(_ENTRIES))[0][0] > _LITTLE
    if now > index and not much:
        much = (await snapshot.rows(_SIZE, since=index))[0][0] > _LITTLE
    return Change(
        now if now > index else None, now_thesaurus if now_thesaurus > thesaurus else None, index, not much
    )


async def read_lists(snapshot: Snapshot, change: Change, pace: Pace) -> AsyncIterator[Row]:
    """Tokens with their postings, whether they are offered, and a word as written."""
    async for row in _read(snapshot, change, pace, _ALL_LISTS, _SOME_LISTS):
        yield row


async def read_services(snapshot: Snapshot, change: Change, pace: Pace) -> AsyncIterator[Row]:
    """Keys with titles, marks, bundle, names and spellings."""
    async for row in _read(snapshot, change, pace, _ALL_SERVICES, _SOME_SERVICES):
        yield row


async def _read(
    snapshot: Snapshot, change: Change, pace: Pace, whole: Statement, page: Statement
) -> AsyncIterator[Row]:
    if change.is_little:
        for row in await snapshot.rows(whole, since=change.since):
            yield row
        return
    after = ""
    while rows := await snapshot.rows(page, since=change.since, after=after):
        for row in rows:
            yield row
        after = rows[-1][0]
        await pace((None,))
