"""Suggestions while somebody types."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog_sync.catalog.keys import AreaKey
from catalog_sync.catalog.records import ServiceRecord
from catalog_sync.search.offering import suggested
from resolvers.areas import checked_query
from resolvers.context import Context
from resolvers.errors import BadArgument
from resolvers.places import known_place

MOST, DEFAULT = 20, 8


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """A text that may be meant, and the service that it leads to."""

    text: str
    service: ServiceRecord


async def suggestions(
    context: Context,
    parents: Sequence[None],
    prefix: str,
    area: AreaKey | None = None,
    first: int | None = DEFAULT,
) -> list[list[SuggestionView]]:
    """What may be meant by what was typed so far, best first; nothing before two letters.

    Raises:
        BadArgument: BAD_QUERY, BAD_PAGE_SIZE or UNKNOWN_AREA.
    """
    if first is None:
        first = DEFAULT
    if not 1 <= first <= MOST:
        raise BadArgument("BAD_PAGE_SIZE", f"`first` is {first}; it can be 1 to {MOST}.")
    place = None if area is None else known_place(context, area, context.day).key
    found = await suggested(context.reader, context.search, checked_query(prefix), place, first)
    services = await context.reader.services(str(one.key) for one in found)
    views = [SuggestionView(one.text, services[key]) for one in found if (key := str(one.key)) in services]
    return [views] * len(parents)
