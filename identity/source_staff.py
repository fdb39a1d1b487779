"""A source's staff: which accounts may see its runs and act on them."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from identity.account_tables import account
from identity.errors import IdentityError
from identity.opaque import SECOND, Clock, micros
from identity.store import Database, inserted
from identity.tables import source_staff

_MOST = 200


class UnknownAccountError(IdentityError):
    """An account that there is not."""

    code = "UNKNOWN_ACCOUNT"


@dataclass(frozen=True, slots=True)
class StaffMember:
    """An account that may see a source; `granted_at` in epoch seconds, `name` as its upstream last said."""

    account_id: str
    name: str | None
    granted_at: int


class SourceStaff:
    """Grants of sources (by their keys in the catalogue) to accounts, a transaction each."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def grant(self, source: str, account_id: str) -> bool:
        """Let an account in; False where it was let in before.

        Raises:
            UnknownAccountError: where there is no such account.
        """
        now = micros(self._clock)
        return await self._database.write(lambda connection: _grant(connection, source, account_id, now))

    async def withdraw(self, source: str, account_id: str) -> bool:
        """Take a grant back; False where there was none."""
        row = (source_staff.c.source == source) & (source_staff.c.account_id == account_id)
        gone = await self._database.write(
            lambda connection: connection.execute(delete(source_staff).where(row)).rowcount
        )
        return gone == 1

    async def members(self, source: str) -> list[StaffMember]:
        """Who may see a source, the first granted first."""
        return await self._database.read(lambda connection: _members(connection, source))

    async def sources(self, account_id: str) -> list[str]:
        """The keys of the sources that an account may see, in their order."""
        return await self._database.read(lambda connection: sources_of(connection, account_id))

    async def allows(self, source: str, account_id: str) -> bool:
        """Whether an account may see a source."""
        row = (source_staff.c.source == source) & (source_staff.c.account_id == account_id)
        query = select(source_staff.c.source).where(row)
        return await self._database.read(lambda connection: connection.execute(query).first() is not None)


def _grant(connection: Connection, source: str, account_id: str, now: int) -> bool:
    if connection.execute(select(account.c.id).where(account.c.id == account_id)).first() is None:
        raise UnknownAccountError(
            f"There is no account {account_id!r}; a person finds the id of theirs at /account/data."
        )
    row = {"source": source, "account_id": account_id, "granted_at": now}
    return inserted(connection, insert(source_staff).values(row))


def _members(connection: Connection, source: str) -> list[StaffMember]:
    rows = connection.execute(
        select(source_staff.c.account_id, account.c.name, source_staff.c.granted_at)
        .outerjoin(account, account.c.id == source_staff.c.account_id)
        .where(source_staff.c.source == source)
        .order_by(source_staff.c.granted_at, source_staff.c.account_id)
    )
    return [StaffMember(row.account_id, row.name, row.granted_at // SECOND) for row in rows]


def sources_of(connection: Connection, account_id: str) -> list[str]:
    """The keys of the sources that an account may see, within the caller's transaction."""
    query = select(source_staff.c.source).where(source_staff.c.account_id == account_id)
    return list(connection.scalars(query.order_by(source_staff.c.source).limit(_MOST)))
