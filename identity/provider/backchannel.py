"""Telling portals that a session has ended (OpenID Connect Back-Channel Logout 1.0)."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection, Row, select, update

from identity import tables
from identity.opaque import SECOND, micros, new_secret
from identity.provider.provider import Provider

_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_TOKEN_SECONDS = 120  # section 4: a short life against replay
_PATIENCE_SECONDS = 3.0
_TAKEN = (200, 204)  # section 2.8 says 200; frameworks turn an empty answer into 204

SIGNED_OUT, FAILED, UNSUPPORTED = "signed_out", "failed", "unsupported"

_log = logging.getLogger(__name__)


class Posted(Protocol):
    """The answer to a form."""

    @property
    def status(self) -> int:
        """HTTP status."""
        ...


class Egress(Protocol):
    """What is needed of the client for calls to outside: it refuses addresses that must not be reached."""

    async def post(self, url: str, fields: dict[str, str]) -> Posted:
        """Post a form without following redirects; raises when there is no answer."""
        ...


@dataclass(frozen=True, slots=True)
class Told:
    """How telling one portal went: ``signed_out``, ``failed``, or ``unsupported`` when it has no address for it."""

    client_id: str
    name: str
    outcome: str


class BackChannel:
    """Tells all portals of a session; call it after the session's end is committed."""

    def __init__(self, provider: Provider, egress: Egress, patience: float = _PATIENCE_SECONDS) -> None:
        self._provider = provider
        self._egress = egress
        self._patience = patience

    async def __call__(self, session_id: str) -> list[Told]:
        """Tell every portal of an ended session that was not told yet, all at once.

        One that fails or hangs is written down and keeps none of the others.
        """
        portals = await self._provider.database.read(lambda connection: _untold(connection, session_id))
        told = await asyncio.gather(*(self._tell(portal) for portal in portals))
        if told:
            await self._provider.database.write(lambda connection: self._record(connection, session_id, told))
        return list(told)

    async def _tell(self, portal: Row[Any]) -> Told:
        if portal.backchannel_logout_uri is None:
            return Told(portal.client_id, portal.name, UNSUPPORTED)
        token = self._token(portal)
        try:
            async with asyncio.timeout(self._patience):
                answer = await self._egress.post(portal.backchannel_logout_uri, {"logout_token": token})
        except Exception as error:  # noqa: BLE001 - whatever a portal does, the others have to be told
            _log.warning("portal %s was not told of a logout: %s", portal.client_id, type(error).__name__)
            return Told(portal.client_id, portal.name, FAILED)
        if answer.status in _TAKEN:
            return Told(portal.client_id, portal.name, SIGNED_OUT)
        _log.warning("portal %s refused a logout with status %s", portal.client_id, answer.status)
        return Told(portal.client_id, portal.name, FAILED)

    def _token(self, portal: Row[Any]) -> str:
        """Make the logout token (section 2.4): never a nonce, a type of its own so that it is no ID token."""
        now = micros(self._provider.clock) // SECOND
        claims = {
            "iss": self._provider.issuer,
            "sub": self._provider.pairwise.subject(portal.sector, portal.account_id),
            "aud": portal.client_id,
            "iat": now,
            "exp": now + _TOKEN_SECONDS,
            "jti": new_secret(self._provider.random),
            "sid": portal.sid,
            "events": {_EVENT: {}},
        }
        algorithm: str = portal.id_token_signed_response_alg
        return self._provider.keys.sign(claims, algorithm=algorithm, kind="logout+jwt")

    def _record(self, connection: Connection, session_id: str, told: list[Told]) -> None:
        columns, now = tables.session_client.c, micros(self._provider.clock)
        for one in told:
            connection.execute(
                update(tables.session_client)
                .where(columns.session_id == session_id, columns.client_id == one.client_id)
                .values(told_at=now, told=one.outcome)
            )


def _untold(connection: Connection, session_id: str) -> list[Row[Any]]:
    known, client, session = tables.session_client, tables.client.c, tables.session.c
    return list(
        connection.execute(
            select(
                client.client_id,
                client.name,
                client.sector,
                client.backchannel_logout_uri,
                client.id_token_signed_response_alg,
                known.c.sid,
                session.account_id,
            )
            .select_from(known.join(tables.client).join(tables.session))
            .where(
                known.c.session_id == session_id,
                known.c.told_at.is_(None),
                session.ended_at.is_not(None),
            )
            .order_by(client.name)
        )
    )
