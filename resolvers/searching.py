from collections.abc import Sequence

import strawberry

from catalog_sync.catalog.keys import AreaKey, LeikaKey
from catalog_sync.catalog.language import LanguageTag, serving
from catalog_sync.catalog.records import ServiceRecord
from catalog_sync.search.filtering import Filters
from catalog_sync.search.finding import find_services
from identity.assurance import AssuranceLevel
from resolvers.areas import checked_query
from resolvers.assurance import codes_enough_with
from resolvers.context import Context
from resolvers.errors import BadArgument
from resolvers.hits import HitsView, HitView
from resolvers.paging import Page, all_stand_there, connection, reach, sliced
from resolvers.places import known_place
from resolvers.services import Audience


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
    policy_field: str | None = None,
    assurance_level: AssuranceLevel | None = None,
    language: LanguageTag | None = None,
    online_only: bool | None = None,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> list[HitsView]:
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
        policy_field=policy_field,
        assurances=codes_enough_with(assurance_level) if assurance_level is not None else None,
        online_at=area if online_only else None,
        offered_at=area,
        languages=tuple(serving(language.casefold())) if language else (),
    )
    words = checked_query(query).strip() if query is not None else None
    return [await _page(context, words or None, filters, Page(first, after, last, before))] * len(parents)


async def _page(context: Context, words: str | None, filters: Filters, page: Page) -> HitsView:
    """The hits of a page; no more of them are put in order than it takes."""
    found = await find_services(
        context.reader, context.search, words, filters, context.areas.named, first=reach(page)
    )
    if not all_stand_there(found.keys, page):
        await found.keys.reach(context.reader, None)
    part = sliced(found.keys, page)
    services = await context.reader.services(wanted := found.keys[part.start : part.stop])
    # The index may still have a service that this snapshot has no longer.
    shown = connection(found.keys, [services.get(key) for key in wanted], part)
    hits = [HitView(edge.cursor, edge.node, found) for edge in shown.edges if edge.node is not None]
    return HitsView(hits, shown.page_info, shown.total_count, found)
