"""Keeping what this process remembers of the search's index up to date, also while nobody asks."""

import asyncio
import logging

from catalog_sync.search.memory import OpenSnapshot, SearchIndex

_EVERY_SECONDS = 0.25
_log = logging.getLogger(__name__)


class Following:
    """Looks for changes of the index four times a second, so that what was committed is found within one.

    Args:
        open_snapshot: the catalogue as it is now.
        index: what is kept up to date.
        every_seconds: between two looks.
    """

    def __init__(
        self, open_snapshot: OpenSnapshot, index: SearchIndex, *, every_seconds: float = _EVERY_SECONDS
    ) -> None:
        self._open, self._index, self._every = open_snapshot, index, every_seconds
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End; what is being taken over is left."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._index.close()

    async def _run(self) -> None:
        told = False
        while True:
            try:
                await self.look()
                told = False
            except Exception:  # noqa: BLE001 - a database that is away comes back
                if not told:  # once, not four times a second
                    _log.exception("the search cannot look for changes")
                told = True
            await asyncio.sleep(self._every)

    async def look(self) -> None:
        """Take over what changed, or begin to."""
        async with self._open() as snapshot:
            await self._index.refresh(snapshot)
