"""GraphQL over Server-Sent Events, distinct connections mode (graphql-sse protocol): one operation a request."""

import asyncio
import logging

from starlette.types import Receive, Send

from hub.errors import UnavailableError
from hub.execution.running import Answer
from hub.subscriptions.asking import TokenExpiredError
from hub.subscriptions.streams import Answers

log = logging.getLogger(__name__)

EVENT_STREAM = "text/event-stream"
_HEARTBEAT = 15.0
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"private, no-store"),
    (b"vary", b"Accept, Authorization, Cookie"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
    (b"access-control-allow-origin", b"*"),
]
_EXPIRED = Answer(
    executed=False,
    data=None,
    errors=[{"message": "The token has expired.", "extensions": {"code": "INVALID_TOKEN"}}],
)


def wants_stream(accept: str) -> bool:
    """Whether a stream is the first choice of an Accept header; merely listing it is not enough.

    Clients that can read both list it behind JSON. Among equal weights the one that is named first counts.
    """
    best, weight = "", 0.0
    for part in accept.split(","):
        media_type, *parameters = (piece.strip().lower() for piece in part.split(";"))
        said = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        try:
            own = float(said)
        except ValueError:
            own = 1.0
        if own > weight:
            best, weight = media_type, own
    return best == EVENT_STREAM


async def send_stream(
    answers: Answers, receive: Receive, send: Send, request_id: str, heartbeat: float = _HEARTBEAT
) -> None:
    """Send answers as events until they end or nobody listens any more; a comment when nothing came for a while."""
    headers = [*_HEADERS, (b"x-request-id", request_id.encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await _send(send, b":\n\n")
    gone = asyncio.create_task(_gone(receive))
    coming = asyncio.create_task(_next(answers, request_id))
    try:
        while True:
            await asyncio.wait({coming, gone}, timeout=heartbeat, return_when=asyncio.FIRST_COMPLETED)
            if gone.done():
                return
            if not coming.done():
                await _send(send, b":\n\n")
                continue
            if (answer := coming.result()) is None:
                break
            await _send(send, b"event: next\ndata: " + answer.json() + b"\n\n")
            coming = asyncio.create_task(_next(answers, request_id))
        await send({"type": "http.response.body", "body": b"event: complete\ndata:\n\n", "more_body": False})
    finally:
        for task in (gone, coming):
            task.cancel()
        await asyncio.gather(gone, coming, return_exceptions=True)
        await answers.aclose()


async def _next(answers: Answers, request_id: str) -> Answer | None:
    try:
        return await anext(answers, None)
    except TokenExpiredError:
        return _EXPIRED
    except UnavailableError as error:
        told = {"message": str(error), "extensions": {"code": error.code, "requestId": request_id}}
        return Answer(executed=False, data=None, errors=[told])
    except Exception:
        log.exception("stream %s failed", request_id)
        sentence = f"Something went wrong on our side. Name the request {request_id}."
        return Answer(
            executed=False,
            data=None,
            errors=[{"message": sentence, "extensions": {"code": "INTERNAL", "requestId": request_id}}],
        )


async def _send(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
