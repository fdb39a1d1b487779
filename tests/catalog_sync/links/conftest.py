from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from tests.catalog_sync.links.site import Site, site
from tests.catalog_sync.links.stage import Stage, Time
from tests.catalog_sync.pipeline.hub import open_hub
from tests.conftest import Databases


@pytest.fixture
async def stage(databases: Databases) -> AsyncIterator[Stage]:
    """A hub, and three sites on addresses of this machine that may be called."""
    async for made in _stage(databases):
        yield made


@pytest.fixture
async def lite(sqlite_databases: Databases) -> AsyncIterator[Stage]:
    """The same on SQLite only, where storage is not the subject."""
    async for made in _stage(sqlite_databases):
        yield made


async def _stage(databases: Databases) -> AsyncIterator[Stage]:
    time = Time()
    async with AsyncExitStack() as stack:
        sites: list[Site] = [
            await stack.enter_async_context(site(f"127.0.0.{last}", time)) for last in (1, 2, 3)
        ]
        yield Stage(await open_hub(databases), time, sites)
