"""A database that tells when something was committed in it, for those in this process who go by what it holds."""

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

    def __init__(self, inner: Database, *told: Callable[[], None]) -> None:
        self._inner = inner
        self._told = list(told)
        self.dialect = inner.dialect

    def tell(self, told: Callable[[], None]) -> None:
        """Call this too from now on."""
        self._told.append(told)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """See `Database.write`."""
        written = await self._inner.write(work)
        for told in self._told:
            told()
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
