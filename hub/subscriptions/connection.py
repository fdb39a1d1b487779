"""One connection of graphql-transport-ws: its messages, its operations, and how it is closed when it is wrong."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect

from hub.errors import UnavailableError
from hub.execution.requests import MAX_BODY, NotRunError, RefusedRequest, Sent, sent_of
from hub.subscriptions.asking import Asker, TokenExpiredError
from hub.subscriptions.streams import Streams

log = logging.getLogger(__name__)

INVALID, UNAUTHORIZED, FORBIDDEN, INIT_TIMEOUT, NOT_UNIQUE, INIT_TWICE, TOO_BIG = (
    4400,
    4401,
    4403,
    4408,
    4409,
    4429,
    1009,
)
MAX_OPERATIONS = 20
INIT_SECONDS = 10.0
_REASON = 120
"""Bytes that a close frame's reason may have (RFC 6455, section 5.5: 125 with the code)."""

FindAsker = Callable[[dict[str, object]], Awaitable[Asker | None]]


class CloseError(Exception):
    """The connection is to be closed with a code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason.encode()[:_REASON].decode(errors="ignore")


class Connection:
    """Serves one accepted socket."""

    def __init__(
        self,
        socket: WebSocket,
        streams: Streams,
        find_asker: FindAsker,
        new_id: Callable[[], str],
        init_seconds: float = INIT_SECONDS,
    ) -> None:
        self._socket = socket
        self._streams = streams
        self._find_asker = find_asker
        self._new_id = new_id
        self._init_seconds = init_seconds
        self._asker: Asker | None = None
        self._begun = False
        self._running: dict[str, asyncio.Task[None]] = {}
        self._failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def serve(self) -> None:
        """Take messages until one side closes; operations that run then are ended."""
        try:
            async with asyncio.timeout(self._init_seconds) as patience:
                await self._take(await self._message())
                while self._asker is None:
                    await self._take(await self._message())
                patience.reschedule(None)
            await self._serve_on()
        except TimeoutError:
            await self._socket.close(INIT_TIMEOUT, "Connection initialisation timeout")
        except CloseError as wrong:
            await self._socket.close(wrong.code, wrong.reason)
        finally:
            await self._end_all()

    async def _serve_on(self) -> None:
        while True:
            coming = asyncio.create_task(self._message())
            either: tuple[asyncio.Future[Any], ...] = (coming, self._failed)
            try:
                await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
                if self._failed.done():
                    self._failed.result()
                message = await coming
            finally:
                coming.cancel()
                await asyncio.gather(coming, return_exceptions=True)
            await self._take(message)

    async def _message(self) -> dict[str, Any]:
        came = await self._socket.receive()
        if came["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(came.get("code", 1000))
        text = came.get("text")
        if text is not None and len(text) > MAX_BODY:
            raise CloseError(TOO_BIG, f"A message has at most {MAX_BODY // 1024} kB")
        try:
            message = orjson.loads(text) if text is not None else None
        except orjson.JSONDecodeError:
            message = None
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            raise CloseError(INVALID, "A message is a JSON object with a type")
        return message

    async def _take(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        takes = {
            "connection_init": self._init,
            "ping": self._pong,
            "pong": self._nothing,
            "subscribe": self._subscribe,
            "complete": self._complete,
        }.get(kind)
        if takes is None:
            raise CloseError(INVALID, f"There is no message of the type {kind[:40]} from a client")
        await takes(message)

    async def _init(self, message: dict[str, Any]) -> None:
        if self._begun:
            raise CloseError(INIT_TWICE, "Too many initialisation requests")
        self._begun = True
        payload = message.get("payload")
        if payload is not None and not isinstance(payload, dict):
            raise CloseError(INVALID, "The payload of connection_init is an object")
        asker = await self._find_asker(payload or {})
        if asker is None:
            raise CloseError(FORBIDDEN, "Forbidden: the token is not valid for the graph")
        self._asker = asker
        await self._send({"type": "connection_ack"})

    async def _pong(self, message: dict[str, Any]) -> None:
        more = {"payload": message["payload"]} if "payload" in message else {}
        await self._send({"type": "pong", **more})

    async def _nothing(self, message: dict[str, Any]) -> None:
        """Take a sign of life."""

    async def _subscribe(self, message: dict[str, Any]) -> None:
        if self._asker is None:
            raise CloseError(UNAUTHORIZED, "Unauthorized: begin with connection_init")
        name, payload = message.get("id"), message.get("payload")
        if not isinstance(name, str) or not name or not isinstance(payload, dict):
            raise CloseError(INVALID, "subscribe has an id and a payload")
        if name in self._running:
            raise CloseError(NOT_UNIQUE, f"Subscriber for {name[:40]} already exists")
        try:
            sent = sent_of(payload)
        except NotRunError as refusal:
            await self._send_error(name, refusal.sentence, refusal.code)
            return
        except RefusedRequest as refusal:
            raise CloseError(INVALID, refusal.sentence) from refusal
        if len(self._running) >= MAX_OPERATIONS:
            sentence = f"A connection runs at most {MAX_OPERATIONS} operations at once."
            await self._send_error(name, sentence, "TOO_MANY_OPERATIONS")
            return
        self._running[name] = asyncio.create_task(self._run(name, sent, self._asker))

    async def _complete(self, message: dict[str, Any]) -> None:
        if task := self._running.pop(str(message.get("id")), None):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self, name: str, sent: Sent, asker: Asker) -> None:
        request_id = self._new_id()
        try:
            if await self._answer(name, sent, asker, request_id):
                await self._send({"id": name, "type": "complete"})
        except TokenExpiredError:
            self._fail(CloseError(FORBIDDEN, "Forbidden: the token has expired"))
        except RefusedRequest as refusal:
            await self._send_error(name, refusal.sentence, refusal.code)
        except UnavailableError as away:
            await self._send_error(name, str(away), away.code, requestId=request_id)
        except Exception:
            log.exception("operation %s of a connection failed", request_id)
            sentence = f"Something went wrong on our side. Name the request {request_id}."
            await self._send_error(name, sentence, "INTERNAL", requestId=request_id)
        finally:
            if self._running.get(name) is asyncio.current_task():
                del self._running[name]

    async def _answer(self, name: str, sent: Sent, asker: Asker, request_id: str) -> bool:
        """Send the answers; says whether the operation has run (else its errors were its end)."""
        operation = await self._streams.operation(sent)
        answers = self._streams.answers(operation, request_id, asker)
        try:
            async for answer in answers:
                if not answer.executed:
                    await self._send({"id": name, "type": "error", "payload": answer.errors})
                    return False
                await self._send({"id": name, "type": "next", "payload": answer.body})
        finally:
            await answers.aclose()
        return True

    def _fail(self, error: CloseError) -> None:
        if not self._failed.done():
            self._failed.set_exception(error)

    async def _send(self, message: dict[str, Any]) -> None:
        await self._socket.send_text(orjson.dumps(message).decode())

    async def _send_error(self, name: str, sentence: str, code: str, **more: str) -> None:
        error = {"message": sentence, "extensions": {"code": code, **more}}
        await self._send({"id": name, "type": "error", "payload": [error]})

    async def _end_all(self) -> None:
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._failed.done():
            self._failed.exception()  # it was told, or the connection was gone before
        else:
            self._failed.cancel()
