"""Sessions of people at the hub: begun by an event of logging in, known by a cookie, ended for all portals at once.

A session's level, time, upstream and organisation always come from its newest event together; a step-up never
borrows from an older one.
"""

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update
from starlette.responses import Response

from identity import tables
from identity.assurance import AssuranceLevel
from identity.authentication import Authentication
from identity.opaque import SECOND, Clock, Random, digest, micros, new_secret
from identity.store import Database, packed_organisation, unpacked_organisation
from identity.subject import Organisation

SESSION_COOKIE = "__Host-verbundhub_session"
ABSOLUTE_SECONDS = 12 * 3600
IDLE_SECONDS = 2 * 3600
_TOUCH = 60 * SECOND  # a visit is written at most once a minute


@dataclass(frozen=True, slots=True)
class Session:
    """A live session.

    Attributes:
        id: the hub's own name for it; portals know it by a `sid` of their own.
        authenticated_at: epoch seconds of the newest event (`auth_time`).
        begun_at: microseconds, when that event reached us.
        acting_for: the business for which the person came, with the hub's own id.
    """

    id: str
    account_id: str
    level: AssuranceLevel
    authenticated_at: int
    upstream: str
    acting_for: Organisation | None
    created_at: int
    begun_at: int


class Farewell(Protocol):
    """Tells the portals of a session that it has ended; called after the end is committed."""

    async def __call__(self, session_id: str) -> object:
        """Tell them; a portal that fails is recorded and never raises."""
        ...


class Sessions:
    """The sessions in the database. `farewell` is told of a session that another person's login replaces."""

    def __init__(
        self, database: Database, clock: Clock, random: Random, farewell: Farewell | None = None
    ) -> None:
        self._database = database
        self._clock = clock
        self._random = random
        self._farewell = farewell

    async def begin(self, authentication: Authentication, previous: str | None) -> str:
        """Begin a session, or lift the browser's own when the same account comes again; returns the cookie's value.

        The value is new each time, so that one known before the login is worth nothing after it. `previous` is the
        browser's cookie of now; a session of another account in it ends, and its portals are told.
        """
        secret, now = new_secret(self._random), micros(self._clock)
        ended = await self._database.write(
            lambda connection: self._begin(connection, authentication, previous, secret, now)
        )
        if ended and self._farewell:
            await self._farewell(ended)
        return secret

    def _begin(
        self, connection: Connection, event: Authentication, previous: str | None, secret: str, now: int
    ) -> str | None:
        old = load(connection, previous, now)
        values = _of_event(event) | {"secret_hash": digest(secret), "begun_at": now, "seen_at": now}
        values["expires_at"] = now + ABSOLUTE_SECONDS * SECOND
        if old and old.account_id == event.account_id:
            connection.execute(update(tables.session).where(tables.session.c.id == old.id).values(values))
            return None
        values |= {"id": new_secret(self._random), "account_id": event.account_id, "created_at": now}
        connection.execute(insert(tables.session).values(values))
        if old:
            end(connection, old.id, now)
        return old.id if old else None

    async def find(self, cookie: str | None) -> Session | None:
        """The live session that a cookie names, or None; a visit keeps it alive."""
        now = micros(self._clock)
        found = await self._database.read(lambda connection: _row(connection, cookie, now))
        if found is not None and found.seen_at + _TOUCH < now:
            await self._database.write(lambda connection: touch(connection, found.id, now))
        return _session(found) if found is not None else None

    async def end(self, session_id: str) -> None:
        """End a session; whoever calls tells its portals afterwards."""
        now = micros(self._clock)
        await self._database.write(lambda connection: end(connection, session_id, now))


def load(connection: Connection, cookie: str | None, now: int) -> Session | None:
    """The live session that a cookie names, within the caller's transaction."""
    found = _row(connection, cookie, now)
    return _session(found) if found is not None else None


def alive(connection: Connection, session_id: str, now: int) -> Session | None:
    """The session of that id while it lives."""
    found = connection.execute(
        select(tables.session).where(tables.session.c.id == session_id, *living(now))
    ).first()
    return _session(found) if found is not None else None


def touch(connection: Connection, session_id: str, now: int) -> None:
    """Write down a visit."""
    connection.execute(
        update(tables.session)
        .where(tables.session.c.id == session_id, tables.session.c.seen_at < now - _TOUCH)
        .values(seen_at=now)
    )


def end(connection: Connection, session_id: str, now: int) -> bool:
    """End a session; False when it was over already."""
    ended = connection.execute(
        update(tables.session)
        .where(tables.session.c.id == session_id, tables.session.c.ended_at.is_(None))
        .values(ended_at=now)
    )
    return ended.rowcount == 1


def remember(response: Response, cookie: str) -> None:
    """Hand the cookie to the browser; it ends with the browser's own session."""
    response.set_cookie(SESSION_COOKIE, cookie, path="/", secure=True, httponly=True, samesite="lax")


def forget(response: Response) -> None:
    """Take the cookie back."""
    response.delete_cookie(SESSION_COOKIE, path="/", secure=True, httponly=True, samesite="lax")


def living(now: int) -> tuple[ColumnElement[bool], ...]:
    """The conditions of a session that is not over at `now` (microseconds)."""
    columns = tables.session.c
    return columns.ended_at.is_(None), columns.expires_at > now, columns.seen_at > now - IDLE_SECONDS * SECOND


def _row(connection: Connection, cookie: str | None, now: int) -> Row[tuple[object, ...]] | None:
    if not cookie:
        return None
    by_secret = tables.session.c.secret_hash == digest(cookie)
    return connection.execute(select(tables.session).where(by_secret, *living(now))).first()


def _session(row: Row[tuple[object, ...]]) -> Session:
    return Session(
        id=row.id,
        account_id=row.account_id,
        level=AssuranceLevel(row.level),
        authenticated_at=row.authenticated_at,
        upstream=row.upstream,
        acting_for=unpacked_organisation(row.acting_for),
        created_at=row.created_at,
        begun_at=row.begun_at,
    )


def _of_event(event: Authentication) -> dict[str, object]:
    return {
        "level": int(event.level),
        "authenticated_at": event.authenticated_at,
        "upstream": event.upstream,
        "acting_for": packed_organisation(event.acting_for),
    }
