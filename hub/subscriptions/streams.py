"""The answers of one operation as they come: many of a subscription, one of anything else."""

from collections.abc import AsyncGenerator

from catalog_sync.feed.cursors import CursorGone
from catalog_sync.feed.pages import Page
from catalog_sync.feed.watch import FeedWatch
from hub.documents.registry import Documents, NoDocuments
from hub.execution.requests import Sent
from hub.execution.running import Answer, Operation
from hub.execution.streaming import answer_to_event, is_subscription, source_of
from hub.graph import Graph
from hub.subscriptions.asking import Asker, TokenExpiredError
from resolvers.subscriptions import StreamContext

Answers = AsyncGenerator[Answer, None]


class Streams:
    """Runs operations that may go on without end. One for each process."""

    def __init__(self, graph: Graph, watch: FeedWatch, documents: Documents | None = None) -> None:
        self._graph = graph
        self._watch = watch
        self._documents = documents or NoDocuments()

    async def operation(self, sent: Sent) -> Operation:
        """What is meant by what was sent.

        Raises:
            RefusedRequest: where its document is not known, or not taken.
        """
        return await self._documents.operation(sent)

    async def answers(self, operation: Operation, request_id: str, asker: Asker) -> Answers:
        """The answers; nothing is kept open between them, so that a slow reader holds up nobody.

        Raises:
            TokenExpiredError: before a page of events, when the asker's token has become invalid.
        """
        executor = self._graph.executor
        if not is_subscription(executor, operation):
            yield (await self._graph.run(operation, request_id, asker.find)).answer
            return
        source = await source_of(executor, operation, StreamContext(self._watch), request_id)
        if isinstance(source, Answer):
            yield source
            return
        try:
            async for page in source:
                if not await asker.valid():
                    raise TokenExpiredError
                for answer in await self._of_page(operation, page, request_id, asker):
                    yield answer
        except CursorGone as error:
            told = {"message": error.sentence, "extensions": {"code": error.code}}
            yield Answer(executed=True, data=None, errors=[told])
        finally:
            if isinstance(source, AsyncGenerator):
                await source.aclose()

    async def _of_page(self, operation: Operation, page: Page, request_id: str, asker: Asker) -> list[Answer]:
        """The answers to a page's changes, all from one state of the catalogue."""
        executor = self._graph.executor
        async with self._graph.context(asker.find) as context:
            return [
                await answer_to_event(executor, operation, item, context, request_id) for item in page.items
            ]
