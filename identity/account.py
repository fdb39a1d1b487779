"""Accounts: who somebody is to the hub, and what they may read and change about themselves."""

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.exc import IntegrityError

from identity import account_reads, sessions, tables
from identity.account_reads import OpenSession, PortalAccess, Release, WayIn
from identity.admission import Admission
from identity.opaque import Clock, Random, micros
from identity.person import Account, Identified, Person
from identity.source_staff import sources_of
from identity.store import Database
from identity.subject import Organisation

__all__ = ["Account", "Accounts", "Identified", "OpenSession", "Person", "PortalAccess", "Release", "WayIn"]


class Accounts:
    """The accounts in the database; every read and command is one account's own."""

    def __init__(self, database: Database, clock: Clock, random: Random) -> None:
        self._database = database
        self._clock = clock
        self._random = random

    async def find_or_create(self, identified: Identified) -> Account:
        """The account of this person at this upstream, made when they come for the first time.

        Attributes are overwritten by what the upstream verified now. An e-mail address never finds an account: whoever
        can register one elsewhere would own the account.
        """
        try:
            return await self._database.write(lambda connection: self._admit(connection, identified))
        except IntegrityError:  # somebody's first login came twice at once; the other one has made the rows
            return await self._database.write(lambda connection: self._admit(connection, identified))

    def _admit(self, connection: Connection, identified: Identified) -> Account:
        return Admission(connection, identified, micros(self._clock), self._random).account()

    async def person(self, account_id: str) -> Person | None:
        """What the hub holds about somebody; None for an account that is not there."""
        return await self._database.read(lambda connection: account_reads.person(connection, account_id))

    async def organisations(self, account_id: str) -> list[Organisation]:
        """The organisations for which the account has come, by name; ids are the hub's own."""
        return await self._database.read(
            lambda connection: account_reads.organisations(connection, account_id)
        )

    async def ways_in(self, account_id: str) -> list[WayIn]:
        """The upstreams that lead to the account, the latest used first."""
        return await self._database.read(lambda connection: account_reads.ways_in(connection, account_id))

    async def portals(self, account_id: str) -> list[PortalAccess]:
        """The portals with a consent, by name."""
        return await self._database.read(lambda connection: account_reads.portals(connection, account_id))

    async def sessions(self, account_id: str) -> list[OpenSession]:
        """The account's sessions that live, the latest used first."""
        now = micros(self._clock)
        return await self._database.read(
            lambda connection: account_reads.sessions(connection, account_id, now)
        )

    async def releases(self, account_id: str, *, most: int = 50) -> list[Release]:
        """Who received what about the person, the newest first, 200 at most."""
        return await self._database.read(
            lambda connection: account_reads.releases(connection, account_id, most)
        )

    async def sources(self, account_id: str) -> list[str]:
        """The keys of the sources whose staff the account is."""
        return await self._database.read(lambda connection: sources_of(connection, account_id))

    async def end_session(self, account_id: str, session_id: str) -> bool:
        """End one of the account's own sessions; False when it is over already or somebody else's.

        Whoever calls tells the session's portals afterwards.
        """
        return await self._database.write(
            lambda connection: self._end_session(connection, account_id, session_id)
        )

    def _end_session(self, connection: Connection, account_id: str, session_id: str) -> bool:
        own = select(tables.session.c.id).where(
            tables.session.c.id == session_id, tables.session.c.account_id == account_id
        )
        if connection.execute(own).first() is None:
            return False
        return sessions.end(connection, session_id, micros(self._clock))

    async def withdraw_consent(self, account_id: str, client_id: str) -> bool:
        """Take back what was granted to a portal; its access tokens for the account end at once. False if none was."""
        return await self._database.write(
            lambda connection: self._withdraw(connection, account_id, client_id)
        )

    def _withdraw(self, connection: Connection, account_id: str, client_id: str) -> bool:
        consent, token = tables.consent.c, tables.access_token.c
        connection.execute(
            update(tables.access_token)
            .where(token.account_id == account_id, token.client_id == client_id, token.revoked_at.is_(None))
            .values(revoked_at=micros(self._clock))
        )
        gone = connection.execute(
            delete(tables.consent).where(consent.account_id == account_id, consent.client_id == client_id)
        )
        return gone.rowcount == 1
