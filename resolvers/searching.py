from collections.abc import Sequence

import strawberry

from catalog_sync.catalog.keys import AreaKey, LeikaKey
from catalog_sync.catalog.records import ServiceRecord
from catalog_sync.search.finding import Filters, find_services
from resolvers.areas import checked_query
from resolvers.context import Context
from resolvers.errors import BadArgument
from resolvers.paging import Page, connection, sliced
from resolvers.places import known_place
from resolvers.services import Audience
from resolvers.views import ConnectionView


async def service(
    context: Context, parents: Sequence[None], leika_key: LeikaKey
) -> list[ServiceRecord | None]:
    """The service of a key; null when neither the catalogue nor a live entry names it."""
    return [(await context.reader.services([leika_key])).get(leika_key)] * len(parents)


async def found_services(
    context: Context,
    parents: Sequence[None],
    *,
    query: str | None = None,
    area: AreaKey | None = None,
    audience: Audience | None = None,
    life_situation: strawberry.ID | None = None,
    online_only: bool | None = None,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> list[ConnectionView]:
    """The services that answer a query, best first; filters combine."""
    if online_only and area is None:
        raise BadArgument(
            "BAD_QUERY", "`onlineOnly` needs `area`: whether a service is online depends on the place."
        )
    if area is not None:
        area = known_place(context, area, context.day).key
    filters = Filters(
        audience=audience.value if audience else None,
        situation=life_situation,
        online_at=area if online_only else None,
        offered_at=area,
    )
    words = checked_query(query).strip() if query is not None else None
    found = await find_services(context.reader, context.search, words or None, filters)
    keys = found.keys
    part = sliced(keys, Page(first, after, last, before))
    wanted = keys[part.start : part.stop]
    services = await context.reader.services(wanted)
    return [connection(keys, [services[key] for key in wanted], part)] * len(parents)
