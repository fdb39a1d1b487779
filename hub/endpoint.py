"""One HTTP request to the graph: plain ASGI, from the bytes that came to the bytes that go.

Who is asking: a Bearer token, or the hub's own session cookie; the cookie counts only on a POST of JSON that the hub's
own pages sent, elsewhere it is ignored (a foreign page must not read a person's data through their browser).
"""

import logging
from collections.abc import Callable
from typing import Protocol

import orjson
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from hub.caching import caching_headers, is_known
from hub.errors import DatabaseAwayError
from hub.execution.requests import (
    JSON_TYPE,
    MAX_BODY,
    RESPONSE_TYPE,
    Accepted,
    RefusedRequest,
    accepted,
    of_body,
    of_query_string,
    refusal_of,
)
from hub.execution.running import Operation
from hub.execution.streaming import is_subscription
from hub.graph import Asking, Graph, known, later, nobody
from hub.subscriptions.asking import Asker, by_cookie, by_token
from hub.subscriptions.sse import send_stream, wants_stream
from hub.subscriptions.streams import Streams
from identity.source_access import nobodys_access, portals_access
from identity.source_readers import SourceReaders
from identity.thesaurus_editors import EditorDoor, no_editor, portals_editor
from identity.viewer import Viewer

log = logging.getLogger(__name__)

_CORS = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"etag, retry-after, x-request-id"),
)
_PREFLIGHT = (
    (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
    (b"access-control-allow-headers", b"authorization, content-type"),
    (b"access-control-max-age", b"86400"),
)


class Viewers(Protocol):
    """Who is asking; see `identity.viewers`."""

    async def of_token(self, bearer: str) -> Viewer | None:
        """The viewer of a portal's access token."""
        ...

    async def of_cookie(self, cookie: str | None) -> Viewer | None:
        """The viewer of the hub's session cookie."""
        ...


class GraphEndpoint:
    """The address /graphql."""

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
    ) -> None:
        self._graph = graph
        self._viewers = viewers
        self._origin = origin
        self._cookie = cookie
        self._explorer = explorer
        self._new_id = new_id
        self._streams = streams
        self._readers, self._editors = readers, editors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = Headers(scope=scope)
        if scope["method"] == "GET" and _is_browser(headers) and b"query=" not in scope["query_string"]:
            await self._explorer(scope, receive, send)
            return
        request_id = self._new_id()
        try:
            await self._answer(scope, headers, receive, send, request_id)
        except (RefusedRequest, DatabaseAwayError) as error:
            refusal = refusal_of(error)
            told = {"message": refusal.sentence, "extensions": {"code": refusal.code}}
            more = [(name.lower().encode(), value.encode()) for name, value in refusal.headers.items()]
            body = orjson.dumps({"errors": [told]})
            await _send(send, refusal.status, body, _plain_headers(headers, request_id, more))
        except Exception:
            log.exception("request %s failed", request_id)
            wrong = "Something went wrong on our side. If it happens again, name the request"
            extensions = {"code": "INTERNAL", "requestId": request_id}
            told = {"message": f"{wrong} {request_id}.", "extensions": extensions}
            await _send(send, 500, orjson.dumps({"errors": [told]}), _plain_headers(headers, request_id, []))

    async def _answer(
        self, scope: Scope, headers: Headers, receive: Receive, send: Send, request_id: str
    ) -> None:
        method = scope["method"]
        if method == "OPTIONS":
            await _send(send, 204, b"", list(_PREFLIGHT))
            return
        if method not in ("GET", "HEAD", "POST"):
            raise RefusedRequest(405, "BAD_METHOD", "Ask with GET or POST.", {"Allow": "GET, POST, OPTIONS"})
        if self._streams is not None and wants_stream(headers.get("accept", "")):
            operation = await _operation(scope, headers, receive)
            self._check(method, operation, streaming=True)
            asker = await self._asker(scope, headers)
            await send_stream(self._streams.answers(operation, request_id, asker), receive, send, request_id)
            return
        media = accepted(headers.get("accept", ""))
        operation = await _operation(scope, headers, receive)
        self._check(method, operation, streaming=False)
        bearer = _bearer(headers)
        asking = await self._asking(scope, headers, bearer)
        found = await self._graph.answer(operation, request_id, asking)
        body = orjson.dumps(found.answer.body)
        private = found.viewer_was_read or "authorization" in headers
        cacheable = method != "POST" and not private and found.answer.executed and not found.answer.errors
        caching = caching_headers(body, private=private, cacheable=cacheable)
        status = media.status(executed=found.answer.executed)
        if cacheable and is_known(headers.get("if-none-match", ""), caching["etag"]):
            status, body = 304, b""
        more = [(name.encode(), value.encode()) for name, value in caching.items()]
        sent = b"" if method == "HEAD" else body
        await _send(send, status, sent, [*_typed(media), (b"x-request-id", request_id.encode()), *more])

    def _check(self, method: str, operation: Operation, *, streaming: bool) -> None:
        subscribes = is_subscription(self._graph.executor, operation)
        if subscribes and not streaming:
            sentence = (
                "A subscription is a stream: accept text/event-stream first, or speak graphql-transport-ws."
            )
            raise RefusedRequest(406, "NOT_ACCEPTABLE", sentence)
        reads = self._graph.executor.operations.document(operation.query).is_query(operation.name)
        if method != "POST" and not reads and not subscribes:
            raise RefusedRequest(
                405, "BAD_METHOD", "A GET only reads: send this operation with POST.", {"Allow": "POST"}
            )

    async def _asker(self, scope: Scope, headers: Headers) -> Asker:
        bearer = _bearer(headers)
        if bearer is not None:
            asker = await by_token(self._viewers, bearer)
            return asker or Asker(known(await self._of_token(bearer)))
        cookie = cookie_parser(headers.get("cookie", "")).get(self._cookie)
        return by_cookie(self._viewers, cookie) if cookie and self._cookie_counts(scope, headers) else Asker()

    async def _asking(self, scope: Scope, headers: Headers, bearer: str | None) -> Asking:
        if bearer is not None:
            if self._readers is not None and (may_see := await self._readers.of_token(bearer)):
                return Asking(nobody, may_see, portals_editor)
            return Asking(known(await self._of_token(bearer)), portals_access, portals_editor)
        cookie = cookie_parser(headers.get("cookie", "")).get(self._cookie)
        if not cookie or not self._cookie_counts(scope, headers):
            return Asking(nobody)
        may_see = nobodys_access if self._readers is None else self._readers.of_cookie(cookie)
        find_editor = no_editor if self._editors is None else self._editors.of_cookie(cookie)
        return Asking(later(self._viewers.of_cookie, cookie), may_see, find_editor)

    async def _of_token(self, bearer: str) -> Viewer:
        viewer = await self._viewers.of_token(bearer)
        if viewer is None:
            sentence = "The token is no valid access token for the graph with the scope graph:viewer."
            challenge = 'Bearer realm="graph", error="invalid_token", scope="graph:viewer"'
            raise RefusedRequest(401, "INVALID_TOKEN", sentence, {"WWW-Authenticate": challenge})
        return viewer

    def _cookie_counts(self, scope: Scope, headers: Headers) -> bool:
        own_page = headers.get("sec-fetch-site") == "same-origin" or headers.get("origin") == self._origin
        return scope["method"] == "POST" and own_page


async def _operation(scope: Scope, headers: Headers, receive: Receive) -> Operation:
    if scope["method"] != "POST":
        return of_query_string(scope["query_string"].decode("latin-1"))
    return of_body(headers.get("content-type", ""), await _body(headers, receive))


async def _body(headers: Headers, receive: Receive) -> bytes:
    """The request's body, within the limit whatever its headers say."""
    too_large = RefusedRequest(413, "TOO_LARGE", f"The body is larger than {MAX_BODY // 1024} kB.")
    if headers.get("content-length", "0").isdigit() and int(headers.get("content-length", "0")) > MAX_BODY:
        raise too_large
    chunks: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await receive()
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > MAX_BODY:
            raise too_large
        chunks.append(chunk)
        more = message.get("more_body", False) and message["type"] == "http.request"
    return b"".join(chunks)


def _bearer(headers: Headers) -> str | None:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _is_browser(headers: Headers) -> bool:
    """A person with a browser gets the explorer; a program that merely takes any type does not."""
    return "text/html" in headers.get("accept", "")


def _typed(media: Accepted) -> list[tuple[bytes, bytes]]:
    return [(b"content-type", f"{media.media_type}; charset=utf-8".encode())]


def _plain_headers(
    headers: Headers, request_id: str, more: list[tuple[bytes, bytes]]
) -> list[tuple[bytes, bytes]]:
    wanted = RESPONSE_TYPE if RESPONSE_TYPE in headers.get("accept", "") else JSON_TYPE
    return [
        *_typed(Accepted(wanted)),
        (b"cache-control", b"no-store"),
        (b"x-request-id", request_id.encode()),
        *more,
    ]


async def _send(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    length = [] if status in (204, 304) else [(b"content-length", str(len(body)).encode())]
    nosniff = (b"x-content-type-options", b"nosniff")
    await send(
        {"type": "http.response.start", "status": status, "headers": [*headers, *length, nosniff, *_CORS]}
    )
    await send({"type": "http.response.body", "body": body})
