"""The door by which changes go out: the feed, and all that is built on it, put together."""

from catalog_sync import feed_endpoint
from catalog_sync.feed.watch import FeedWatch
from hub.announcing import AnnouncingDatabase
from hub.database import Database


class ChangesOut:
    """What the rest of the hub needs of it.

    Attributes:
        catalog: the database to write to, so that those who wait in this process hear of it at once.
        watch: knows where the feed is.
        routes: the addresses.
    """

    def __init__(self, catalog: Database) -> None:
        self.watch = FeedWatch(catalog)
        self.catalog = AnnouncingDatabase(catalog, self.watch.wake)
        self.routes = feed_endpoint.routes(self.watch)

    async def close(self) -> None:
        """Stop waiting."""
        await self.watch.close()
