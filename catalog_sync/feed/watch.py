"""Waiting for the feed to move on: woken by own commits, and by looking, for other processes write too."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Collection
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from catalog_sync.catalog.keys import AreaKey
from catalog_sync.catalog.reading import Snapshot
from catalog_sync.feed.cursors import Cursor
from catalog_sync.feed.pages import Page, newest, read_page

_log = logging.getLogger(__name__)

_EVERY = 0.3
_MOST_WAITING = 2000
_PATIENCE = 60.0
"""Seconds after which a follower looks by itself whether its catalogue is still the same."""


class Snapshots(Protocol):
    """A database whose moments can be read."""

    def snapshot(self) -> AbstractAsyncContextManager[Snapshot]:
        """The state of one moment."""
        ...


class FeedWatch:
    """Knows where the feed is, while somebody waits for it. One for each process.

    Args:
        catalog: where the feed rests.
        every: seconds between two looks.
        most_waiting: beyond these, nobody waits: they hear at once that there is nothing yet.
    """

    def __init__(
        self, catalog: Snapshots, *, every: float = _EVERY, most_waiting: int = _MOST_WAITING
    ) -> None:
        self.catalog = catalog
        self._every = every
        self._most = most_waiting
        self._waiting = 0
        self._newest = 0
        self._moved = asyncio.Event()
        self._look = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """How many wait."""
        return self._waiting

    def wake(self) -> None:
        """Look at once: this process has committed something."""
        self._look.set()

    async def beyond(self, position: int, seconds: float) -> bool:
        """Wait until the feed has come further than a position, at most that long; says whether it has."""
        if self._waiting >= self._most:
            return False
        self._waiting += 1
        try:
            if self._looking is None:
                self._newest = 0
                self._looking = asyncio.create_task(self._keep_looking())
            async with asyncio.timeout(seconds):
                while self._newest <= position:
                    await self._moved.wait()
        except TimeoutError:
            return False
        else:
            return True
        finally:
            self._waiting -= 1
            self._look.set()

    async def _keep_looking(self) -> None:
        while self._waiting:
            self._look.clear()
            try:
                async with self.catalog.snapshot() as snapshot:
                    found = (await newest(snapshot)).position
            except Exception as error:  # noqa: BLE001 - a database that is away comes back; those who wait have a time-out
                _log.warning("the feed can't be read: %s", error)
                found = self._newest
            if found != self._newest:
                self._newest = found
                self._moved.set()
                self._moved = asyncio.Event()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._every):
                    await self._look.wait()
        self._looking = None

    async def close(self) -> None:
        """Stop looking."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
            self._looking = None


async def begin(watch: FeedWatch, after: Cursor | None) -> Cursor:
    """Where somebody who follows begins: behind their cursor, or at the feed's end as it is now.

    Raises:
        CursorGone: see `read_page`.
    """
    async with watch.catalog.snapshot() as snapshot:
        if after is None:
            return await newest(snapshot)
        await read_page(snapshot, after, limit=0)
        return after


async def follow(
    watch: FeedWatch,
    after: Cursor,
    *,
    area: AreaKey | None = None,
    services: Collection[str] | None = None,
    limit: int,
) -> AsyncIterator[Page]:
    """Pages without end, each with at least one change.

    Raises:
        CursorGone: see `read_page`; also in the middle, when the catalogue is made anew.
    """
    at = after
    while True:
        async with watch.catalog.snapshot() as snapshot:
            page = await read_page(snapshot, at, area=area, services=services, limit=limit)
        at = page.cursor
        if page.items:
            yield page
        if not page.more:
            await watch.beyond(at.position, _PATIENCE)
