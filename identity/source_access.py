"""Whether somebody may see what became of a source's deliveries."""

from collections.abc import Awaitable, Callable
from enum import Enum

from identity.assurance import AssuranceLevel

STAFF_LEVEL = AssuranceLevel.SUBSTANTIAL
"""How surely we must know who of a source's staff it is."""


class SourceAccess(Enum):
    """The answer, and why not."""

    ALLOWED = "allowed"
    NOT_SIGNED_IN = "not_signed_in"
    ASSURANCE_TOO_LOW = "assurance_too_low"
    FORBIDDEN = "forbidden"
    """Of another source, not of the staff, or by a portal: told alike where there is no such source."""


MaySee = Callable[[str], Awaitable[SourceAccess]]
"""Asked with a source's key."""


async def nobodys_access(source: str) -> SourceAccess:
    """Of who is not signed in."""
    return SourceAccess.NOT_SIGNED_IN


async def portals_access(source: str) -> SourceAccess:
    """By a portal's access token: a person has not allowed portals to see sources in their name."""
    return SourceAccess.FORBIDDEN
