"""Pages of lists (Relay's connection specification)."""

import strawberry

from resolvers import hits
from schema.area import Area
from schema.fields import relation, value, weighing
from schema.hit import Facets, Highlights, Why
from schema.service import OzgBundle, Service


@strawberry.type
class PageInfo:
    """What lies before and after a page."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type
class ServiceEdge:
    """One service of a page."""

    cursor: str
    node: Service
    why = relation(hits.why, Why | None, description="Why this is a hit; null without a query.")
    highlights = relation(
        hits.highlights, Highlights, description="Title and summary, with what was asked for marked."
    )


@strawberry.type
class ServiceConnection:
    """A page of services."""

    edges: list[ServiceEdge]
    page_info: PageInfo
    total_count: int
    facets = relation(
        hits.facets,
        Facets,
        description="How many hits have each value, with all other filters applied.",
        weights=weighing(cost=50),
    )
    did_you_mean = relation(
        hits.did_you_mean,
        list[str],
        description="The question with corrected words, best first.",
        weights=weighing(cost=20),
    )
    nearest_bundles = relation(
        hits.nearest_bundles,
        list[OzgBundle],
        description="Where nothing was found: what is near.",
        weights=weighing(cost=20),
    )
    place = value(
        hits.place,
        Area | None,
        description="The area that the question names: it is not looked for in services, and they are ranked by it.",
    )


@strawberry.type
class AreaEdge:
    """One area of a page."""

    cursor: str
    node: Area


@strawberry.type
class AreaConnection:
    """A page of areas."""

    edges: list[AreaEdge]
    page_info: PageInfo
    total_count: int
