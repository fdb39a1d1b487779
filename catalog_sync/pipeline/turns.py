"""Whose turn it is: two deliveries of one source never interleave, in one process or in several.

Inside a process a lock keeps the order of arrival. Between processes a row in `operations` is held and beaten every
second; a holder that has not been heard of for five seconds is gone, and its place is taken.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Protocol, TypeVar

from sqlalchemy import Connection, delete, select, text, update

from catalog_sync.operations import sync_lease

BEAT_SECONDS = 1.0
GONE_AFTER_SECONDS = 5.0
_ASK_AGAIN_SECONDS = 0.2
_MICROSECONDS = 1_000_000

_FREE_ROW = text(
    "INSERT INTO sync_lease (source, run, beat_at) VALUES (:source, '', 0) ON CONFLICT DO NOTHING"
)

T = TypeVar("T")


class Store(Protocol):
    """What the sync needs of a database: work in one transaction."""

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction that may write; it is committed when `work` returns."""
        ...

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction that only reads."""
        ...


class LostTurnError(RuntimeError):
    """Another process took this run's place, for this one was not heard of."""


class Turns:
    """Gives each source's runs their turn."""

    def __init__(self, operations: Store, clock: Callable[[], float]) -> None:
        self._operations = operations
        self._clock = clock
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @asynccontextmanager
    async def turn(self, source: str, run: str) -> AsyncIterator[None]:
        """Wait for the source's other runs, then hold its turn."""
        async with self._locks[source]:
            while not await self._operations.write(partial(self._take, source=source, run=run)):  # noqa: ASYNC110 - the holder is another process
                await asyncio.sleep(_ASK_AGAIN_SECONDS)
            beating = asyncio.create_task(self._beat(source, run))
            try:
                yield
            finally:
                beating.cancel()
                await asyncio.gather(beating, return_exceptions=True)
                await self._operations.write(partial(_release, source=source, run=run))

    async def check(self, source: str, run: str) -> None:
        """Before a batch is written.

        Raises:
            LostTurnError: where the turn is another's.
        """
        holder = await self._operations.read(
            lambda c: c.scalar(select(sync_lease.c.run).where(sync_lease.c.source == source))
        )
        if holder != run:
            raise LostTurnError(f"run {run} lost its turn at {source} to {holder}")

    def _take(self, connection: Connection, source: str, run: str) -> bool:
        now = int(self._clock() * _MICROSECONDS)
        gone = now - int(GONE_AFTER_SECONDS * _MICROSECONDS)
        connection.execute(_FREE_ROW, {"source": source})
        taken = connection.execute(
            update(sync_lease)
            .where(sync_lease.c.source == source, sync_lease.c.beat_at <= gone)
            .values(run=run, beat_at=now)
        )
        return taken.rowcount == 1

    async def _beat(self, source: str, run: str) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            now = int(self._clock() * _MICROSECONDS)
            await self._operations.write(partial(_beaten, source=source, run=run, now=now))


def _beaten(connection: Connection, source: str, run: str, now: int) -> None:
    own = (sync_lease.c.source == source) & (sync_lease.c.run == run)
    connection.execute(update(sync_lease).where(own).values(beat_at=now))


def _release(connection: Connection, source: str, run: str) -> None:
    connection.execute(delete(sync_lease).where(sync_lease.c.source == source, sync_lease.c.run == run))
