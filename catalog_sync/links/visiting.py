"""One visitor at one host: every request waits for its turn there, also at the hosts that redirects lead to."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from catalog_sync.links import hosts
from catalog_sync.links.addresses import Address
from catalog_sync.links.book import Store
from catalog_sync.links.judging import MICROSECONDS
from catalog_sync.links.limits import Limits
from catalog_sync.links.outside import Outside, Reply
from catalog_sync.links.robots import Robots

_ASK_AGAIN_SECONDS = 0.5


class HostBusyError(Exception):
    """A redirect leads to a host at which somebody else is, or which has its rest."""


class LostHostError(Exception):
    """Another visitor took the host, for this one was not heard of."""


@dataclass(frozen=True, slots=True)
class Means:
    """What visitors are handed.

    Attributes:
        operations: where addresses and hosts are kept.
        outside: makes the requests.
        clock: seconds since 1970.
        sleep: waits so many seconds.
        random: that many bytes.
        limits: what bounds them.
    """

    operations: Store
    outside: Outside
    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[object]]
    random: Callable[[int], bytes]
    limits: Limits

    def now(self) -> int:
        """Microseconds since 1970, UTC."""
        return int(self.clock() * MICROSECONDS)

    def chance(self) -> float:
        """A number from 0 to 1."""
        return int.from_bytes(self.random(4)) / 2**32


@dataclass(slots=True)
class Visit:
    """A visitor, and the hosts that it holds: its own, and those of redirects until it leaves them.

    Attributes:
        means: what it is handed.
        host: its own.
        holder: its name, unlike any other's.
        pauses: what each host's robots.txt asks for.
        free_at: when each host that is held may be asked next, seconds since 1970.
        requests: made so far.
        rules: of each site whose robots.txt was read in this visit.
    """

    means: Means
    host: str
    holder: str
    pauses: dict[str, float] = field(default_factory=dict)
    free_at: dict[str, float] = field(default_factory=dict)
    requests: int = 0
    rules: dict[str, Robots] = field(default_factory=dict)

    async def ask(self, method: str, address: Address, most_bytes: int) -> Reply:
        """Make one request, after the pause that its host is owed.

        Raises:
            HostBusyError: where the host of a redirect is not to be had now.
            UnansweredError: as `Outside.ask`.
        """
        host = address.host
        await self._enter(host)
        if (wait := self.free_at.get(host, 0.0) - self.means.clock()) > 0:
            await self.means.sleep(wait)
        self.requests += 1
        try:
            return await self.means.outside.ask(method, address.url, most_bytes=most_bytes)
        finally:
            self.free_at[host] = self.means.clock() + self._pause(host)

    def slow_down(self, host: str, seconds: float | None) -> None:
        """Pause as long as a robots.txt asks for, within bounds."""
        limits = self.means.limits
        self.pauses[host] = min(max(limits.pause, seconds or 0.0), max(limits.longest_pause, limits.pause))

    async def hold(self) -> None:
        """Say that it is still there.

        Raises:
            LostHostError: where the host is another's.
        """
        held = partial(
            hosts.still_held,
            host=self.host,
            holder=self.holder,
            now=self.means.now(),
            limits=self.means.limits,
        )
        if not await self.means.operations.write(held):
            raise LostHostError(self.host)

    async def leave_others(self) -> None:
        """Give back the hosts that redirects led to."""
        for host in [host for host in self.free_at if host != self.host]:
            await self._leave(host, self.free_at.pop(host), None)

    async def leave(self, *, rest: float = 0.0, failures: int | None = None) -> None:
        """Give back all hosts; its own may not be asked for so many seconds, its pause at least."""
        await self.leave_others()
        until = max(self.free_at.get(self.host, 0.0), self.means.clock() + rest)
        await self._leave(self.host, until, failures)

    async def _enter(self, host: str) -> None:
        if host == self.host or host in self.free_at:
            return
        means = self.means
        until = means.clock() + means.limits.wait
        while True:
            taken = partial(hosts.enter, host=host, holder=self.holder, now=means.now(), limits=means.limits)
            if await means.operations.write(taken):
                self.free_at[host] = 0.0
                return
            if means.clock() >= until:
                raise HostBusyError(host)
            await means.sleep(_ASK_AGAIN_SECONDS)

    async def _leave(self, host: str, until: float, failures: int | None) -> None:
        left = partial(
            hosts.leave,
            host=host,
            holder=self.holder,
            rest_until=int(until * MICROSECONDS),
            failures=failures,
        )
        await self.means.operations.write(left)

    def _pause(self, host: str) -> float:
        return self.pauses.get(host, self.means.limits.pause)
