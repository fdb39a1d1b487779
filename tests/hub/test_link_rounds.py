"""Links on the hub's own schedule."""

import asyncio
from contextlib import suppress

from hub.link_rounds import LinkRounds
from tests.catalog_sync.links.conftest import lite
from tests.catalog_sync.links.site import Page
from tests.catalog_sync.links.stage import Stage

__all__ = ["lite"]


Verdicts = dict[str, tuple[str | None, str | None]]


async def served(stage: Stage, expected: Verdicts, *, asks: bool, seconds: float = 10.0) -> Verdicts:
    """Let the schedule run until this is known, or for so long."""
    rounds = LinkRounds(stage.checker(), asks=asks, every_seconds=0.02)
    rounds.start()
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while await stage.verdicts() != expected:  # noqa: ASYNC110 - another task works
                await asyncio.sleep(0.02)
    await rounds.stop()
    return await stage.verdicts()


async def test_what_is_delivered_is_asked(lite: Stage) -> None:
    lite.sites[0].pages["/"] = Page()
    await lite.deliver(lite.sites[0].url("/"))
    good: Verdicts = {"/": ("good", "200")}
    assert await served(lite, good, asks=True) == good


async def test_a_hub_that_does_not_ask_keeps_only_what_was_found_by_hand_true(lite: Stage) -> None:
    site = lite.sites[0]
    site.pages |= {"/": Page(), "/b": Page()}
    await lite.deliver(site.url("/"))
    assert await served(lite, {"/": (None, None)}, asks=False, seconds=0.3) == {}
    assert await lite.check() == {"/": ("good", "200")}
    asked = len(site.asked)
    await lite.deliver(site.url("/b"), id="2")
    known: Verdicts = {"/": ("good", "200"), "/b": (None, None)}
    assert await served(lite, known, asks=False) == known
    assert len(site.asked) == asked


class Failing:
    """A checker whose database is away."""

    def __init__(self) -> None:
        self.tried = 0

    async def collect(self) -> bool:
        self.tried += 1
        raise OSError("away")

    async def has_begun(self) -> bool:
        return True

    async def round(self) -> int:
        self.tried += 1
        raise OSError("away")


async def test_a_database_that_is_away_is_tried_again() -> None:
    failing = Failing()
    rounds = LinkRounds(failing, asks=True, every_seconds=0.01)
    rounds.start()
    async with asyncio.timeout(10):
        while failing.tried < 6:  # noqa: ASYNC110 - another task works
            await asyncio.sleep(0.01)
    await rounds.stop()
