"""One attempt at one address: its site's permission, HEAD, GET where HEAD is not taken, and redirects hop by hop."""

import asyncio
from http import HTTPStatus

from catalog_sync.links.addresses import Address, address_of, joined
from catalog_sync.links.judging import Outcome, Seen
from catalog_sync.links.outside import Reply, UnansweredError
from catalog_sync.links.permission import BUSY, MOVED, NotNowError, permission
from catalog_sync.links.retry_after import seconds_of
from catalog_sync.links.robots import Robots
from catalog_sync.links.verdicts import Trouble
from catalog_sync.links.visiting import HostBusyError, Visit

_PERMANENT = frozenset({301, 308})
_MISSING = frozenset({404, 410})
_BLOCKED = frozenset({401, 403, 407})
_REFUSED = (Trouble.PRIVATE, Trouble.MALFORMED)
_NOBODY_THERE = (Trouble.DNS, Trouble.CONNECT, Trouble.TLS)
"""Troubles of a whole server: its other addresses need not be tried now."""


_MANY_RULES = 200
"""More of them are compared in a thread: tens of thousands fit in a robots.txt."""


async def _allowed(rules: Robots, address: Address) -> bool:
    if len(rules.rules) <= _MANY_RULES:
        return rules.allows(address.path)
    return await asyncio.to_thread(rules.allows, address.path)


class Asker:
    """Asks addresses within one visit.

    Attributes:
        down: servers (scheme, host, port) that were not there, with what is said of all their addresses.
    """

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self.down: dict[str, Outcome] = {}
        self._at: Address | None = None

    async def attempt(self, url: str) -> Outcome:
        """Ask one address; gives what that brought, never an error."""
        address = address_of(url)
        if address is not None and (known := self.down.get(address.origin)) is not None:
            return known
        try:
            return await self._followed(url)
        except UnansweredError as error:
            outcome = self._unanswered(error)
            if address is not None and error.trouble in _NOBODY_THERE and self._at == address:
                self.down[address.origin] = outcome
            return outcome
        except HostBusyError:
            return Outcome(Seen.LATER)
        except NotNowError as error:
            own = error.host == self._visit.host
            return Outcome(Seen.LATER, rest=(error.rest or 0.0) if own else None)

    async def _followed(self, url: str) -> Outcome:
        """Ask, and follow redirects; `_at` says where it is."""
        permanent, target = True, None
        for _ in range(self._visit.means.limits.redirects + 1):
            address = address_of(url)
            if address is None:
                return Outcome(Seen.REFUSED, Trouble.MALFORMED.value)
            self._at = address
            rules = await permission(self._visit, address)
            if not await _allowed(rules, address):
                return Outcome(Seen.BLOCKED, Trouble.ROBOTS.value)
            reply = await self._reply(address)
            if reply.status not in MOVED:
                return self._told(reply, address, target)
            location = joined(address, reply.headers.get("location", ""))
            if location is None or "location" not in reply.headers:
                break
            url = location
            permanent = permanent and reply.status in _PERMANENT
            target = url if permanent else target
        return Outcome(Seen.FAILED, Trouble.REDIRECTS.value)

    async def _reply(self, address: Address) -> Reply:
        """The answer to HEAD; to GET where a server does not take that, or takes it for something else."""
        try:
            reply = await self._visit.ask("HEAD", address, 0)
        except UnansweredError as error:
            if error.trouble is not Trouble.CUT_OFF:
                raise
        else:
            if reply.status < HTTPStatus.BAD_REQUEST or reply.status in BUSY:
                return reply
        return await self._visit.ask("GET", address, self._visit.means.limits.body_bytes)

    def _told(self, reply: Reply, address: Address, target: str | None) -> Outcome:
        answer = str(reply.status)
        own = address.host == self._visit.host
        if reply.status in BUSY:
            wait = seconds_of(reply.headers.get("retry-after"), self._visit.means.clock()) or 0.0
            seen = Seen.LATER if reply.status == HTTPStatus.TOO_MANY_REQUESTS else Seen.FAILED
            return Outcome(seen, answer, rest=wait if own else None)
        if reply.status in _MISSING:
            return Outcome(Seen.MISSING, answer)
        if reply.status in _BLOCKED:
            return Outcome(Seen.BLOCKED, answer)
        if reply.status >= HTTPStatus.BAD_REQUEST:
            return Outcome(
                Seen.FAILED, answer, trouble=own and reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR
            )
        return Outcome(Seen.THERE if target is None else Seen.ELSEWHERE, answer, target)

    def _unanswered(self, error: UnansweredError) -> Outcome:
        if error.trouble in _REFUSED:
            return Outcome(Seen.REFUSED, error.trouble.value)
        own = self._at is not None and self._at.host == self._visit.host
        return Outcome(Seen.FAILED, error.trouble.value, trouble=own and error.trouble not in _NOBODY_THERE)
