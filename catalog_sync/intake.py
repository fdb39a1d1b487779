"""Deliveries that were accepted: worked until they come to their end, whatever happens meanwhile."""

import asyncio
import logging
from typing import Any, Protocol

from catalog_sync.errors import StoreAwayError
from catalog_sync.pipeline.run import Delivery, Pipeline
from catalog_sync.sources.push import Received

_PATIENCE_SECONDS = 8.0
_FIRST_RETRY_SECONDS, _LONGEST_RETRY_SECONDS = 1.0, 60.0
_log = logging.getLogger(__name__)


class SourceGrant(Protocol):
    """What a source's token allows."""

    @property
    def source(self) -> str:
        """The source's key."""
        ...

    @property
    def scopes(self) -> frozenset[str]:
        """Such as ``catalog:write``."""
        ...


class Verifier(Protocol):
    """Judges a source's token; the accounts' side implements it."""

    async def verify(self, token: str) -> SourceGrant | None:
        """What a token allows; None where it is unknown or revoked."""
        ...


class Intake:
    """Takes pushed messages: small ones while the caller waits, large ones after the answer, in order."""

    def __init__(
        self, pipeline: Pipeline, verifier: Verifier, *, retry_seconds: float = _FIRST_RETRY_SECONDS
    ) -> None:
        self.pipeline, self.verifier = pipeline, verifier
        self._retry_seconds = retry_seconds
        self._working: set[asyncio.Task[Any]] = set()

    async def resume(self) -> None:
        """Take up what was accepted before the hub stopped."""
        for delivery in await self.pipeline.accepted():
            self.work_later(delivery)

    def work_later(
        self, delivery: Delivery, received: Received | None = None, *, again: bool = False
    ) -> None:
        """Work an accepted delivery when it is its turn; `again` where that was tried just now."""
        pause = self._retry_seconds if again else 0.0
        self.keep(asyncio.create_task(self._work(delivery, received, pause)))

    def keep(self, task: asyncio.Task[Any]) -> None:
        """Wait for other work on runs too, when the hub stops."""
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def _work(self, delivery: Delivery, received: Received | None, pause: float = 0.0) -> None:
        """Work until the run has come to an end: it is owed, so it goes on when a database that was away is back."""
        try:
            while await self._is_owed(delivery, pause):
                pause = min(2 * pause or self._retry_seconds, _LONGEST_RETRY_SECONDS)
        except Exception:  # noqa: BLE001 - nobody waits for this answer; the run says that it failed
            _log.exception("run %s of source %s failed", delivery.run.id, delivery.run.source)
        finally:
            if received is not None:
                received.discard()

    async def _is_owed(self, delivery: Delivery, pause: float) -> bool:
        """Try after a while; says whether a database was away, so that the run is owed still."""
        await asyncio.sleep(pause)
        try:
            await self.pipeline.work(delivery)
        except StoreAwayError as error:
            _log.warning("run %s of source %s waits: %s", delivery.run.id, delivery.run.source, error)
            return True
        return False

    async def close(self) -> None:
        """Wait a moment for what was accepted; what takes longer goes on at the next start."""
        if self._working:
            _, working = await asyncio.wait(self._working, timeout=_PATIENCE_SECONDS)
            for task in working:
                task.cancel()
            await asyncio.gather(*working, return_exceptions=True)
