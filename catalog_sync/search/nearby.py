"""What is described and what is online at a place."""

from collections.abc import Collection

from sqlalchemy import func, literal_column, select

from catalog_sync.catalog.keys import AreaKey, ancestor_codes
from catalog_sync.catalog.reading import Snapshot, Statement, listed
from catalog_sync.catalog.tables import edge, entry, entry_area, entry_leika

_ONLINE = Statement(
    select(entry_leika.c.leika_key)
    .join(edge, edge.c.service_id == entry_leika.c.entry_id)
    .where(
        listed(entry_leika.c.leika_key, "keys"),
        edge.c.role == literal_column("0"),
        listed(edge.c.area, "areas"),
    )
    .distinct()
)
_DESCRIBED = Statement(
    select(entry_leika.c.leika_key, func.max(entry_area.c.area))
    .join(entry, entry.c.id == entry_leika.c.entry_id)
    .join(entry_area, entry_area.c.entry_id == entry.c.id)
    .where(listed(entry_leika.c.leika_key, "keys"), entry.c.live, listed(entry_area.c.area, "areas"))
    .group_by(entry_leika.c.leika_key)
)


async def online_at(snapshot: Snapshot, keys: Collection[int], place: AreaKey) -> set[int]:
    """Those of some services that have an online service at a place."""
    rows = await snapshot.rows(_ONLINE, keys=list(map(str, keys)), areas=list(ancestor_codes(place)))
    return {int(row[0]) for row in rows}


async def described_at(snapshot: Snapshot, keys: Collection[int], place: AreaKey) -> dict[int, int]:
    """How near the nearest description of each service is: the code of its area, longer for smaller areas."""
    rows = await snapshot.rows(_DESCRIBED, keys=list(map(str, keys)), areas=list(ancestor_codes(place)))
    return {int(row[0]): row[1] for row in rows}
