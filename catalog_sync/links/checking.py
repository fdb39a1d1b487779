"""The link checker: collects what entries name, and visits hosts as long as something is due."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial

from catalog_sync.links import book, hosts
from catalog_sync.links.asking import Asker
from catalog_sync.links.book import Due, Store
from catalog_sync.links.collecting import Catalog, Collector, Told, unheard
from catalog_sync.links.judging import MICROSECONDS, Outcome, Seen, judge
from catalog_sync.links.limits import Limits
from catalog_sync.links.outside import Outside
from catalog_sync.links.verdicts import Trouble
from catalog_sync.links.visiting import LostHostError, Means, Visit

_PAGE = 20
_PATIENCE_SECONDS = 45.0
"""How long a round waits for a host that has its pause, or for somebody else's visit."""

_STEP_SECONDS = 1.0
_SHORTEST_SECONDS = 0.1
_MOST_DOUBLINGS = 16
_log = logging.getLogger(__name__)


class LinkChecker:
    """Checks links; several processes may do so at once.

    Args:
        catalog, operations: the databases.
        outside: makes the requests, and refuses those that may not be made.
        clock: seconds since 1970.
        random: that many bytes; names visitors, and parts attempts that would fall together.
        limits: what bounds it.
        sleep: waits so many seconds.
    """

    def __init__(
        self,
        catalog: Catalog,
        operations: Store,
        outside: Outside,
        clock: Callable[[], float],
        random: Callable[[int], bytes],
        *,
        limits: Limits | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._means = Means(operations, outside, clock, sleep, random, limits or Limits())
        self._collector = Collector(catalog, operations, self._means.now)
        self._asked = 0

    async def collect(self, told: Told = unheard) -> bool:
        """Catch up with what live entries name; `told` hears how far it is.

        Returns:
            Whether it did; else another process is at it.
        """
        return await self._collector.collect(told)

    async def has_begun(self) -> bool:
        """Whether links were ever collected here."""
        return await self._collector.has_begun()

    async def again(self, source: int | None = None) -> None:
        """Let all addresses that are not known to be good be due now, or those of one source."""
        await self._means.operations.write(partial(book.ask_again, source=source, now=self._means.now()))

    async def round(self, source: int | None = None, told: Callable[[int], None] | None = None) -> int:
        """Ask all that is due, or what is due of one source; hosts that have a long rest are left for later.

        Args:
            source: its number in the catalogue.
            told: hears now and then how many addresses were asked.

        Returns:
            How many addresses were asked.
        """
        before = self._asked
        visits: set[asyncio.Task[None]] = set()
        try:
            while await self._goes_on(visits, source):
                if told is not None:
                    told(self._asked - before)
                visits = {one for one in visits if not _ended(one)}
        finally:
            for one in visits:
                one.cancel()
            await asyncio.gather(*visits, return_exceptions=True)
        if self._asked > before:
            await self._tidy()
        return self._asked - before

    async def _tidy(self) -> None:
        now = self._means.now()
        robots_before = now - int(2 * self._means.limits.robots_given_up * MICROSECONDS)
        forget = partial(hosts.forget_idle, now=now, robots_before=robots_before)
        await self._means.operations.write(forget)

    async def due(self, source: int | None = None) -> int:
        """How many addresses are due, of all or of one source."""
        return await self._means.operations.read(
            partial(book.number_due, now=self._means.now(), source=source)
        )

    async def _goes_on(self, visits: "set[asyncio.Task[None]]", source: int | None) -> bool:
        """Send visitors out and wait for one to come back, or for a host that can be visited soon."""
        means = self._means
        await self._send_out(visits, source)
        if visits:
            await asyncio.wait(visits, timeout=_STEP_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            return True
        next_at = await means.operations.read(partial(hosts.next_turn, now=means.now(), source=source))
        wait = None if next_at is None else next_at / MICROSECONDS - means.clock()
        if wait is None or wait > _PATIENCE_SECONDS:
            return False
        await means.sleep(max(wait, _SHORTEST_SECONDS))
        return True

    async def _send_out(self, visits: "set[asyncio.Task[None]]", source: int | None) -> None:
        means = self._means
        while len(visits) < means.limits.at_once:
            holder = means.random(8).hex()
            taken = partial(hosts.claim, holder=holder, now=means.now(), limits=means.limits, source=source)
            host = await means.operations.write(taken)
            if host is None:
                return
            visits.add(asyncio.create_task(self._visit(Visit(means, host, holder), source)))

    async def _visit(self, visit: Visit, source: int | None) -> None:
        """Ask a host's addresses one after the other; at the end it is free again, however that came."""
        asker, rest, broken_off = Asker(visit), 0.0, False
        try:
            wish = await self._asked_of(visit, asker, source)
            broken_off = wish is not None
            rest = 0.0 if wish is None else await self._rest(visit, wish)
        except LostHostError:
            return
        finally:
            failures = await self._failures(visit) + 1 if broken_off else 0
            await visit.leave(rest=rest, failures=failures)

    async def _asked_of(self, visit: Visit, asker: Asker, source: int | None) -> float | None:
        """Ask what is due; gives the rest that the host wants or needs, None where all went well."""
        means, troubles = self._means, 0
        while visit.requests < means.limits.visit_requests:
            page = await means.operations.read(
                partial(book.due_links, host=visit.host, now=means.now(), source=source, limit=_PAGE)
            )
            if not page:
                break
            for due in page:
                await visit.hold()
                outcome = await self._attempt(visit, asker, due)
                troubles = troubles + 1 if outcome.trouble else 0
                if outcome.rest is not None:
                    return outcome.rest
                if troubles >= means.limits.troubles:
                    return 0.0
        return None

    async def _attempt(self, visit: Visit, asker: Asker, due: Due) -> Outcome:
        means = self._means
        try:
            async with asyncio.timeout(means.limits.link_seconds):
                outcome = await asker.attempt(due.url)
        except TimeoutError:
            outcome = Outcome(Seen.FAILED, Trouble.TIMEOUT.value, trouble=True)
        except Exception:  # noqa: BLE001 - one address never costs its neighbours
            _log.exception("link %s could not be checked", due.url)
            outcome = Outcome(Seen.LATER)
        await visit.leave_others()
        state = judge(due.state, outcome, means.now(), means.limits, means.chance())
        await means.operations.write(partial(book.write_state, number=due.number, state=state))
        self._asked += 1
        return outcome

    async def _rest(self, visit: Visit, wish: float) -> float:
        """What the host asks for, and at least a rest that doubles with each visit that was broken off."""
        limits = self._means.limits
        own = limits.rest * 2.0 ** min(await self._failures(visit), _MOST_DOUBLINGS)
        spread = 1 + self._means.chance() / 10
        return min(max(wish, own), limits.longest_rest) * spread

    async def _failures(self, visit: Visit) -> int:
        return await self._means.operations.read(partial(hosts.failures_of, host=visit.host))


def _ended(task: "asyncio.Task[None]") -> bool:
    """Whether a visit is over.

    Raises:
        Exception: what ended it, where that was a failure of ours.
    """
    if task.done():
        task.result()
    return task.done()
