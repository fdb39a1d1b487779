"""What is known of each address, and which of them are due."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Row, exists, func, select, update

from catalog_sync.links.judging import State
from catalog_sync.links.verdicts import Verdict
from catalog_sync.operations import link, link_host, link_use

T = TypeVar("T")


class Store(Protocol):
    """What is needed of a database: work in one transaction."""

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction that may write; it is committed when `work` returns."""
        ...

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction that only reads."""
        ...


@dataclass(frozen=True, slots=True)
class Due:
    """An address to ask, with what is known of it."""

    number: int
    url: str
    state: State


def due_links(
    connection: Connection, host: str, now: int, *, source: int | None = None, limit: int
) -> list[Due]:
    """Addresses of a host that are due, the longest waiting first."""
    query = (
        select(link)
        .where(link.c.host == host, link.c.due_at <= now)
        .order_by(link.c.due_at, link.c.id)
        .limit(limit)
    )
    if source is not None:
        query = query.where(exists().where(link_use.c.link == link.c.id, link_use.c.source == source))
    return [Due(row.id, row.url, _state(row)) for row in connection.execute(query)]


def write_state(connection: Connection, number: int, state: State) -> None:
    """Keep what is known of an address."""
    connection.execute(
        update(link)
        .where(link.c.id == number)
        .values(
            verdict=None if state.verdict is None else state.verdict.value,
            answer=state.answer,
            target=state.target,
            since=state.since,
            checked_at=state.checked_at,
            failures=state.failures,
            missing=state.missing,
            counted_at=state.counted_at,
            due_at=state.due_at,
        )
    )


def number_due(connection: Connection, now: int, source: int | None = None) -> int:
    """How many addresses are due."""
    count = select(func.count()).select_from(link).where(link.c.due_at <= now)
    if source is not None:
        count = count.where(exists().where(link_use.c.link == link.c.id, link_use.c.source == source))
    return connection.scalar(count) or 0


def ask_again(connection: Connection, now: int, source: int | None = None) -> None:
    """Let all addresses that are not known to be good be due now, or those of one source."""
    late = update(link).where((link.c.verdict.is_(None)) | (link.c.verdict != Verdict.GOOD.value))
    if source is not None:
        late = late.where(link.c.id.in_(select(link_use.c.link).where(link_use.c.source == source)))
    connection.execute(late.where(link.c.due_at > now).values(due_at=now))
    due = exists().where(link.c.host == link_host.c.host, link.c.due_at <= now)
    connection.execute(update(link_host).where(link_host.c.due_at > now, due).values(due_at=now))


def counts(connection: Connection, source: int | None = None) -> Mapping[str, int]:
    """How many addresses have which verdict; ``unchecked`` are those that were not asked yet."""
    query = select(link.c.verdict, func.count()).group_by(link.c.verdict)
    if source is not None:
        query = query.where(exists().where(link_use.c.link == link.c.id, link_use.c.source == source))
    found = {row[0] or "unchecked": row[1] for row in connection.execute(query)}
    return {word: found.get(word, 0) for word in (*(one.value for one in Verdict), "unchecked")}


def _state(row: Row[Any]) -> State:
    return State(
        verdict=None if row.verdict is None else Verdict(row.verdict),
        answer=row.answer,
        target=row.target,
        since=row.since,
        checked_at=row.checked_at,
        failures=row.failures,
        missing=row.missing,
        counted_at=row.counted_at,
        due_at=row.due_at,
    )
