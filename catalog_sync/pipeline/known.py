"""What a run must know before it reads: which elements the hub holds already, and what the source may deliver."""

from functools import partial

from sqlalchemy import Connection, select

from catalog_sync.catalog.areas import known_area_keys
from catalog_sync.catalog.tables import entry, leika_service, version
from catalog_sync.pipeline.check import Scope
from catalog_sync.pipeline.read import PARTIAL, KnownContents
from catalog_sync.pipeline.turns import Store
from catalog_sync.sources.registry import Source

_PAGE = 5000


def scope_of(connection: Connection, source: Source) -> Scope:
    """What the source may deliver, by the official lists of this moment."""
    return Scope(
        agencies=frozenset(source.agencies),
        areas=source.areas,
        known_areas=known_area_keys(connection),
        leika_keys=frozenset(connection.scalars(select(leika_service.c.leika_key))),
    )


async def known_contents(catalog: Store, source: Source) -> KnownContents:
    """The hashes of the winning versions that this source delivered, a page at a time: readers wait for none."""
    hashes: list[bytes] = []
    after: int | None = 0
    while after is not None:
        page = partial(_page, source_id=source.number, after=after, hashes=hashes)
        after = await catalog.read(page)
    return KnownContents(hashes)


def _page(connection: Connection, source_id: int, after: int, hashes: list[bytes]) -> int | None:
    rows = connection.execute(
        select(entry.c.id, version.c.delivered_hash)
        .join(version, version.c.id == entry.c.version_id)
        .where(entry.c.source_id == source_id, entry.c.id > after)
        .order_by(entry.c.id)
        .limit(_PAGE)
    ).all()
    hashes += [bytes(row.delivered_hash) for row in rows if bytes(row.delivered_hash) != PARTIAL]
    return rows[-1].id if rows else None
