"""What is closed to all but a source and its staff: an error for each who may not see it, never an empty list."""

from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

from catalog_sync.journal import Run
from identity.source_access import STAFF_LEVEL, SourceAccess
from resolvers.context import Context
from resolvers.errors import BadArgument

V = TypeVar("V")

_SENTENCES = {
    SourceAccess.NOT_SIGNED_IN: (
        "What became of a source's deliveries is told to the source, by its token (Authorization: Bearer vhs_...), and "
        "to its staff, signed in at the hub."
    ),
    SourceAccess.ASSURANCE_TOO_LOW: "A source's staff sign in at level SUBSTANTIAL or higher to see its deliveries.",
    SourceAccess.FORBIDDEN: (
        "These deliveries are another source's: its own token, or an account that it let in, may see them."
    ),
}
_CODES = {
    SourceAccess.NOT_SIGNED_IN: "NOT_SIGNED_IN",
    SourceAccess.ASSURANCE_TOO_LOW: "ASSURANCE_TOO_LOW",
    SourceAccess.FORBIDDEN: "FORBIDDEN_SOURCE",
}


async def refusals(context: Context, sources: Collection[str]) -> dict[str, BadArgument]:
    """The sources that who asks may not see, each with the error that says why."""
    found = {}
    for source in sorted(sources):
        access = await context.access(source)
        if access is not SourceAccess.ALLOWED:
            found[source] = _refusal(context, access)
    return found


def _refusal(context: Context, access: SourceAccess) -> BadArgument:
    more = {} if access is SourceAccess.FORBIDDEN else {"stepUpUrl": context.step_up_url(STAFF_LEVEL.acr)}
    return BadArgument(_CODES[access], _SENTENCES[access], **more)


async def closed_to(
    context: Context, parents: Sequence[Run], read: Callable[[Run], V]
) -> list[V | BadArgument]:
    """A part of each run, or the error that says why it is not told."""
    closed = await refusals(context, {parent.source for parent in parents})
    return [closed.get(parent.source) or read(parent) for parent in parents]
