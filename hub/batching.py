"""Several operations in one request: an array of answers in their order, each as if it had come by itself."""

from collections.abc import Awaitable, Callable, Sequence

import orjson

from hub.answering import Reply
from hub.caching import CORS, NOSNIFF, typed
from hub.execution.requests import Accepted, RefusedRequest, Sent

AnswerOne = Callable[[Sent], Awaitable[Reply]]
_STRICTEST_FIRST = (b"private, no-store", b"no-store", b"public, no-cache")


async def reply_to_batch(batch: Sequence[Sent], media: Accepted, answer: AnswerOne) -> Reply:
    """Answer one after the other: a batch holds the server no longer than its operations would in a row.

    What is refused is an answer with its error, and the others stand. The whole may be held by whom the most private
    of the answers may.
    """
    replies = [await _one(sent, answer) for sent in batch]
    body = b"[" + b",".join(reply.body for reply in replies) + b"]"
    length = (b"content-length", str(len(body)).encode())
    caching = [(b"cache-control", _strictest(replies)), (b"vary", b"Accept, Authorization, Cookie")]
    return Reply(200, body, [typed(media.media_type), *caching, length, NOSNIFF, *CORS])


async def _one(sent: Sent, answer: AnswerOne) -> Reply:
    try:
        return await answer(sent)
    except RefusedRequest as refusal:
        told = {"message": refusal.sentence, "extensions": {"code": refusal.code}}
        return Reply(200, orjson.dumps({"errors": [told]}), [(b"cache-control", b"no-store")])


def _strictest(replies: Sequence[Reply]) -> bytes:
    said = [dict(reply.headers)[b"cache-control"] for reply in replies]
    return next((one for one in _STRICTEST_FIRST if one in said), said[0])
