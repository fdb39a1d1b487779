"""Which rule answers for a place: the longest area wins, for each role by itself."""

from collections.abc import Iterable

from catalog_sync.catalog.records import Edge

COMPETENT_AUTHORITY = 1
CONTACT_POINT = 3
ONLINE_SERVICE = 0


def deepest(edges: Iterable[Edge], role: int) -> list[Edge]:
    """Of edges whose areas cover a place, those of one role with the longest area; all of that length."""
    of_role = [edge for edge in edges if edge.role == role]
    if len(of_role) < 2:  # noqa: PLR2004 - nothing to choose between
        return of_role
    length = max((len(edge.area) for edge in of_role), default=-1)
    return sorted((edge for edge in of_role if len(edge.area) == length), key=lambda edge: edge.rule)
