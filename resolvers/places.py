from catalog_sync.catalog.keys import AreaKey, ars_of
from resolvers.context import Context
from resolvers.errors import BadArgument


def known_place(context: Context, area: AreaKey) -> AreaKey:
    """An area argument, once it is known to be a place; old keys count, they are places of their time.

    Raises:
        BadArgument: UNKNOWN_AREA for a well-formed key that no official list has.
    """
    if len(context.areas) > 1 and not context.areas.known(area):
        raise BadArgument(
            "UNKNOWN_AREA",
            f"There is no area with the key {ars_of(area)}. Look it up with areas(query:) or areas(postcode:).",
        )
    return area
