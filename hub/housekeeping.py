"""What is put in order while the hub serves: one task for as long."""

import asyncio
import logging
from contextlib import suppress

from catalog_sync.pipeline.upkeep import Upkeep

_TIDY_EVERY_SECONDS = 30.0
_PRUNE_EVERY = 120
"""Every so many rounds what is old is removed: once an hour."""

_log = logging.getLogger(__name__)


class Housekeeping:
    """Lets lost deliveries fail at once when the hub starts and then twice a minute; removes old ones hourly."""

    def __init__(
        self, upkeep: Upkeep, *, every_seconds: float = _TIDY_EVERY_SECONDS, prune_every: int = _PRUNE_EVERY
    ) -> None:
        self._upkeep = upkeep
        self._every = every_seconds
        self._prune_every = prune_every
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin."""
        self._loop = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End; what was cut short is done at the next start."""
        if self._loop is not None:
            self._loop.cancel()
            with suppress(asyncio.CancelledError):
                await self._loop

    async def _run(self) -> None:
        number = 0
        while True:
            try:
                await self._upkeep.tidy()
                if number % self._prune_every == 0:
                    await self._upkeep.prune()
            except Exception:  # noqa: BLE001 - it outlives whatever happens to one round
                _log.exception("the journal could not be put in order")
            number += 1
            await asyncio.sleep(self._every)
