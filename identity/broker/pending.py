"""Logins under way: begun in one browser, answered there once, within ten minutes."""

from dataclasses import dataclass

from sqlalchemy import Connection, Row, insert, update

from identity.assurance import AssuranceLevel
from identity.broker.errors import StateRefusedError
from identity.broker.purpose import Purpose
from identity.broker.tables import pending_login
from identity.opaque import SECOND, Clock, Random, digest, micros, new_secret
from identity.store import Database
from identity.sweep import sweep

LIFETIME_SECONDS = 600


@dataclass(frozen=True, slots=True)
class PendingLogin:
    """What the hub remembers of a login while the person is at the upstream.

    Attributes:
        nonce: comes back inside the ID token and ties it to this login (Core 3.1.2.1).
        verifier: proves at the token endpoint that the code was asked for here (PKCE, RFC 7636).
        begun_at: epoch seconds.
    """

    nonce: str
    verifier: str
    purpose: Purpose
    begun_at: float


class PendingLogins:
    """The pending logins in the database; states and browsers rest as hashes only."""

    def __init__(self, database: Database, clock: Clock, random: Random) -> None:
        self._database = database
        self._clock = clock
        self._random = random

    async def begin(self, upstream: str, purpose: Purpose, browser: str) -> tuple[str, PendingLogin]:
        """Remember a login of this browser; returns its state and what was remembered."""
        state, nonce, verifier = (new_secret(self._random) for _ in range(3))
        now = micros(self._clock)
        values: dict[str, object] = {
            "state_hash": digest(state),
            "browser_hash": digest(browser),
            "upstream": upstream,
            "nonce": nonce,
            "verifier": verifier,
            "interaction": purpose.interaction,
            "next": purpose.next,
            "wanted": int(purpose.wanted),
            "fresh": purpose.fresh,
            "created_at": now,
            "expires_at": now + LIFETIME_SECONDS * SECOND,
        }
        await self._database.write(lambda connection: _keep(connection, values, now))
        return state, PendingLogin(nonce, verifier, purpose, now / SECOND)

    async def spend(self, state: str, upstream: str, browser: str | None) -> PendingLogin:
        """End the login that this state began, so that no second answer counts.

        Raises:
            StateRefusedError: unknown, too old, spent, of another upstream (mix-up) or of another browser (login CSRF).
        """
        now = micros(self._clock)
        row = await self._database.write(
            lambda connection: _spent(connection, digest(state), upstream, digest(browser or ""), now)
        )
        if row is None:
            raise StateRefusedError("This login is unknown here, too old, or was finished already.")
        purpose = Purpose(
            wanted=AssuranceLevel(row.wanted), fresh=row.fresh, interaction=row.interaction, next=row.next
        )
        return PendingLogin(row.nonce, row.verifier, purpose, row.created_at / SECOND)


def _keep(connection: Connection, values: dict[str, object], now: int) -> None:
    sweep(connection, pending_login, now)
    connection.execute(insert(pending_login).values(values))


def _spent(
    connection: Connection, state_hash: str, upstream: str, browser_hash: str, now: int
) -> Row[tuple[object, ...]] | None:
    columns = pending_login.c
    return connection.execute(
        update(pending_login)
        .where(
            columns.state_hash == state_hash,
            columns.upstream == upstream,
            columns.browser_hash == browser_hash,
            columns.used_at.is_(None),
            columns.expires_at > now,
        )
        .values(used_at=now)
        .returning(*columns)
    ).one_or_none()
