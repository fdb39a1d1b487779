"""Following the catalogue: which live entries name which addresses, kept by reading the feed's table from where it was.

The two databases have no common transaction. A step reads the entries as they are now and writes what they name
together with how far it came; one that was not written is done again and gives the same.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from sqlalchemy import BigInteger, Connection, bindparam, delete, exists, select, update

from catalog_sync.catalog.payload import unpack
from catalog_sync.catalog.reading import Row, Snapshot, Statement, listed
from catalog_sync.catalog.tables import change, entry, state, version
from catalog_sync.links import hosts
from catalog_sync.links.book import Store
from catalog_sync.links.extracting import Named, links_of
from catalog_sync.links.naming import Uses, replace_uses
from catalog_sync.operations import link_state, link_use

_STEP = 200
"""Changes of one step: what is held in memory at once."""

_later = change.alias("later")
_END = Statement(select(state.c.epoch, state.c.feed))
_CHANGED = Statement(
    select(change.c.entry_id)
    .where(
        change.c.pos > bindparam("after", type_=BigInteger()),
        change.c.pos <= bindparam("last", type_=BigInteger()),
        ~exists().where(_later.c.entry_id == change.c.entry_id, _later.c.pos > change.c.pos),
    )
    .order_by(change.c.pos)
)
"""What changed last between two positions; what changed again since comes with its newest change."""

_LIVE = Statement(
    select(entry.c.id, entry.c.source_id, version.c.payload)
    .join(version, version.c.id == entry.c.version_id)
    .where(listed(entry.c.id, "numbers"), entry.c.live)
)
Told = Callable[[int, int], None]
"""Is told how many changes were read, of how many."""


def unheard(done: int, total: int) -> None:
    """Nobody is told."""


class Catalog(Protocol):
    """What is needed of the database `catalog`."""

    def snapshot(self) -> AbstractAsyncContextManager[Snapshot]:
        """The state of one moment."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """Some changes.

    Attributes:
        epoch, last: the catalogue, and the position of the last of them.
        end: where the feed ends.
        anew: whether the catalogue was made anew: its entries have other numbers. What addresses answered stays true.
        numbers: the entries that changed.
        live: number, source and payload of those that are live.
    """

    epoch: str
    last: int
    end: int
    anew: bool = False
    numbers: Sequence[int] = ()
    live: Sequence[Row] = ()


class Collector:
    """Keeps the addresses that live entries name.

    Args:
        catalog: is read.
        operations: where addresses are kept.
        now: microseconds since 1970, UTC.
    """

    def __init__(self, catalog: Catalog, operations: Store, now: Callable[[], int]) -> None:
        self._catalog = catalog
        self._operations = operations
        self._now = now

    async def has_begun(self) -> bool:
        """Whether it ever collected anything."""
        return bool(await self._operations.read(_cursor))

    async def collect(self, told: Told = unheard) -> bool:
        """Catch up with the catalogue; nothing to do costs two small reads.

        Returns:
            Whether it did; False where another process was quicker with a step: that one goes on.
        """
        while True:
            cursor = await self._operations.read(_cursor)
            async with self._catalog.snapshot() as snapshot:
                step = await _step(snapshot, cursor)
            if step is None:
                return True
            uses = await _uses(step.live)
            keep = partial(_keep, cursor=cursor, step=step, uses=uses, now=self._now())
            if not await self._operations.write(keep):
                return False
            told(step.last, step.end)


async def _step(snapshot: Snapshot, cursor: str) -> Step | None:
    """The next step behind a cursor; None at the feed's end."""
    rows = await snapshot.rows(_END)
    if not rows:
        return None
    now_epoch, end = rows[0]
    epoch, at = _read(cursor)
    if epoch is None or epoch != now_epoch or at > end:
        return Step(now_epoch, 0, end, anew=True)
    if at == end:
        return None
    last = min(at + _STEP, end)
    numbers = [row[0] for row in await snapshot.rows(_CHANGED, after=at, last=last)]
    return Step(epoch, last, end, numbers=numbers, live=await snapshot.rows(_LIVE, numbers=numbers))


async def _uses(live: Sequence[Row]) -> Uses:
    """What each entry names; whoever else has something to do has a turn after each."""
    found: dict[int, tuple[int, tuple[Named, ...]]] = {}
    for number, source, payload in live:
        found[number] = (source, links_of(unpack(payload)))
        await asyncio.sleep(0)
    return found


def _cursor(connection: Connection) -> str:
    return connection.scalar(select(link_state.c.cursor)) or ""


def _read(cursor: str) -> tuple[str | None, int]:
    epoch, colon, at = cursor.rpartition(":")
    return (epoch, int(at)) if colon else (None, 0)


def _keep(connection: Connection, cursor: str, step: Step, uses: Uses, now: int) -> bool:
    """Go on from a cursor; False where another process has done so meanwhile."""
    if hosts.lock(connection) != cursor:
        return False
    connection.execute(update(link_state).values(cursor=f"{step.epoch}:{step.last}"))
    if step.anew:
        connection.execute(delete(link_use))
    else:
        replace_uses(connection, step.numbers, uses, now)
    return True
