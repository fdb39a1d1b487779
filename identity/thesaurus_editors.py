"""Who may change the thesaurus: accounts that the operator lets in, signed in at the hub itself, surely enough."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import Connection, delete, insert, select

from identity.account_tables import account
from identity.assurance import AssuranceLevel
from identity.opaque import SECOND, Clock, micros
from identity.pairwise import Pairwise
from identity.sessions import Sessions
from identity.source_staff import StaffMember, UnknownAccountError
from identity.store import Database, inserted
from identity.tables import thesaurus_editor

EDITOR_LEVEL = AssuranceLevel.SUBSTANTIAL
"""How surely we must know who an editor is."""

_LENGTH = 16


class EditorAccess(Enum):
    """Whether somebody may change the thesaurus, and why not."""

    ALLOWED = "allowed"
    NOT_SIGNED_IN = "not_signed_in"
    ASSURANCE_TOO_LOW = "assurance_too_low"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True)
class Editor:
    """Who wants to change the thesaurus: `origin` names them where they may, and nobody else can tell who it is."""

    access: EditorAccess
    origin: str = ""


FindEditor = Callable[[], Awaitable[Editor]]


async def no_editor() -> Editor:
    """Of who is not signed in."""
    return Editor(EditorAccess.NOT_SIGNED_IN)


async def portals_editor() -> Editor:
    """By a token: a person has not allowed portals to write in their name, and a source is no editor."""
    return Editor(EditorAccess.FORBIDDEN)


def origin_of(pairwise: Pairwise, account_id: str) -> str:
    """The name under which an account's entries stand in the catalogue, which anyone may copy."""
    return f"editor-{pairwise.subject('thesaurus', account_id)[:_LENGTH]}"


class ThesaurusEditors:
    """Grants to accounts, a transaction each."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def grant(self, account_id: str) -> bool:
        """Let an account in; False where it was let in before.

        Raises:
            UnknownAccountError: where there is no such account.
        """
        now = micros(self._clock)
        return await self._database.write(lambda connection: _grant(connection, account_id, now))

    async def withdraw(self, account_id: str) -> bool:
        """Take a grant back; False where there was none."""
        row = thesaurus_editor.c.account_id == account_id
        return await self._database.write(
            lambda connection: connection.execute(delete(thesaurus_editor).where(row)).rowcount == 1
        )

    async def members(self) -> list[StaffMember]:
        """Who may change the thesaurus, the first granted first."""
        return await self._database.read(_members)

    async def allows(self, account_id: str) -> bool:
        """Whether an account may."""
        query = select(thesaurus_editor.c.account_id).where(thesaurus_editor.c.account_id == account_id)
        return await self._database.read(lambda connection: connection.execute(query).first() is not None)


@dataclass(frozen=True, slots=True)
class EditorDoor:
    """Judges those who ask the graph to change the thesaurus, by the hub's own session."""

    sessions: Sessions
    editors: ThesaurusEditors
    pairwise: Pairwise

    def of_cookie(self, cookie: str | None) -> FindEditor:
        """Who has a session, looked up when it is asked for."""

        async def find() -> Editor:
            session = await self.sessions.find(cookie)
            if session is None:
                return Editor(EditorAccess.NOT_SIGNED_IN)
            if not await self.editors.allows(session.account_id):
                return Editor(EditorAccess.FORBIDDEN)
            if session.level < EDITOR_LEVEL:
                return Editor(EditorAccess.ASSURANCE_TOO_LOW)
            return Editor(EditorAccess.ALLOWED, origin_of(self.pairwise, session.account_id))

        return find


def _grant(connection: Connection, account_id: str, now: int) -> bool:
    if connection.execute(select(account.c.id).where(account.c.id == account_id)).first() is None:
        raise UnknownAccountError(
            f"There is no account {account_id!r}; a person finds the id of theirs at /account/data."
        )
    return inserted(connection, insert(thesaurus_editor).values(account_id=account_id, granted_at=now))


def _members(connection: Connection) -> list[StaffMember]:
    rows = connection.execute(
        select(thesaurus_editor.c.account_id, account.c.name, thesaurus_editor.c.granted_at)
        .outerjoin(account, account.c.id == thesaurus_editor.c.account_id)
        .order_by(thesaurus_editor.c.granted_at, thesaurus_editor.c.account_id)
    )
    return [StaffMember(row.account_id, row.name, row.granted_at // SECOND) for row in rows]
