"""Tokens with which sources push; a kind of their own, so that none of them is ever taken for a person's."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from identity import tables
from identity.opaque import Clock, Random, digest, micros, new_secret
from identity.store import Database

CATALOG_WRITE = "catalog:write"
_PREFIX = "vhs_"


@dataclass(frozen=True, slots=True)
class SourceGrant:
    """What a source's token allows."""

    source: str
    scopes: frozenset[str]


def issue(connection: Connection, source: str, random: Random, now: int) -> str:
    """Make a token for a source (its key in the catalogue); told once, kept as its hash. `now` in microseconds."""
    token = new_secret(random, _PREFIX)
    connection.execute(
        insert(tables.source_token).values(
            token_hash=digest(token), source=source, scope=CATALOG_WRITE, created_at=now
        )
    )
    return token


def revoke(connection: Connection, source: str, now: int) -> int:
    """Revoke all tokens of a source; returns how many."""
    columns = tables.source_token.c
    revoked = connection.execute(
        update(tables.source_token)
        .where(columns.source == source, columns.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return revoked.rowcount


class SourceTokens:
    """Issues and judges tokens, a transaction each."""

    def __init__(self, database: Database, clock: Clock, random: Random) -> None:
        self._database = database
        self._clock = clock
        self._random = random

    async def issue(self, source: str) -> str:
        """Make a token for a source."""
        now = micros(self._clock)
        return await self._database.write(lambda connection: issue(connection, source, self._random, now))

    async def verify(self, token: str) -> SourceGrant | None:
        """What a token allows; None when it is unknown, revoked or of another kind."""
        if not token.startswith(_PREFIX):
            return None
        columns = tables.source_token.c
        wanted = select(columns.source, columns.scope).where(
            columns.token_hash == digest(token), columns.revoked_at.is_(None)
        )
        row = await self._database.read(lambda connection: connection.execute(wanted).first())
        return SourceGrant(row.source, frozenset(row.scope.split())) if row else None

    async def revoke(self, source: str) -> int:
        """Revoke all tokens of a source; returns how many."""
        now = micros(self._clock)
        return await self._database.write(lambda connection: revoke(connection, source, now))
