"""Work that ends when nobody waits for it any more: the client closed its connection."""

import asyncio
from types import TracebackType

from starlette.types import Receive

PATIENCE_SECONDS = 0.05
"""Most answers are sent before it is worth to look whether anybody is still there."""


class GoneError(Exception):
    """Nobody is there to be answered."""


class WhileThere:
    """A stretch of a task that is cancelled when the client goes.

    Args:
        receive: the request's, after its body was read; the next message is that the client has gone.
        patience: seconds before it is looked at.

    Raises:
        GoneError: on leaving, when the client went.
    """

    __slots__ = ("_gone", "_patience", "_receive", "_task", "_timer", "_watching")

    def __init__(self, receive: Receive, patience: float = PATIENCE_SECONDS) -> None:
        self._receive = receive
        self._patience = patience
        self._gone = False
        self._watching: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        """Begin; nothing is watched yet."""
        self._task = asyncio.current_task()
        self._timer = asyncio.get_running_loop().call_later(self._patience, self._watch)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End watching."""
        self._timer.cancel()
        if self._watching is not None:
            self._watching.cancel()
        if self._gone and self._task is not None and isinstance(error, asyncio.CancelledError):
            if self._task.uncancel() > 0:
                return
            raise GoneError from error

    def _watch(self) -> None:
        self._watching = asyncio.get_running_loop().create_task(self._wait())

    async def _wait(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._gone = True
        if self._task is not None:
            self._task.cancel()
