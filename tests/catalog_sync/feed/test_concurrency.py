"""Eight writers and three readers at once: no change missed, repeated or out of order."""

import asyncio

from catalog_sync.feed.cursors import START, Cursor
from catalog_sync.feed.pages import Item, read_page
from catalog_sync.feed.watch import FeedWatch
from tests.catalogues import Catalogue
from tests.makers import Name, message, service

WRITERS, MESSAGES, OBJECTS = 8, 4, 5
EXPECTED = WRITERS * MESSAGES * OBJECTS


async def write(catalogue: Catalogue, writer: int) -> None:
    """Deliver some messages; every second one changes what the one before added."""
    for turn in range(MESSAGES):
        names = [Name(f"W{writer}", f"{turn // 2}-{number}") for number in range(OBJECTS)]
        writes = [
            service(name, title=f"Stand {turn}", changed=f"2026-02-0{turn + 1}T10:00:00+01:00")
            for name in names
        ]
        await catalogue.deliver(f"writer-{writer}", message(writes=writes))


async def read(catalogue: Catalogue, watch: FeedWatch, limit: int) -> list[Item]:
    """Follow the feed from its beginning until all is there."""
    found: list[Item] = []
    after: Cursor = START
    while len(found) < EXPECTED:
        async with catalogue.catalog.snapshot() as snapshot:
            page = await read_page(snapshot, after, limit=limit)
        found += page.items
        after = page.cursor
        if not page.more:
            await watch.beyond(after.position, 5)
    return found


async def test_readers_see_every_change_of_concurrent_writers_once_and_in_order(stored: Catalogue) -> None:
    for writer in range(WRITERS):
        await stored.source(f"writer-{writer}", "Redaktion", f"W{writer}", "06")
    watch = FeedWatch(stored.catalog, every=0.02)
    readers = [asyncio.create_task(read(stored, watch, limit)) for limit in (1, 7, 1000)]
    await asyncio.gather(*(write(stored, writer) for writer in range(WRITERS)))
    seen = await asyncio.wait_for(asyncio.gather(*readers), 30)
    await watch.close()
    for items in seen:
        assert [item.position for item in items] == list(range(1, EXPECTED + 1))
        assert items == seen[0]
        last: dict[str, int] = {}
        for item in items:
            label = str(item.entry_id)
            assert last.get(label, 0) < item.action  # added comes before changed
            last[label] = item.action
