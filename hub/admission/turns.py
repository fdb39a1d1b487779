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
from time import monotonic

from hub.errors import OverloadedError

MAX_WAIT_SECONDS = 0.25
MAX_WAITING = 2000
_MEAN_OF = 10
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
        clock: seconds, of whatever origin.
    """

    def __init__(
        self,
        at_once: int,
        max_wait: float = MAX_WAIT_SECONDS,
        max_waiting: int = MAX_WAITING,
        seen: Seen = lambda _: None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._clock = clock
        self._free = at_once
        self._max_wait = max_wait
        self._max_waiting = max_waiting
        self._waiting: deque[asyncio.Future[None]] = deque()
        self.seen = seen
        self._pace = 0.0
        self._called_at: float | None = None

    @property
    def is_hopeless(self) -> bool:
        """Whether whoever comes now would wait too long, by how quickly others were called lately."""
        return len(self._waiting) * self._pace > self._max_wait

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
            # Work that never waits would be done before the next request is even looked at: the row would stay empty
            # while the others wait in the loop. So whoever has come is let in first.
            try:
                await asyncio.sleep(0)
            except asyncio.CancelledError:
                self.give_back()
                raise
            self.seen(0.0)
            return
        if self.is_hopeless or len(self._waiting) >= self._max_waiting:
            raise OverloadedError
        loop = asyncio.get_running_loop()
        begun = self._clock()
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
        self.seen(self._clock() - begun)

    def give_back(self) -> None:
        """Let the next one have the place."""
        while self._waiting:
            called = self._waiting.popleft()
            if not called.done():
                called.set_result(None)
                self._learn(self._clock())
                return
        self._free += 1
        self._called_at = None

    def _learn(self, now: float) -> None:
        """Take the time between two calls into the mean of those lately; a long one counts as the longest wait."""
        if self._called_at is not None:
            self._pace += (min(now - self._called_at, self._max_wait) - self._pace) / _MEAN_OF
        self._called_at = now

    def _too_late(self, called: "asyncio.Future[None]") -> None:
        if not called.done():
            self._waiting.remove(called)
            called.set_exception(OverloadedError())


class Lanes:
    """Two rows: for everybody, and for whoever is signed in while everybody's is taken.

    Args:
        at_once: how many are served in each at the same time.
        max_wait: seconds that one may wait.
        clock: seconds, of whatever origin.
    """

    def __init__(
        self,
        at_once: int,
        max_wait: float = MAX_WAIT_SECONDS,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._everybody = Turns(at_once, max_wait, clock=clock)
        self._signed_in = Turns(at_once, max_wait, clock=clock)

    def look(self) -> None:
        """Refuse a stranger before anything is worked out for them.

        Raises:
            OverloadedError: when their turn would come too late.
        """
        if self._everybody.is_hopeless:
            raise OverloadedError

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
