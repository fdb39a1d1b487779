"""Who is asking the graph: by a portal's access token, or by the hub's own session cookie."""

from dataclasses import dataclass

from sqlalchemy import Connection

from identity.opaque import Clock, micros
from identity.pairwise import Pairwise
from identity.provider import releases, tokens
from identity.provider.claims import GRAPH_SCOPE, Accounts
from identity.provider.provider import graph_audience
from identity.provider.tokens import AccessToken
from identity.sessions import Sessions
from identity.store import Database
from identity.subject import Subject, SubjectKind
from identity.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Viewers:
    """Finds the viewer of a request.

    Whether a cookie counts for a request (POST, JSON, same origin) is for the endpoint to say, which alone sees it.
    """

    issuer: str
    database: Database
    sessions: Sessions
    accounts: Accounts
    pairwise: Pairwise
    clock: Clock

    async def of_token(self, bearer: str) -> Viewer | None:
        """The viewer of a portal's access token; None unless it is valid, for the graph, and allowed to say who asks.

        The subject is known by the portal's own pairwise name; a name is told only where it was granted, and that is
        written down once for each token.
        """
        now = micros(self.clock)
        token = await self.database.read(lambda connection: tokens.find(connection, bearer, now))
        if token is None or token.audience != graph_audience(self.issuer):
            return None
        if GRAPH_SCOPE not in token.scopes or "graph" not in token.granted:
            return None
        person = await self.accounts.person(token.account_id)
        if person is None:
            return None
        organisation = token.acting_for if "organisation" in token.granted else None
        name = person.display_name if "name" in token.granted else None
        released = (["name"] if name else []) + (["organisation"] if organisation else [])
        await self._record(token, released, now)
        sector = token.client.sector
        return Viewer(
            subject=Subject(self.pairwise.subject(sector, token.account_id), name, _kind(token.acting_for)),
            assurance=token.level,
            acting_for=organisation and self.pairwise.organisation(sector, organisation),
        )

    async def of_cookie(self, cookie: str | None) -> Viewer | None:
        """The viewer of the hub's own session cookie; on the hub's own pages nothing is hidden from the person."""
        session = await self.sessions.find(cookie)
        person = await self.accounts.person(session.account_id) if session else None
        if session is None or person is None:
            return None
        return Viewer(
            subject=Subject(session.account_id, person.display_name, _kind(session.acting_for)),
            assurance=session.level,
            acting_for=session.acting_for,
        )

    async def _record(self, token: AccessToken, released: list[str], now: int) -> None:
        def known(connection: Connection) -> bool:
            return releases.recorded(connection, grant_hash=token.token_hash, purpose="graph")

        def record(connection: Connection) -> None:
            releases.record(
                connection,
                released,
                account_id=token.account_id,
                client_id=token.client.client_id,
                purpose="graph",
                level=token.level,
                grant_hash=token.token_hash,
                now=now,
            )

        if released and not await self.database.read(known):
            await self.database.write(record)


def _kind(acting_for: object) -> SubjectKind:
    return SubjectKind.REPRESENTATIVE if acting_for else SubjectKind.CITIZEN
