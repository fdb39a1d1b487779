"""Whose turn it is to ask a host, and when.

A host is asked by one visitor at a time, in all processes: a visitor holds its row, for some minutes at most, so that
one that dies holds nobody up. How many hosts are held bounds how many are asked at once.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, case, delete, exists, func, select, text, update

from catalog_sync.links.judging import MICROSECONDS
from catalog_sync.links.limits import Limits
from catalog_sync.operations import link, link_host, link_robots, link_state, link_use

_hosts = link_host.c
_ONE_ROW = text('INSERT INTO link_state (id, "cursor") VALUES (1, :cursor) ON CONFLICT DO NOTHING')
_NEW_HOST = text(
    "INSERT INTO link_host (host, rest_until, failures, held_until) VALUES (:host, 0, 0, 0) ON CONFLICT DO NOTHING"
)


def lock(connection: Connection) -> str:
    """Let nobody else take a host or collect links until the transaction ends; gives the cursor of the collected."""
    connection.execute(_ONE_ROW, {"cursor": ""})
    held = select(link_state.c.cursor).where(link_state.c.id == 1).with_for_update()
    return str(connection.scalar(held))


def claim(
    connection: Connection, holder: str, now: int, limits: Limits, source: int | None = None
) -> str | None:
    """Take a host that has something due: of those that may be asked the one that was asked longest ago.

    Args:
        connection: a transaction that may write.
        holder: the visitor, unlike any other.
        now: microseconds since 1970, UTC.
        limits: how many hosts may be held.
        source: only hosts with due addresses that this source names.
    """
    lock(connection)
    held = connection.scalar(select(func.count()).where(_hosts.held_until > now)) or 0
    if held >= limits.at_once:
        return None
    ready = (
        select(_hosts.host)
        .where(_hosts.due_at <= now, _hosts.rest_until <= now, _hosts.held_until <= now)
        .where(*_of_source(source, now))
        .order_by(_hosts.rest_until, _hosts.due_at, _hosts.host)
        .limit(1)
    )
    host = connection.scalar(ready)
    if host is None:
        return None
    unused = ~exists().where(link_use.c.link == link.c.id)
    connection.execute(delete(link).where(link.c.host == host, link.c.due_at <= now, unused))
    _hold(connection, host, holder, now, limits)
    return str(host)


def enter(connection: Connection, host: str, holder: str, now: int, limits: Limits) -> bool:
    """Take the host that a redirect leads to; False where another is there, or where it has its rest."""
    connection.execute(_NEW_HOST, {"host": host})
    lock(connection)
    free = select(_hosts.host).where(_hosts.host == host, _hosts.rest_until <= now, _hosts.held_until <= now)
    if connection.execute(free).first() is None:
        return False
    _hold(connection, host, holder, now, limits)
    return True


def _hold(connection: Connection, host: str, holder: str, now: int, limits: Limits) -> None:
    connection.execute(
        update(link_host)
        .where(_hosts.host == host)
        .values(holder=holder, held_until=now + int(limits.lease * MICROSECONDS))
    )


def still_held(connection: Connection, host: str, holder: str, now: int, limits: Limits) -> bool:
    """Whether the visitor holds the host, and then for longer; a host that it lost is another's."""
    mine = update(link_host).where(_hosts.host == host, _hosts.holder == holder)
    return connection.execute(mine.values(held_until=now + int(limits.lease * MICROSECONDS))).rowcount == 1


def leave(
    connection: Connection, host: str, holder: str, *, rest_until: int, failures: int | None = None
) -> None:
    """Give a host back, with when it may be asked again.

    Args:
        connection: a transaction that may write.
        host: what is held.
        holder: by whom.
        rest_until: microseconds since 1970, UTC; a rest that is longer already stays.
        failures: visits in a row that were broken off; None leaves the number as it is.
    """
    first_due = select(func.min(link.c.due_at)).where(link.c.host == host).scalar_subquery()
    row = connection.execute(
        select(_hosts.rest_until, _hosts.failures).where(_hosts.host == host, _hosts.holder == holder)
    ).first()
    if row is None:
        return
    connection.execute(
        update(link_host)
        .where(_hosts.host == host)
        .values(
            holder=None,
            held_until=0,
            due_at=first_due,
            rest_until=max(row.rest_until, rest_until),
            failures=row.failures if failures is None else failures,
        )
    )


def failures_of(connection: Connection, host: str) -> int:
    """How many visits in a row were broken off."""
    return connection.scalar(select(_hosts.failures).where(_hosts.host == host)) or 0


def next_turn(connection: Connection, now: int, source: int | None = None) -> int | None:
    """When the first of the hosts that have something due may be asked; None where nothing is due."""
    free_at = case((_hosts.rest_until > _hosts.held_until, _hosts.rest_until), else_=_hosts.held_until)
    found = select(func.min(free_at)).where(_hosts.due_at <= now).where(*_of_source(source, now))
    return connection.execute(found).scalar_one_or_none()


def let_be_due(connection: Connection, hosts: Iterable[str], now: int) -> None:
    """Have hosts that something was found for asked now."""
    names: Sequence[str] = sorted(set(hosts))
    if not names:
        return
    connection.execute(_NEW_HOST, [{"host": name} for name in names])
    late = (_hosts.due_at.is_(None)) | (_hosts.due_at > now)
    connection.execute(update(link_host).where(_hosts.host.in_(names), late).values(due_at=now))


def forget_idle(connection: Connection, now: int, robots_before: int) -> None:
    """Forget hosts that nobody names and that owe nothing, and what sites said that were not asked for long."""
    idle = _hosts.due_at.is_(None), _hosts.rest_until <= now, _hosts.held_until <= now
    named = exists().where(link.c.host == _hosts.host)
    connection.execute(delete(link_host).where(*idle, ~named))
    connection.execute(delete(link_robots).where(link_robots.c.fetched_at < robots_before))


def _of_source(source: int | None, now: int) -> list[ColumnElement[bool]]:
    if source is None:
        return []
    uses = select(link_use.c.link).join(link, link.c.id == link_use.c.link)
    return [
        uses.where(link_use.c.source == source, link_use.c.host == _hosts.host, link.c.due_at <= now).exists()
    ]
