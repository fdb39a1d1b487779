"""Places: areas of all levels, by key, name and postcode."""

from collections.abc import Sequence
from datetime import date

from catalog_sync.catalog.areas import AreaRow, areas_of_postcode, postcodes_of
from catalog_sync.catalog.keys import AreaKey, AreaLevel, Postcode, ancestors, ars_of, code_of, level_of
from catalog_sync.catalog.records import ServiceEntryRecord, SpecialisationRecord
from resolvers.context import Context, Info
from resolvers.errors import BadArgument
from resolvers.paging import Page, paged
from resolvers.views import ConnectionView, OfferView, ResponsibilityView, day

MAX_QUERY = 200


def by_key(root: None, info: Info, ars: AreaKey, on: date | None = None) -> AreaRow | None:
    """The area of a key, also one that exists no more; null when no official list has it, or not on the day."""
    found = info.context.areas.get(ars)
    return found if found is None or on is None else found.on(on)


async def found(
    context: Context,
    parents: Sequence[None],
    *,
    query: str | None = None,
    postcode: Postcode | None = None,
    first: int | None = None,
    after: str | None = None,
) -> list[ConnectionView]:
    """Areas by name or postcode or both, best first."""
    if query is None and postcode is None:
        raise BadArgument("BAD_QUERY", "Say what to look for: `query` (a name) or `postcode`.")
    rows = await _rows(context, query, postcode)
    return [paged(rows, lambda row: row.ars, Page(first, after))] * len(parents)


async def _rows(context: Context, query: str | None, postcode: Postcode | None) -> list[AreaRow]:
    by_name = context.areas.search(checked_query(query)) if query is not None else None
    if postcode is None:
        return list(by_name or ())
    keys = await areas_of_postcode(context.reader, postcode)
    rows = [row for key in keys if (row := context.areas.get(key)) is not None]
    if by_name is None:
        return rows
    named = {row.key for row in by_name}
    return [row for row in rows if row.key in named]


def checked_query(query: str) -> str:
    """A search text of a caller, bounded.

    Raises:
        BadArgument: BAD_QUERY when it is longer than a question needs to be.
    """
    if len(query) > MAX_QUERY:
        raise BadArgument(
            "BAD_QUERY", f"The query has {len(query)} characters; {MAX_QUERY} are enough for a question."
        )
    return query


def level(root: AreaRow) -> AreaLevel:
    """The level that its key names."""
    return AreaLevel(root.level)


def levels(root: AreaRow) -> list[AreaLevel]:
    """All levels that it is: Hamburg is state, district and municipality."""
    return [AreaLevel(found) for found in root.levels]


def ancestors_of(root: AreaRow, info: Info) -> list[AreaRow]:
    """The areas that contain it, the nearest first, Germany last."""
    areas = info.context.areas
    return [row for key in ancestors(root.key)[1:] if (row := areas.get(key)) is not None]


def distinction(root: AreaRow, info: Info) -> str | None:
    """What tells it from others of its name: its district and its state, where it is none of them itself."""
    areas = info.context.areas
    above = [row for key in ancestors(root.key)[1:] if (row := areas.get(key)) is not None]
    wanted = (AreaLevel.MUNICIPALITY,) if root.part else ()
    telling = [
        row.name
        for row in above
        if {AreaLevel.DISTRICT, AreaLevel.STATE, *wanted} & set(row.levels) and row.level != AreaLevel.COUNTRY
    ]
    return ", ".join(dict.fromkeys(telling)) or None


async def postcodes(context: Context, parents: Sequence[AreaRow]) -> list[list[str]]:
    """Its postcodes; a postcode can belong to several places."""
    found_codes = await postcodes_of(context.reader, [parent.key for parent in parents])
    return [list(found_codes.get(parent.key, ())) for parent in parents]


def valid_from(root: AreaRow) -> date | None:
    """Since when official lists have it."""
    return day(root.valid_from)


def valid_until(root: AreaRow) -> date | None:
    """The last day on which official lists had it; null while it exists."""
    return day(root.valid_until)


def succeeded_by(root: AreaRow, info: Info) -> list[AreaRow]:
    """What became of it."""
    areas = info.context.areas
    return [row for key in root.successors if (row := areas.get(key)) is not None]


def of_keys(context: Context, keys: Sequence[AreaKey]) -> list[AreaRow]:
    """The areas of some keys, those that are known."""
    return [row for key in keys if (row := context.areas.get(key)) is not None]


def of_rule(root: ResponsibilityView | OfferView, info: Info) -> AreaRow:
    """The area for which a rule was made; it was known when the rule came."""
    key = root.area_key
    known = info.context.areas.get(key)
    return known or AreaRow(key, code_of(key), ars_of(key), ars_of(key), level_of(key), (level_of(key),))


def of_head(root: ServiceEntryRecord | SpecialisationRecord, info: Info) -> list[AreaRow]:
    """The areas in which an entry holds."""
    return of_keys(info.context, root.head.areas)
