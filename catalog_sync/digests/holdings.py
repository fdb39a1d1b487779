"""What the hub holds of a source, as a side of a comparison.

The tree is made by one pass over an index and kept until the catalogue changes; entries are read when asked for.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Protocol

import orjson
from sqlalchemy import bindparam, literal_column, select
from sqlalchemy.types import BigInteger, SmallInteger, String

from catalog_sync.catalog import statements as catalogue
from catalog_sync.catalog.keys import EntryId, EntryKind
from catalog_sync.catalog.reading import Snapshot, Statement, listed
from catalog_sync.catalog.tables import entry, version
from catalog_sync.digests.tree import Leaf, Node, Tree, is_lowest

_PAGE = 2000
_KEPT = 4
_SCAN = Statement(
    select(entry.c.id, entry.c.value, version.c.content_hash)
    .join(version, version.c.id == entry.c.version_id)
    .where(
        entry.c.kind == bindparam("kind", type_=SmallInteger(), required=True),
        entry.c.agency == bindparam("agency", type_=String(), required=True),
        entry.c.value > bindparam("after", type_=String(), required=True),
        entry.c.source_id == bindparam("source", type_=BigInteger(), required=True),
        entry.c.live,
    )
    .order_by(entry.c.value)
    .limit(literal_column(str(_PAGE)))
    .offset(literal_column("0"))  # SQLite would write it as a parameter
)
_LEAVES = Statement(
    select(
        entry.c.id, entry.c.kind, entry.c.agency, entry.c.value, version.c.content_hash, entry.c.changed_at
    )
    .join(version, version.c.id == entry.c.version_id)
    .where(listed(entry.c.id, "numbers"), entry.c.live)
)


class Store(Protocol):
    """What a digest needs of the catalogue's database."""

    def snapshot(self) -> AbstractAsyncContextManager[Snapshot]:
        """The state of one moment."""
        ...


class Holdings:
    """The trees of some sources, each kept until the catalogue's position is another."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: dict[str, tuple[int, Tree]] = {}
        self._making = asyncio.Lock()

    def of(self, source: str) -> "Held":
        """What the hub holds of a source."""
        return Held(self, source)

    async def nodes(self, source: str, prefixes: Sequence[str]) -> Mapping[str, Node]:
        """The nodes of these prefixes, all of one moment."""
        async with self._store.snapshot() as snapshot:
            tree = await self._tree(snapshot, source)
            found = {prefix: tree.node(prefix) for prefix in prefixes}
            numbers = [
                one for prefix in prefixes if is_lowest(prefix) for one in tree.numbers.get(prefix, ())
            ]
            leaves = await _leaves(snapshot, numbers)
        for prefix in filter(is_lowest, prefixes):
            entries = sorted(leaves[one] for one in tree.numbers.get(prefix, ()) if one in leaves)
            found[prefix] = replace(found[prefix], entries=tuple(entries))
        return found

    async def _tree(self, snapshot: Snapshot, source: str) -> Tree:
        async with self._making:
            state = await snapshot.rows(catalogue.STATE)
            position = state[0][0] if state else 0
            kept = self._kept.pop(source, None)
            if kept is None or kept[0] != position:
                kept = (position, await _scan(snapshot, source))
            self._kept[source] = kept
            while len(self._kept) > _KEPT:
                self._kept.pop(next(iter(self._kept)))
            return kept[1]


class Held:
    """One source's holdings as a side of a comparison."""

    def __init__(self, holdings: Holdings, source: str) -> None:
        self._holdings, self._source = holdings, source

    async def nodes(self, prefixes: Sequence[str]) -> Mapping[str, Node]:
        """See `Side.nodes`."""
        return await self._holdings.nodes(self._source, prefixes)


async def _scan(snapshot: Snapshot, source: str) -> Tree:
    tree = Tree()
    rows = await snapshot.rows(catalogue.SOURCES)
    number, agencies = next((row[0], orjson.loads(row[3])) for row in rows if row[1] == source)
    for kind in EntryKind:
        for agency in sorted(agencies):
            await _scan_agency(snapshot, tree, number, kind, agency)
    tree.close()
    return tree


async def _scan_agency(snapshot: Snapshot, tree: Tree, source: int, kind: EntryKind, agency: str) -> None:
    after = ""
    while rows := await snapshot.rows(_SCAN, kind=kind.number, agency=agency, after=after, source=source):
        for number, value, content_hash in rows:
            tree.add(kind, agency, value, bytes(content_hash), number)
        after = rows[-1][1]
        await asyncio.sleep(0)  # others are answered between pages


async def _leaves(snapshot: Snapshot, numbers: Sequence[int]) -> dict[int, Leaf]:
    if not numbers:
        return {}
    rows = await snapshot.rows(_LEAVES, numbers=list(numbers))
    return {
        number: Leaf(str(EntryId(agency, EntryKind.numbered(kind), value)), bytes(content_hash), changed_at)
        for number, kind, agency, value, content_hash, changed_at in rows
    }
