"""What a request to the graph costs whoever asks, and how they are told."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import orjson

from hub.admission.rates import Rates, Standing
from hub.answering import Reply
from hub.askers import Askers
from hub.caching import CORS, NOSNIFF, PRIVATE
from hub.execution.cost import MAX_COST, REQUEST_COST
from hub.execution.requests import RefusedRequest
from hub.execution.running import Executor, Operation, Priced
from hub.graph import Asking
from hub.sending import Came
from resolvers.rates import RateLimit

REPORT = b"graphql-cost"
"""The header by which a client asks to be told: ``GraphQL-Cost: report``, as with Hot Chocolate's servers."""


@dataclass(frozen=True, slots=True)
class Charging:
    """Takes the points of requests.

    Attributes:
        executor: knows what an operation costs.
        askers: who asks.
        rates: what they may.
    """

    executor: Executor
    askers: Askers
    rates: Rates

    async def asking(self, came: Came) -> Asking:
        """Who asks.

        Raises:
            RefusedRequest: 401 for a token that is not valid, or 429; trying tokens costs too.
        """
        try:
            return await self.askers.of_request(came.method, came.heads)
        except RefusedRequest:
            self.kept(came)
            raise

    def paying(self, asking: Asking, operation: Operation, came: Came) -> Asking:
        """Who asks, once they have paid for an operation.

        Raises:
            RefusedRequest: 429.
        """
        standing = self._charge(came, asking.client or came.client, self.cost(operation))
        return asking if standing is None else replace(asking, standing=_shown(standing))

    def kept(self, came: Came) -> None:
        """Take what any request costs, whatever it asks: for what is sent from memory.

        Raises:
            RefusedRequest: 429.
        """
        self._charge(came, came.client, REQUEST_COST)

    def stream(self, operation: Operation, came: Came) -> None:
        """Take what an operation costs that is answered as a stream.

        Raises:
            RefusedRequest: 429.
        """
        self._charge(came, came.client, self.cost(operation))

    def cost(self, operation: Operation) -> int:
        """Points of an operation; what is refused costs as much as any request."""
        priced = self.executor.priced(operation)
        return priced.cost if isinstance(priced, Priced) else REQUEST_COST

    def name(self, operation: Operation) -> str | None:
        """What an operation is called."""
        priced = self.executor.priced(operation)
        return priced.plan.facts.name if isinstance(priced, Priced) else None

    def _charge(self, came: Came, client: str, cost: int) -> Standing | None:
        standing = self.rates.charge(client, cost)
        if standing is not None:
            came.beside[:] = standing.headers()
        return standing


def reports(came: Came) -> bool:
    """Whether a request wants to be told its cost."""
    return came.heads.get(REPORT) == b"report"


def _shown(standing: Standing) -> RateLimit:
    reset_at = datetime.fromtimestamp(standing.reset_at, UTC).replace(microsecond=0)
    return RateLimit(standing.cost, standing.limit, standing.remaining, reset_at)


def with_cost(reply: Reply, cost: int) -> Reply:
    """An answer that tells its cost in ``extensions``, under the names that Shopify's API uses; nobody keeps it."""
    if not reply.body:
        return reply
    body = orjson.loads(reply.body)
    told = {"requestedQueryCost": cost, "maximumQueryCost": MAX_COST}
    body["extensions"] = {**body.get("extensions", {}), "cost": told}
    written = orjson.dumps(body)
    typed = [header for header in reply.headers if header[0] == b"content-type"]
    length = (b"content-length", str(len(written)).encode())
    return Reply(reply.status, written, [*typed, *PRIVATE, length, NOSNIFF, *CORS])
