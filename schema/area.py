import datetime as dt
from typing import Annotated

import strawberry

from catalog_sync.catalog.areas import AreaRow
from catalog_sync.catalog.keys import AreaKey, Postcode
from resolvers import areas
from resolvers.identifiers import global_id
from schema.enums import AreaLevel
from schema.fields import relation, value
from schema.node import Node

_Areas = list[Annotated["Area", strawberry.lazy("schema.area")]]


@strawberry.type(description="Gebiet: Germany, a state, region, district, association or municipality.")
class Area(Node):
    """A place of any level."""

    id = value(lambda root: global_id("Area", root.ars), strawberry.ID)
    ars = value(lambda root: root.ars, AreaKey, description="Amtlicher Regionalschlüssel, 12 digits.")
    name: str
    level = value(areas.level, AreaLevel, description="The level that the key names.")
    levels = value(areas.levels, list[AreaLevel], description="All levels that it is: Hamburg is three.")
    ancestors = value(areas.ancestors_of, _Areas, description="What contains it, the nearest first.")
    distinction = value(
        areas.distinction,
        str | None,
        description="What tells it from others of its name: its district and state; null for states and Germany.",
    )
    postcodes = relation(
        areas.postcodes, list[Postcode], description="Postleitzahlen; each may be other places' too."
    )
    valid_from = value(areas.valid_from, dt.date | None)
    valid_until = value(areas.valid_until, dt.date | None)
    succeeded_by = value(
        areas.succeeded_by, _Areas, description="What became of an area that exists no more."
    )

    @classmethod
    def is_type_of(cls, row: object, _info: object) -> bool:
        """Whether a resolver's row is one of these."""
        return isinstance(row, AreaRow)
