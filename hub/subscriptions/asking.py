"""Who is asking, for as long as a stream lasts: a token is judged again before every page of events."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from hub.graph import FindViewer, nobody
from identity.viewer import Viewer


class Viewers(Protocol):
    """Who is asking; see `identity.viewers`."""

    async def of_token(self, bearer: str) -> Viewer | None:
        """The viewer of a portal's access token."""
        ...

    async def of_cookie(self, cookie: str | None) -> Viewer | None:
        """The viewer of the hub's session cookie."""
        ...


async def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Asker:
    """How to look up who is asking, and whether they may still."""

    find: FindViewer = nobody
    valid: Callable[[], Awaitable[bool]] = _always


class TokenExpiredError(Exception):
    """The token with which a stream was begun is not valid any more."""


async def by_token(viewers: Viewers, bearer: str) -> Asker | None:
    """Who has this token; None where it is not valid."""

    async def find() -> Viewer | None:
        return await viewers.of_token(bearer)

    async def valid() -> bool:
        return await find() is not None

    return Asker(find, valid) if await valid() else None


def by_cookie(viewers: Viewers, cookie: str) -> Asker:
    """Whoever has this session; nobody once it has ended."""

    async def find() -> Viewer | None:
        return await viewers.of_cookie(cookie)

    return Asker(find)
