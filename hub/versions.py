"""Which state of the data answers may be given from: read from the database, and believed for a short while.

The lease makes many answers of one read. What was committed in this process ends it at once. Another process may
answer from the state before for as long as the lease, no longer; whoever tells a client that something was taken
waits that long first (`settled`), so that the client meets it in every process.
"""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

LEASE_SECONDS = 0.05
"""Twenty small statements a second and process are nothing; an acknowledgement that waits so long is not felt."""


class Versions:
    """The data version of one process.

    Args:
        read: reads it from the database.
        lease: seconds for which it is believed; 0 reads it for every request.
        clock: seconds that only grow.
    """

    def __init__(
        self, read: Callable[[], Awaitable[str]], lease: float = 0.0, clock: Callable[[], float] = monotonic
    ) -> None:
        self._read = read
        self._lease = lease
        self._clock = clock
        self._version = ""
        self._until = float("-inf")
        self._written = float("-inf")
        self._reading: tuple[float, asyncio.Future[str]] | None = None

    def known(self) -> str | None:
        """The version while it is believed."""
        return self._version if self._clock() < self._until else None

    async def current(self, *, anew: bool = False) -> str:
        """The version, read again where it is not believed any more, or where the client wants it `anew`.

        Raises:
            DatabaseAwayError: where it can't be read.
        """
        if not anew and (known := self.known()) is not None:
            return known
        began = self._clock()
        if not anew and self._reading is not None and began - self._reading[0] < self._lease:
            if (read := await asyncio.shield(self._reading[1])) != "":
                return read
            return await self._read_now(began)
        return await self._read_now(began)

    async def _read_now(self, began: float) -> str:
        own: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._reading = mine = (began, own)
        version = ""
        try:
            version = await self._read()
            if self._reading is mine:  # else something was written meanwhile
                self._version, self._until = version, began + self._lease
        finally:
            if self._reading is mine:
                self._reading = None
            own.set_result(version)
        return version

    def expire(self) -> None:
        """Something was committed in this process: nothing read before is believed any more."""
        self._until = float("-inf")
        self._reading = None
        self._written = self._clock()

    def settled(self) -> float:
        """Seconds until every process has noticed what this one has committed."""
        return max(0.0, self._written + self._lease - self._clock())
