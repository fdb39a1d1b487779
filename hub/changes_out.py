"""The door by which changes go out: the feed, and all that is built on it, put together."""

from catalog_sync import feed_endpoint
from catalog_sync.feed.watch import FeedWatch
from catalog_sync.webhooks.sender import Sender
from hub.announcing import AnnouncingDatabase
from hub.calling import WebhookCaller
from hub.database import Database
from hub.surroundings import Surroundings


class ChangesOut:
    """What the rest of the hub needs of it.

    Attributes:
        watch: knows where the feed is.
        routes: the addresses.
    """

    def __init__(self, catalog: AnnouncingDatabase, operations: Database, around: Surroundings) -> None:
        self.watch = FeedWatch(catalog)
        catalog.tell(self.watch.wake)
        self.routes = feed_endpoint.routes(self.watch)
        self._sender = Sender(
            self.watch, operations, WebhookCaller(around.egress), around.clock, around.random
        )

    def start(self) -> None:
        """Begin to call webhooks."""
        self._sender.start()

    async def close(self) -> None:
        """Stop calling and waiting."""
        await self._sender.close()
        await self.watch.close()
