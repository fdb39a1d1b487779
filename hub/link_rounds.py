"""Checking links for as long as the hub serves: one task that follows the catalogue, and one that asks."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from catalog_sync.links.checking import LinkChecker
from hub.config import Settings
from hub.database import Database
from hub.probing import LinkProber
from hub.surroundings import Surroundings

_EVERY_SECONDS = 5.0
_log = logging.getLogger(__name__)


class Checker(Protocol):
    """What is needed of the link checker; see `catalog_sync.links.checking`."""

    async def has_begun(self) -> bool:
        """Whether links were ever collected here."""
        ...

    async def collect(self) -> bool:
        """Catch up with what live entries name."""
        ...

    async def round(self) -> int:
        """Ask all that is due."""
        ...


class LinkRounds:
    """Keeps what entries name up to date, and asks what is due.

    Args:
        checker: does both.
        asks: whether anything is asked outside; if not, only what was found by hand is kept true.
        every_seconds: how often it looks.
    """

    def __init__(self, checker: Checker, *, asks: bool, every_seconds: float = _EVERY_SECONDS) -> None:
        self._checker = checker
        self._asks = asks
        self._every = every_seconds
        self._tasks: list[asyncio.Task[None]] = []
        self._collected = asyncio.Event()

    def start(self) -> None:
        """Begin."""
        self._tasks = [asyncio.create_task(self._again_and_again(self._collect))]
        if self._asks:
            self._tasks.append(asyncio.create_task(self._again_and_again(self._ask)))

    async def stop(self) -> None:
        """End; addresses under way are asked again later."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _again_and_again(self, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
            except Exception:  # noqa: BLE001 - a database that is away comes back
                _log.exception("links could not be checked")
            await asyncio.sleep(self._every)

    async def _collect(self) -> None:
        if self._asks or await self._checker.has_begun():
            await self._checker.collect()
        self._collected.set()

    async def _ask(self) -> None:
        await self._collected.wait()
        await self._checker.round()


def link_rounds(
    catalog: Database, operations: Database, around: Surroundings, settings: Settings
) -> LinkRounds:
    """The schedule of a hub that serves: it asks where the settings say so."""
    prober = LinkProber(around.egress, settings.issuer)
    checker = LinkChecker(catalog, operations, prober, around.clock, around.random)
    return LinkRounds(checker, asks=settings.checks_links)
