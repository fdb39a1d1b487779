"""What a run must know before it reads: which elements the hub holds already, and what the source may deliver."""

from array import array
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from sqlalchemy import Connection, select

from catalog_sync.catalog.areas import known_area_keys
from catalog_sync.catalog.tables import entry, leika_service, version
from catalog_sync.pipeline.check import Scope
from catalog_sync.pipeline.contents import KnownContents
from catalog_sync.pipeline.turns import Store
from catalog_sync.sources.registry import Source
from catalog_sync.xzufi.delivered import NEVER_KNOWN

_PAGE = 5000
_HASH_BYTES = 16


def scope_of(connection: Connection, source: Source) -> Scope:
    """What the source may deliver, by the official lists of this moment."""
    return Scope(
        agencies=frozenset(source.agencies),
        areas=source.areas,
        known_areas=known_area_keys(connection),
        leika_keys=frozenset(connection.scalars(select(leika_service.c.leika_key))),
    )


async def known_contents(catalog: Store, source: Source) -> KnownContents:
    """The winning versions that this source delivered, a page at a time: others wait for none."""
    pages: list[_Page] = []
    after: int | None = 0
    while after is not None:
        page = await catalog.read(partial(_page, source=source, after=after))
        pages.append(page)
        after = page.last
    return KnownContents(pair for page in pages for pair in page.pairs())


class _Page(NamedTuple):
    """Hashes of 16 bytes, one after the other, and the numbers of their entries."""

    hashes: bytes
    numbers: "array[int]"
    last: int | None

    def pairs(self) -> Iterator[tuple[bytes, int]]:
        starts = range(0, len(self.hashes), _HASH_BYTES)
        return ((self.hashes[at : at + _HASH_BYTES], n) for at, n in zip(starts, self.numbers, strict=True))


def _page(connection: Connection, source: Source, after: int) -> _Page:
    """Rules inside units are no messages' objects; what is of another agency by now is judged again."""
    rows = connection.execute(
        select(entry.c.id, version.c.delivered_hash)
        .join(version, version.c.id == entry.c.version_id)
        .where(entry.c.source_id == source.number, entry.c.id > after, entry.c.carrier_id.is_(None))
        .where(entry.c.agency.in_(source.agencies), version.c.delivered_hash != NEVER_KNOWN)
        .order_by(entry.c.id)
        .limit(_PAGE)
    ).all()
    hashes, numbers = b"".join(row[1] for row in rows), array("Q", (row[0] for row in rows))
    return _Page(hashes, numbers, rows[-1].id if rows else None)
