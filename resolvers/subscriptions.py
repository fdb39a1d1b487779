"""What is told without being asked again: the changes of the catalogue, as they are committed."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from catalog_sync.catalog.keys import AreaKey, LeikaKey
from catalog_sync.feed.cursors import Cursor, CursorGone
from catalog_sync.feed.pages import Page
from catalog_sync.feed.watch import FeedWatch, begin, follow
from resolvers.errors import BadArgument

MAX_SERVICES = 100
_PAGE = 100


@dataclass(frozen=True, slots=True)
class StreamContext:
    """What a subscription may use while it lasts; each event has a `resolvers.context.Context` of its own."""

    watch: FeedWatch


async def catalog_changes(
    root: None,
    info: Any,
    area: AreaKey | None = None,
    services: list[LeikaKey] | None = None,
    after: Cursor | None = None,
) -> AsyncIterator[Page]:
    """Pages of changes that concern an area or some services; from now on, or from behind a cursor."""
    if services is not None and not 1 <= len(services) <= MAX_SERVICES:
        raise BadArgument("BAD_SERVICES", f"Name 1 to {MAX_SERVICES} services, or none to hear of all.")
    watch: FeedWatch = info.context.watch
    try:
        first = await begin(watch, after)
    except CursorGone as error:
        raise BadArgument(error.code, error.sentence) from error
    return follow(watch, first, area=area, services=services, limit=_PAGE)
