"""From a request's operation to its answer as it goes out: kept where everybody may have it, worked out elsewhere."""

import logging
from dataclasses import dataclass
from enum import Enum

from graphql import OperationType

from hub.caching import (
    CORS,
    NOSNIFF,
    NOT_KEPT,
    PRIVATE,
    checked_headers,
    is_known,
    kept_answer,
    tag_of_body,
    typed,
    unchanged_headers,
)
from hub.execution.answer_cache import (
    PUBLIC,
    AnswerCache,
    AnswerKey,
    Headers,
    Kept,
    Made,
    key_of,
    tag_of,
)
from hub.execution.plans import Plan, Refusal
from hub.execution.requests import Accepted
from hub.execution.running import Operation
from hub.graph import Asking, Graph, GraphAnswer, nobody
from hub.metrics import Meter
from hub.versions import Versions
from schema.fields import OPERATIONS

log = logging.getLogger(__name__)


class Reach(Enum):
    """Whom an answer is for, and for how long it is right: a fact of the operation.

    Attributes:
        PUBLIC: everybody, as long as the data version stands.
        MOMENT: everybody, but only now: it reads what no data version names.
        PRIVATE: whoever asks. Mutations are that, and what will not run.
    """

    PUBLIC = "public"
    MOMENT = "moment"
    PRIVATE = "private"


def reach_of(plan: Plan | Refusal) -> Reach:
    """The reach of an operation's answers."""
    if isinstance(plan, Refusal) or plan.facts.kind is not OperationType.QUERY:
        return Reach.PRIVATE
    if plan.facts.public:
        return Reach.PUBLIC
    return Reach.MOMENT if plan.facts.scopes == {OPERATIONS} else Reach.PRIVATE


@dataclass(frozen=True, slots=True)
class Asked:
    """An operation with what is known of its answer before it runs; only a public one has a key."""

    operation: Operation
    media: Accepted
    reach: Reach
    key: AnswerKey | None


@dataclass(frozen=True, slots=True)
class Terms:
    """How a request wants its answer.

    Attributes:
        posted: by POST; its answer has no tag, and a condition on it is none.
        closed: it came with Authorization, so that nobody else may hold its answer.
        if_none_match: the tags that the asking side holds.
        anew: it came with ``Cache-Control: no-cache``: what was committed anywhere before counts.
    """

    posted: bool
    closed: bool = False
    if_none_match: bytes | None = None
    anew: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes out; the request's id comes beside it."""

    status: int
    body: bytes
    headers: Headers


class Answering:
    """Answers operations over one graph.

    Args:
        graph: where answers come from.
        most: bytes of answers that are kept.
        lease: seconds for which a data version is believed; see `hub.versions`.
    """

    def __init__(self, graph: Graph, most: int, lease: float = 0.0) -> None:
        self.graph = graph
        self.versions = Versions(graph.version, lease)
        self.cache = AnswerCache(most)
        self.meter = Meter(lambda: graph.executor.fallbacks)
        graph.lanes.tell(self.meter.waited)

    def asked(self, operation: Operation, media: Accepted) -> Asked:
        """An operation with its facts."""
        plan = self.graph.executor.operations.plan(operation.query, operation.name)
        reach = reach_of(plan)
        if reach is not Reach.PUBLIC or isinstance(plan, Refusal):
            return Asked(operation, media, reach, None)
        return Asked(operation, media, reach, key_of(plan, operation, PUBLIC, media.media_type))

    def ready(self, asked: Asked) -> Kept | None:
        """The answer that can be sent at once, without asking anybody."""
        version = self.versions.known()
        return None if version is None or asked.key is None else self.cache.get(version, asked.key)

    async def reply(self, asked: Asked, asking: Asking, request_id: str, terms: Terms) -> Reply:
        """Answer an operation for whoever asks."""
        if asked.key is not None:
            return await self._public(asked, asked.key, asking, request_id, terms)
        # What nobody's eyes are needed for is worked out for nobody: then it can hold nothing of anybody.
        private = asked.reach is Reach.PRIVATE
        found = await self.graph.answer(asked.operation, request_id, asking if private else Asking(nobody))
        if private or found.viewer_was_read:
            return self._plain(asked, found, PRIVATE if _is_private(found, terms) else NOT_KEPT)
        return self._of_moment(asked, found, terms)

    async def _public(
        self, asked: Asked, key: AnswerKey, asking: Asking, request_id: str, terms: Terms
    ) -> Reply:
        version = await self.versions.current(anew=terms.anew)
        tag = tag_of(version, key)
        conditional = not terms.posted and not terms.closed
        if conditional and terms.if_none_match and _names(terms.if_none_match, tag):
            return Reply(304, b"", unchanged_headers(tag, lasting=True))
        kept = self.cache.get(version, key)
        if kept is None:
            making = _Making(self.graph, asked, key, request_id)
            made = await self.cache.shared(version, key, making) or await making()
            kept = made.kept
            if kept is None:
                return await self._not_kept(asked, making.found, asking, request_id, terms)
        if conditional and is_known(terms.if_none_match, kept.tag):
            return Reply(304, b"", unchanged_headers(kept.tag, lasting=True))
        if terms.closed:
            return _reply(200, kept.body, asked, PRIVATE)
        return Reply(200, kept.body, kept.posted if terms.posted else kept.got)

    async def _not_kept(
        self, asked: Asked, found: GraphAnswer | None, asking: Asking, request_id: str, terms: Terms
    ) -> Reply:
        """An answer with errors, or one that read more than its operation's fields say."""
        if found is None:
            raise AssertionError("whoever makes an answer has one")
        if found.viewer_was_read:
            log.error("a field reads the viewer and does not say so; asked was %.300s", asked.operation.query)
            private = await self.graph.answer(asked.operation, request_id, asking)
            return self._plain(asked, private, PRIVATE)
        if found.operations_were_read and not found.answer.errors:
            log.error("a field reads operations and does not say so; asked was %.300s", asked.operation.query)
            return self._of_moment(asked, found, terms)
        return self._plain(asked, found, PRIVATE if terms.closed else NOT_KEPT)

    def _of_moment(self, asked: Asked, found: GraphAnswer, terms: Terms) -> Reply:
        if not found.answer.executed or found.answer.errors or terms.closed:
            return self._plain(asked, found, PRIVATE if terms.closed else NOT_KEPT)
        body = found.answer.json()
        tag = tag_of_body(body, asked.media.media_type)
        if not terms.posted and is_known(terms.if_none_match, tag):
            return Reply(304, b"", unchanged_headers(tag, lasting=False))
        return _reply(200, body, asked, checked_headers(tag, posted=terms.posted))

    def _plain(self, asked: Asked, found: GraphAnswer, caching: Headers) -> Reply:
        status = asked.media.status(executed=found.answer.executed)
        return _reply(status, found.answer.json(), asked, caching)


class _Making:
    """Works one public answer out, for nobody in particular; `found` is how it came about."""

    def __init__(self, graph: Graph, asked: Asked, key: AnswerKey, request_id: str) -> None:
        self._graph = graph
        self._asked = asked
        self._key = key
        self._request_id = request_id
        self.found: GraphAnswer | None = None

    async def __call__(self) -> Made:
        """Make it."""
        found = self.found = await self._graph.answer(self._asked.operation, self._request_id, Asking(nobody))
        answer = found.answer
        if not answer.executed or answer.errors or found.viewer_was_read or found.operations_were_read:
            return Made(found.version, None)
        media_type = self._asked.media.media_type
        tag = tag_of(found.version, self._key)
        return Made(found.version, kept_answer(answer.json(), tag, media_type))


def _is_private(found: GraphAnswer, terms: Terms) -> bool:
    """Whether an answer is somebody's; what was refused before anything ran is nobody's."""
    return terms.closed or found.viewer_was_read or found.answer.executed


def _names(if_none_match: bytes, tag: str) -> bool:
    return if_none_match != b"*" and is_known(if_none_match, tag)


def _reply(status: int, body: bytes, asked: Asked, caching: Headers) -> Reply:
    length = (b"content-length", str(len(body)).encode())
    return Reply(status, body, [typed(asked.media.media_type), *caching, length, NOSNIFF, *CORS])
