"""A database that tells when something was committed in it, for those who wait for changes in this process."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

from sqlalchemy import Connection

from catalog_sync.catalog.reading import Snapshot
from hub.database import Database

T = TypeVar("T")


class AnnouncingDatabase:
    """Passes everything on, and calls `told` after each commit.

    Args:
        inner: the database.
        told: called on the event loop; must return at once.
    """

    def __init__(self, inner: Database, told: Callable[[], None]) -> None:
        self._inner = inner
        self._told = told
        self.dialect = inner.dialect

    async def write(self, work: Callable[[Connection], T]) -> T:
        """See `Database.write`."""
        written = await self._inner.write(work)
        self._told()
        return written

    async def read(self, work: Callable[[Connection], T]) -> T:
        """See `Database.read`."""
        return await self._inner.read(work)

    def snapshot(self) -> AbstractAsyncContextManager[Snapshot]:
        """See `Database.snapshot`."""
        return self._inner.snapshot()

    async def close(self) -> None:
        """See `Database.close`."""
        await self._inner.close()
