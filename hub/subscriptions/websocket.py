"""GraphQL over WebSocket: the protocol graphql-transport-ws. The legacy one, graphql-ws, is refused."""

import logging
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from hub.subscriptions.asking import Asker, Viewers, by_cookie, by_token
from hub.subscriptions.connection import INIT_SECONDS, Connection
from hub.subscriptions.streams import Streams

log = logging.getLogger(__name__)

PROTOCOL = "graphql-transport-ws"
_NOT_ACCEPTABLE, _TRY_LATER = 4406, 1013
_MOST_CONNECTIONS = 2000


class SocketEndpoint:
    """The address /graphql for WebSockets."""

    def __init__(
        self,
        streams: Streams,
        viewers: Viewers,
        *,
        origin: str,
        cookie: str,
        new_id: Callable[[], str],
        most: int = _MOST_CONNECTIONS,
        init_seconds: float = INIT_SECONDS,
    ) -> None:
        self._streams = streams
        self._viewers = viewers
        self._origin = origin
        self._cookie = cookie
        self._new_id = new_id
        self._most = most
        self._init_seconds = init_seconds
        self._open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection; refusals come after the handshake, for only then a browser sees their code."""
        socket = WebSocket(scope, receive, send)
        if PROTOCOL not in scope.get("subprotocols", ()):
            await socket.accept()
            await socket.close(_NOT_ACCEPTABLE, f"Subprotocol not acceptable: speak {PROTOCOL}")
            return
        await socket.accept(PROTOCOL)
        if self._open >= self._most:
            await socket.close(_TRY_LATER, "Too many connections: try again later")
            return
        self._open += 1
        try:
            asker_of = AskerOf(self._viewers, Headers(scope=scope), self._cookie, self._origin)
            await Connection(socket, self._streams, asker_of, self._new_id, self._init_seconds).serve()
        except WebSocketDisconnect:
            log.debug("a connection has ended")
        finally:
            self._open -= 1


class AskerOf:
    """Finds who is asking, by what a connection was begun with."""

    def __init__(self, viewers: Viewers, headers: Headers, cookie: str, origin: str) -> None:
        self._viewers = viewers
        self._headers = headers
        self._cookie = cookie
        self._origin = origin

    async def __call__(self, payload: dict[str, object]) -> Asker | None:
        """The asker of a ``connection_init``; None where its token is not valid.

        A token comes in the payload (a browser can't set headers here) or in the handshake's header. A cookie counts
        only where the hub's own page opened the connection.
        """
        given = {name.lower(): value for name, value in payload.items()}
        said = given.get("authorization", self._headers.get("authorization"))
        if said is not None:
            scheme, _, token = str(said).partition(" ")
            return await by_token(self._viewers, token.strip()) if scheme.lower() == "bearer" else None
        own = self._headers.get("origin") == self._origin
        cookie = cookie_parser(self._headers.get("cookie", "")).get(self._cookie) if own else None
        return by_cookie(self._viewers, cookie) if cookie else Asker()
