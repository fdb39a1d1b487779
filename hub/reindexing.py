"""Bringing the index up to a new version of the analyzer, while the hub serves."""

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import Protocol

from sqlalchemy import Connection

from catalog_sync.search.indexing import reindex_stale

_EVERY_SECONDS = 60.0
_PAUSE_SECONDS = 0.05
"""Between two batches, so that deliveries get their turn."""
_BATCH = 100
_log = logging.getLogger(__name__)


class Store(Protocol):
    """What is needed of the database `catalog`."""

    async def write(self, work: Callable[[Connection], int]) -> int:
        """Run `work` in one transaction."""
        ...


class Reindexing:
    """Reads services anew that another version of the analyzer has read, batch by batch.

    Until then they are found as they were read before. Each batch is a transaction of its own: what a process that died
    had done stays done, and any process goes on from there.
    """

    def __init__(self, catalog: Store, *, every_seconds: float = _EVERY_SECONDS, batch: int = _BATCH) -> None:
        self._catalog = catalog
        self._every = every_seconds
        self._batch = batch
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End; what is left is done at the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                await self.round()
            except Exception:  # noqa: BLE001 - a database that is away comes back
                _log.exception("the search index could not be brought up to date")
            await asyncio.sleep(self._every)

    async def round(self) -> int:
        """Read all anew that another version has read; tells how many services."""
        done = 0
        while some := await self._catalog.write(partial(reindex_stale, most=self._batch)):
            done += some
            _log.info("search index: %d services read by this version of the analyzer", done)
            await asyncio.sleep(_PAUSE_SECONDS)
        return done
