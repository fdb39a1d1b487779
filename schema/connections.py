"""Pages of lists (Relay's connection specification)."""

import strawberry

from schema.area import Area
from schema.service import Service


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


@strawberry.type
class ServiceConnection:
    """A page of services."""

    edges: list[ServiceEdge]
    page_info: PageInfo
    total_count: int


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
