"""What a process remembers of the index follows the catalogue while nobody asks, and after the database was away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from catalog_sync.catalog.reading import Snapshot
from catalog_sync.search.memory import SearchIndex
from hub.errors import DatabaseAwayError
from hub.following import Following
from tests.catalogues import Catalogue
from tests.makers import message, service

KEY = "99102014042000"


async def test_what_was_committed_is_there_though_nobody_asks(stored: Catalogue) -> None:
    index, away, looked = SearchIndex(stored.catalog.snapshot), 3, asyncio.Event()

    @asynccontextmanager
    async def opened() -> AsyncIterator[Snapshot]:
        nonlocal away
        away -= 1
        if away >= 0:
            raise DatabaseAwayError
        async with stored.catalog.snapshot() as snapshot:
            yield snapshot
        looked.set()

    following = Following(opened, index, every_seconds=0)
    following.start()
    async with asyncio.timeout(30):
        await looked.wait()
        assert "neuling" not in index.generation
        await stored.deliver("hessen", message(writes=[service("1", KEY, title="Neuling")]))
        for _ in range(2):  # one look may have begun before
            looked.clear()
            await looked.wait()
        assert "neuling" in index.generation
    await following.stop()
    await stored.deliver("hessen", message(writes=[service("1", KEY, title="Spätling")]))
    assert "neuling" in index.generation
