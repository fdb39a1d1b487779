"""How answers of the graph's endpoint go out, refusals and failures among them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.types import Receive, Send

from hub.caching import CORS, NOSNIFF, typed
from hub.execution.answer_cache import Headers
from hub.execution.requests import JSON_TYPE, RESPONSE_TYPE, Accepted, NotRunError, RefusedRequest
from hub.heads import Heads, text

_PREFLIGHT: Headers = [
    (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
    (b"access-control-allow-headers", b"authorization, content-type, graphql-cost"),
    (b"access-control-max-age", b"86400"),
    NOSNIFF,
    *CORS,
]


@dataclass(slots=True, eq=False)  # not frozen: one is made for each request, and frozen ones take longer
class Came:
    """A request, and how it is answered.

    Attributes:
        id: names it in logs and errors.
        client: who it comes from, by address.
        beside: headers that every answer to it has.
    """

    method: str
    heads: Heads
    id: str
    receive: Receive
    send: Send
    client: str = "unknown"
    beside: Headers = field(default_factory=list)

    async def answer(self, status: int, body: bytes, headers: Headers) -> None:
        """Send an answer; to HEAD without its body."""
        named = (b"x-request-id", self.id.encode())
        await self.send(
            {"type": "http.response.start", "status": status, "headers": [*headers, *self.beside, named]}
        )
        sent = b"" if self.method == "HEAD" else body
        await self.send({"type": "http.response.body", "body": sent})

    async def allow(self) -> None:
        """Answer a browser that asks beforehand (Fetch standard, CORS preflight)."""
        await self.answer(204, b"", _PREFLIGHT)

    async def refuse(self, refusal: RefusedRequest) -> None:
        """Say why the request is refused."""
        more = [(name.lower().encode(), value.encode()) for name, value in refusal.headers.items()]
        told = {"message": refusal.sentence, "extensions": {"code": refusal.code}}
        wanted = self._wanted()
        status = wanted.status(executed=False) if isinstance(refusal, NotRunError) else refusal.status
        await self._error(status, told, more)

    async def fail(self) -> None:
        """Say that something went wrong here."""
        wrong = f"Something went wrong on our side. If it happens again, name the request {self.id}."
        await self._error(
            500, {"message": wrong, "extensions": {"code": "INTERNAL", "requestId": self.id}}, []
        )

    def _wanted(self) -> Accepted:
        return Accepted(RESPONSE_TYPE if RESPONSE_TYPE in text(self.heads, b"accept") else JSON_TYPE)

    async def _error(self, status: int, told: Mapping[str, Any], more: Headers) -> None:
        body = orjson.dumps({"errors": [told]})
        length = (b"content-length", str(len(body)).encode())
        await self.answer(
            status,
            body,
            [
                typed(self._wanted().media_type),
                (b"cache-control", b"no-store"),
                length,
                NOSNIFF,
                *CORS,
                *more,
            ],
        )
