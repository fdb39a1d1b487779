"""Who may see what became of a source's deliveries: the source by its token, its staff by the hub's own session."""

from dataclasses import dataclass

from identity.sessions import Sessions
from identity.source_access import STAFF_LEVEL, MaySee, SourceAccess
from identity.source_staff import SourceStaff
from identity.source_tokens import CATALOG_WRITE, SourceTokens


@dataclass(frozen=True, slots=True)
class SourceReaders:
    """Judges those who ask the graph, as the push endpoint and the staff's pages do."""

    sessions: Sessions
    staff: SourceStaff
    tokens: SourceTokens

    async def of_token(self, bearer: str) -> MaySee | None:
        """What a source's token lets see; None where it is no valid one."""
        grant = await self.tokens.verify(bearer)
        if grant is None:
            return None

        async def may_see(source: str) -> SourceAccess:
            own = grant.source == source and CATALOG_WRITE in grant.scopes
            return SourceAccess.ALLOWED if own else SourceAccess.FORBIDDEN

        return may_see

    def of_cookie(self, cookie: str | None) -> MaySee:
        """What the hub's own session lets see, looked up when it is asked for."""

        async def may_see(source: str) -> SourceAccess:
            session = await self.sessions.find(cookie)
            if session is None:
                return SourceAccess.NOT_SIGNED_IN
            if not await self.staff.allows(source, session.account_id):
                return SourceAccess.FORBIDDEN
            return SourceAccess.ALLOWED if session.level >= STAFF_LEVEL else SourceAccess.ASSURANCE_TOO_LOW

        return may_see
