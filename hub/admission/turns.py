"""Who comes first is served first, and nobody waits longer than is worth it.

A process computes one thing at a time. Under more load than it can bear, every request that is taken makes all others
later, until none is in time (a plain server's slowest hundredth waited seven seconds). So only some run at once, the
others wait in a row, and who has waited a quarter of a second is told to come again: those who are served are served
in time, and the work is not for nobody. A burst that is over within that time loses nothing.

Whoever is signed in has a lane of their own, so that a flood of strangers does not keep them out.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from hub.errors import OverloadedError

MAX_WAIT_SECONDS = 0.25
MAX_WAITING = 2000
_AT_ONCE = {"sqlite": 2, "postgresql": 8}
FindSomebody = Callable[[], Awaitable[object | None]]
Seen = Callable[[float], None]


class Turns:
    """One row, first in, first out.

    Args:
        at_once: how many may be served at the same time.
        max_wait: seconds that one may wait.
        max_waiting: how many may wait.
        seen: is told the seconds that each who was served has waited.
    """

    def __init__(
        self,
        at_once: int,
        max_wait: float = MAX_WAIT_SECONDS,
        max_waiting: int = MAX_WAITING,
        seen: Seen = lambda _: None,
    ) -> None:
        self._free = at_once
        self._max_wait = max_wait
        self._max_waiting = max_waiting
        self._waiting: deque[asyncio.Future[None]] = deque()
        self.seen = seen

    @property
    def is_free(self) -> bool:
        """Whether the next one would be served at once."""
        return self._free > 0 and not self._waiting

    async def take(self) -> None:
        """Wait for one's turn; `give_back` must follow.

        Raises:
            OverloadedError: when that takes too long, or the row is full.
        """
        if self.is_free:
            self._free -= 1
            self.seen(0.0)
            return
        if len(self._waiting) >= self._max_waiting:
            raise OverloadedError
        loop = asyncio.get_running_loop()
        begun = loop.time()
        called: asyncio.Future[None] = loop.create_future()
        self._waiting.append(called)
        timer = loop.call_later(self._max_wait, self._too_late, called)
        try:
            await called
        except asyncio.CancelledError:
            if called.done() and not called.cancelled():  # it was its turn in the same moment
                self.give_back()
            raise
        finally:
            timer.cancel()
        self.seen(loop.time() - begun)

    def give_back(self) -> None:
        """Let the next one have the place."""
        while self._waiting:
            called = self._waiting.popleft()
            if not called.done():
                called.set_result(None)
                return
        self._free += 1

    def _too_late(self, called: "asyncio.Future[None]") -> None:
        if not called.done():
            self._waiting.remove(called)
            called.set_exception(OverloadedError())


class Lanes:
    """Two rows: for everybody, and for whoever is signed in while everybody's is taken.

    Args:
        at_once: how many are served in each at the same time.
        max_wait: seconds that one may wait.
    """

    def __init__(self, at_once: int, max_wait: float = MAX_WAIT_SECONDS) -> None:
        self._everybody = Turns(at_once, max_wait)
        self._signed_in = Turns(at_once, max_wait)

    def tell(self, seen: Seen) -> None:
        """Let somebody hear of waits."""
        self._everybody.seen = self._signed_in.seen = seen

    @asynccontextmanager
    async def turn(self, find_somebody: FindSomebody) -> AsyncIterator[None]:
        """A stretch of work in its turn; who asks is looked up only where it matters.

        Raises:
            OverloadedError: when its turn would come too late.
        """
        lane = self._everybody
        if not lane.is_free and await find_somebody() is not None:
            lane = self._signed_in
        await lane.take()
        try:
            yield
        finally:
            lane.give_back()


def lanes_over(dialect: str) -> Lanes:
    """The rows of a process over a database of this kind.

    Reads of SQLite never wait for anything: more operations at once would only share one core.
    """
    return Lanes(_AT_ONCE[dialect])
