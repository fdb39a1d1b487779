"""The schedule by which sources are fetched: one task for as long as the hub serves."""

import asyncio
import logging
from contextlib import suppress
from functools import partial

from catalog_sync.errors import CatalogError
from catalog_sync.pipeline.pull import Puller

_ASK_EVERY_SECONDS = 10.0
_log = logging.getLogger(__name__)


class Schedule:
    """Fetches each source when its time has come, different sources side by side."""

    def __init__(self, puller: Puller, *, every_seconds: float = _ASK_EVERY_SECONDS) -> None:
        self._puller = puller
        self._every = every_seconds
        self._loop: asyncio.Task[None] | None = None
        self._pulling: dict[str, asyncio.Task[None]] = {}

    def start(self) -> None:
        """Begin to look who is due."""
        self._loop = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End; a delivery that came whole is taken up at the next start."""
        tasks = [task for task in (self._loop, *self._pulling.values()) if task is not None]
        for task in tasks:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                await self._look()
            except Exception:  # noqa: BLE001 - the schedule outlives whatever happens to one look
                _log.exception("the schedule could not see which sources are due")
            await asyncio.sleep(self._every)

    async def _look(self) -> None:
        for key in await self._puller.due():
            if key not in self._pulling:
                task = asyncio.create_task(self._pull(key))
                self._pulling[key] = task
                task.add_done_callback(partial(self._done, key))

    def _done(self, key: str, _: "asyncio.Task[None]") -> None:
        self._pulling.pop(key, None)

    async def _pull(self, key: str) -> None:
        try:
            await self._puller.pull(key)
        except CatalogError as error:
            _log.warning("source %s was not fetched: %s", key, error.sentence)
        except Exception:  # noqa: BLE001 - the other sources go on
            _log.exception("source %s was not fetched", key)
