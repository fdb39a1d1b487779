"""Links on the hub's own schedule."""

import asyncio
import secrets
from contextlib import suppress
from pathlib import Path

import pytest

from hub.app import create_app
from hub.config import Settings
from hub.egress import Egress
from hub.link_rounds import LinkRounds
from hub.pages.rendering import Pages
from hub.surroundings import Surroundings
from identity.keys import ensure_keys
from tests.catalog_sync.links.conftest import lite
from tests.catalog_sync.links.site import Page
from tests.catalog_sync.links.stage import Stage
from tests.catalog_sync.pipeline.hub import START

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


@pytest.mark.parametrize("links", ["on", "off", "auto"])
async def test_the_hub_asks_while_it_serves_where_it_is_told_to(
    lite: Stage, tmp_path: Path, links: str
) -> None:
    site = lite.sites[0]
    site.pages["/"] = Page()
    await lite.deliver(site.url("/"))
    ensure_keys(tmp_path, secrets.token_bytes)
    urls = {f"{name}_url": url for name, url in lite.hub.databases.urls.items()}
    settings = Settings(data_dir=tmp_path, issuer="http://127.0.0.1:8000", links=links, **urls)  # type: ignore[arg-type]
    egress = Egress([f"{site.host}:{site.port}"])
    app = create_app(settings, Surroundings(egress, Pages(), lambda: START, secrets.token_bytes))
    good: Verdicts = {"/": ("good", "200")}
    async with app.router.lifespan_context(app):
        with suppress(TimeoutError):
            async with asyncio.timeout(40 if links == "on" else 0.5):
                while await lite.verdicts() != good:  # noqa: ASYNC110 - the hub works
                    await asyncio.sleep(0.05)
    assert await lite.verdicts() == (good if links == "on" else {})
    assert bool(site.asked) == (links == "on")
