"""One HTTP request to the graph: plain ASGI, from the bytes that came to the bytes that go.

A request that was seen before, whose answer is kept and whose data version is believed, is answered from its bytes:
nothing is parsed and nobody is asked. All others go the long way through `hub.answering`.
"""

import logging
from collections.abc import Callable
from time import perf_counter

from starlette.types import ASGIApp, Receive, Scope, Send

from hub.admission.clients import client_at
from hub.admission.rates import Rates, Unlimited
from hub.answering import Answering, Asked, Reply, Terms
from hub.askers import Askers
from hub.batching import reply_to_batch
from hub.caching import is_known, unchanged_headers
from hub.charging import REPORT, Charging, reports, with_cost
from hub.documents.registry import Documents, NoDocuments
from hub.errors import UnavailableError
from hub.execution.generations import Generations
from hub.execution.requests import (
    MAX_BODY,
    RefusedRequest,
    Sent,
    accepted,
    of_body,
    of_query_string,
    refusal_of,
)
from hub.execution.running import Operation
from hub.execution.streaming import is_subscription
from hub.graph import Graph
from hub.heads import heads_of, text
from hub.leaving import GoneError, WhileThere
from hub.sending import Came
from hub.subscriptions.asking import Viewers
from hub.subscriptions.sse import send_stream, wants_stream
from hub.subscriptions.streams import Streams
from identity.source_readers import SourceReaders
from identity.thesaurus_editors import EditorDoor

log = logging.getLogger(__name__)

_BAD_METHOD = RefusedRequest(405, "BAD_METHOD", "Ask with GET or POST.", {"Allow": "GET, POST, OPTIONS"})
_SEEN_BYTES = 8 * 1024 * 1024
_POST, _GET = "POST", ("GET", "HEAD")

_KNOWING = frozenset((b"authorization", b"cookie"))
_WITH_ERRORS = b'{"errors"'
_LONG_WAY = frozenset((b"authorization", b"cache-control", REPORT))
"""Headers with which a request is not answered at once from what is kept."""

_Raw = tuple[str, bytes, bytes | None, bytes | None]
"""What a request says: method, body or query string, Accept, Content-Type."""


class GraphEndpoint:
    """The address /graphql.

    Args:
        graph: what is asked.
        viewers: who is asking.
        origin: the hub's own, whose pages may use the session cookie.
        cookie: the session cookie's name.
        explorer: what a browser gets.
        new_id: names each request in logs and masked errors.
        streams: answers that go on; None: there are no streams.
        readers: whose deliveries who asks may see.
        editors: whether who asks may change the thesaurus.
        answering: keeps public answers; None: none is kept.
        documents: those that may be asked for by name; None: there are none.
        rates: how much each client may ask; None: as much as it likes.
    """

    def __init__(
        self,
        graph: Graph,
        viewers: Viewers,
        *,
        origin: str,
        cookie: str,
        explorer: ASGIApp,
        new_id: Callable[[], str],
        streams: Streams | None = None,
        readers: SourceReaders | None = None,
        editors: EditorDoor | None = None,
        answering: Answering | None = None,
        documents: Documents | None = None,
        rates: Rates | None = None,
    ) -> None:
        self._graph = graph
        self._askers = Askers(viewers, origin, cookie, readers, editors)
        self._charging = Charging(graph.executor, self._askers, rates or Unlimited())
        self._answering = answering or Answering(graph, 0)
        self._meter = self._answering.meter
        self._documents = documents or NoDocuments()
        self._streams = streams
        self._explorer = explorer
        self._new_id = new_id
        self._seen: Generations[_Raw, Asked] = Generations(_SEEN_BYTES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        heads = heads_of(scope["headers"])
        came = Came(scope["method"], heads, self._new_id(), receive, send, client_at(scope))
        try:
            if came.method == _POST or came.method in _GET:
                raw = await _raw(came, scope)
                if raw[0] == _GET[0] and _is_for_people(raw):
                    await self._explorer(scope, receive, send)
                elif not await self._at_once(raw, came):
                    await self._answer(raw, came)
            elif came.method == "OPTIONS":
                await came.allow()
            else:
                await came.refuse(_BAD_METHOD)
        except (RefusedRequest, UnavailableError) as error:
            refusal = refusal_of(error)
            self._meter.refused(refusal.code)
            await came.refuse(refusal)
        except GoneError:
            log.debug("the client of request %s has gone", came.id)
        except Exception:
            log.exception("request %s failed", came.id)
            await came.fail()

    async def _at_once(self, raw: _Raw, came: Came) -> bool:
        """Send what is kept; says whether that was possible."""
        asked = self._seen.get(raw)
        if asked is None or not _LONG_WAY.isdisjoint(came.heads):
            return False
        kept = self._answering.ready(asked)
        if kept is None:
            return False
        self._charging.kept(came)
        self._meter.kept()
        if came.method == _POST:
            await came.answer(200, kept.body, kept.posted if b"origin" in came.heads else kept.told)
        elif b"if-none-match" in came.heads and is_known(came.heads[b"if-none-match"], kept.tag):
            await came.answer(304, b"", unchanged_headers(kept.tag, lasting=True))
        else:
            await came.answer(200, kept.body, kept.got)
        return True

    async def _answer(self, raw: _Raw, came: Came) -> None:
        if _KNOWING.isdisjoint(came.heads):
            self._graph.lanes.look()
        accept = text(came.heads, b"accept")
        if self._streams is not None and wants_stream(accept):
            await self._stream(self._streams, raw, came)
            return
        media = accepted(accept)
        sent = _sent(raw)
        terms = _terms(came)
        asking = await self._charging.asking(came)

        async def answer(one: Sent) -> Reply:
            operation = await self._documents.operation(one)
            self._check(came.method, operation, streaming=False)
            paying = self._charging.paying(asking, operation, came)
            asked = self._answering.asked(operation, media)
            if asked.key is not None and one is sent and self._documents.stays(one):
                self._seen.put(raw, asked, 2 * len(raw[1]) + 1000)
            begun = perf_counter()
            reply = await self._answering.reply(asked, paying, came.id, terms)
            well = not reply.body.startswith(_WITH_ERRORS)
            self._meter.answered(self._charging.name(operation), perf_counter() - begun, well=well)
            return with_cost(reply, self._charging.cost(operation)) if reports(came) else reply

        async with WhileThere(came.receive):
            if isinstance(sent, Sent):
                reply = await answer(sent)
            else:
                reply = await reply_to_batch(sent, media, answer)
        await came.answer(reply.status, reply.body, reply.headers)

    async def _stream(self, streams: Streams, raw: _Raw, came: Came) -> None:
        sent = _sent(raw)
        if not isinstance(sent, Sent):
            raise RefusedRequest(400, "BAD_BATCH", "A stream has one operation: send each by itself.")
        operation = await self._documents.operation(sent)
        self._check(came.method, operation, streaming=True)
        self._charging.stream(operation, came)
        asker = await self._askers.of_stream(came.method, came.heads)
        await send_stream(streams.answers(operation, came.id, asker), came.receive, came.send, came.id)

    def _check(self, method: str, operation: Operation, *, streaming: bool) -> None:
        subscribes = is_subscription(self._graph.executor, operation)
        if subscribes and not streaming:
            sentence = (
                "A subscription is a stream: accept text/event-stream first, or speak graphql-transport-ws."
            )
            raise RefusedRequest(406, "NOT_ACCEPTABLE", sentence)
        reads = self._graph.executor.operations.document(operation.query).is_query(operation.name)
        if method != _POST and not reads and not subscribes:
            raise RefusedRequest(
                405, "BAD_METHOD", "A GET only reads: send this operation with POST.", {"Allow": "POST"}
            )


async def _raw(came: Came, scope: Scope) -> _Raw:
    accept = came.heads.get(b"accept")
    if came.method == _POST:
        return (_POST, await _body(came), accept, came.heads.get(b"content-type"))
    return (_GET[0], scope["query_string"], accept, None)


def _is_for_people(raw: _Raw) -> bool:
    """A person with a browser gets the explorer; a program that merely takes any type does not."""
    return b"text/html" in (raw[2] or b"") and b"query=" not in raw[1]


def _sent(raw: _Raw) -> Sent | list[Sent]:
    if raw[0] == _POST:
        return of_body((raw[3] or b"").decode("latin-1"), raw[1])
    return of_query_string(raw[1].decode("latin-1"))


def _terms(came: Came) -> Terms:
    return Terms(
        posted=came.method == _POST,
        closed=b"authorization" in came.heads,
        if_none_match=came.heads.get(b"if-none-match"),
        anew="no-cache" in text(came.heads, b"cache-control").lower(),
    )


async def _body(came: Came) -> bytes:
    """The request's body, within the limit whatever its headers say."""
    length = came.heads.get(b"content-length", b"0")
    if length.isdigit() and int(length) > MAX_BODY:
        raise _too_large()
    message = await came.receive()
    body: bytes = message.get("body", b"")
    chunks, size = [body], len(body)
    while message.get("more_body", False) and size <= MAX_BODY:
        message = await came.receive()
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
    if size > MAX_BODY:
        raise _too_large()
    return body if len(chunks) == 1 else b"".join(chunks)


def _too_large() -> RefusedRequest:
    return RefusedRequest(413, "TOO_LARGE", f"The body is larger than {MAX_BODY // 1024} kB.")
