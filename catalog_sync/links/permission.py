"""Asking a site's robots.txt before anything else of it, and keeping the answer for a day (RFC 9309, section 2.3.1)."""

import asyncio
from functools import partial
from http import HTTPStatus

from sqlalchemy import Connection, delete, insert, select

from catalog_sync.links import robots
from catalog_sync.links.addresses import Address, address_of, joined
from catalog_sync.links.judging import MICROSECONDS
from catalog_sync.links.outside import Reply, UnansweredError
from catalog_sync.links.retry_after import seconds_of
from catalog_sync.links.robots import EVERYTHING, Robots
from catalog_sync.links.visiting import Visit
from catalog_sync.operations import link_robots

MOVED = frozenset({301, 302, 303, 307, 308})
BUSY = frozenset({429, 503})
_THERE = range(200, 300)
_ABSENT = range(300, 500)

Kept = tuple[int, int | None, Robots]
"""When it was read, since when it can't be, and what it says."""


class NotNowError(Exception):
    """A site whose robots.txt can't be read is not asked."""

    def __init__(self, host: str, rest: float | None = None) -> None:
        super().__init__(host)
        self.host = host
        self.rest = rest


async def permission(visit: Visit, address: Address) -> Robots:
    """What a site lets the link checker do.

    A site without one (4xx, too many redirects) allows everything. One that fails (5xx) is not asked now; when it has
    failed for thirty days, it counts as a site without.

    Raises:
        NotNowError: where the site is not to be asked.
        UnansweredError: where its server does not answer at all.
        HostBusyError: as `Visit.ask`.
    """
    if (rules := visit.rules.get(address.origin)) is not None:
        return rules
    rules = visit.rules[address.origin] = await _found(visit, address)
    return rules


async def _found(visit: Visit, address: Address) -> Robots:
    """As it was kept, or as it is now."""
    means, limits = visit.means, visit.means.limits
    now = means.now()
    kept = await means.operations.read(partial(_kept, origin=address.origin))
    if kept is not None:
        fetched_at, failing_since, rules = kept
        age = (now - fetched_at) / MICROSECONDS
        if failing_since is None and 0 <= age < limits.robots_period:
            return _observed(visit, address, rules)
        if failing_since is not None and 0 <= age < limits.robots_retry:
            return _unreadable(visit, address, failing_since, now, None)
    reply = await _fetched(visit, address)
    if reply is None or (reply.status in _ABSENT and reply.status not in BUSY):
        rules = EVERYTHING
    elif reply.status in _THERE and "content-encoding" not in reply.headers:
        rules = await asyncio.to_thread(robots.parse, reply.body)  # half a megabyte takes a third of a second
    else:
        since = kept[1] if kept is not None and kept[1] is not None else now
        await means.operations.write(partial(_keep, origin=address.origin, kept=(now, since, EVERYTHING)))
        return _unreadable(visit, address, since, now, _rest(reply, means.clock()))
    await means.operations.write(partial(_keep, origin=address.origin, kept=(now, None, rules)))
    return _observed(visit, address, rules)


def _observed(visit: Visit, address: Address, rules: Robots) -> Robots:
    visit.slow_down(address.host, rules.delay)
    return rules


def _unreadable(visit: Visit, address: Address, since: int, now: int, rest: float | None) -> Robots:
    if (now - since) / MICROSECONDS >= visit.means.limits.robots_given_up and rest is None:
        return EVERYTHING
    raise NotNowError(address.host, rest)


def _rest(reply: Reply, now: float) -> float | None:
    if reply.status not in BUSY:
        return None
    return seconds_of(reply.headers.get("retry-after"), now) or 0.0


async def _fetched(visit: Visit, address: Address) -> Reply | None:
    """The file, by redirects too; None where they lead nowhere. A redirect to nobody is the site's failure."""
    at = first = address_of(f"{address.origin}/robots.txt")
    for _ in range(visit.means.limits.redirects + 1):
        if at is None:
            return None
        try:
            reply = await visit.ask("GET", at, visit.means.limits.robots_bytes)
        except UnansweredError:
            if at is first:
                raise
            return Reply(HTTPStatus.BAD_GATEWAY)
        if reply.status not in MOVED or "location" not in reply.headers:
            return reply
        target = joined(at, reply.headers["location"])
        at = None if target is None else address_of(target)
    return None


def _kept(connection: Connection, origin: str) -> Kept | None:
    row = connection.execute(
        select(link_robots.c.fetched_at, link_robots.c.failing_since, link_robots.c.rules).where(
            link_robots.c.origin == origin
        )
    ).first()
    return None if row is None else (row.fetched_at, row.failing_since, robots.decode(row.rules.encode()))


def _keep(connection: Connection, origin: str, kept: Kept) -> None:
    fetched_at, failing_since, rules = kept
    connection.execute(delete(link_robots).where(link_robots.c.origin == origin))
    connection.execute(
        insert(link_robots).values(
            origin=origin,
            fetched_at=fetched_at,
            failing_since=failing_since,
            rules=robots.encode(rules).decode(),
        )
    )
