"""How much each client may ask: points a minute, as a bucket that fills up again steadily.

What is kept of a client is one moment: when its bucket will be full again (the generic cell rate algorithm). Headers
follow draft-ietf-httpapi-ratelimit-headers: ``RateLimit-Policy`` and ``RateLimit``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Protocol

from hub.admission.shared import Moments, of_process
from hub.execution.requests import RefusedRequest

WINDOW_SECONDS = 60
POINTS = 600_000
"""A minute and client: about 1,200 pages of 20 services."""
_ROUNDING = 1e-6
_Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a client stands after a request.

    Attributes:
        cost: points of this request.
        limit: points of a full bucket, and of a minute.
        remaining: points that are left.
        reset_at: when the bucket is full again if nothing more is asked, in seconds since 1970.
        now: the same for this moment.
    """

    cost: int
    limit: int
    remaining: int
    reset_at: float
    now: float

    def headers(self) -> _Headers:
        """What every answer says of it."""
        seconds = ceil(self.reset_at - self.now)
        return [
            (b"ratelimit-policy", b'"points";q=%d;w=%d' % (self.limit, WINDOW_SECONDS)),
            (b"ratelimit", b'"points";r=%d;t=%d' % (self.remaining, seconds)),
        ]


class Rates(Protocol):
    """Judges requests by what they cost."""

    def charge(self, client: str, cost: int) -> Standing | None:
        """Take the points of a request; None where nothing is limited.

        Raises:
            RefusedRequest: 429 with Retry-After, and nothing is taken.
        """
        ...


class Unlimited:
    """For hubs that limit nobody."""

    def charge(self, client: str, cost: int) -> None:
        """Let it pass."""


class Limited:
    """So many points a minute for each client.

    Args:
        points: a minute; as many may be asked at once.
        clock: seconds since 1970.
        moments: what is kept of clients.
    """

    def __init__(self, points: int, clock: Callable[[], float], moments: Moments) -> None:
        self._points = points
        self._clock = clock
        self._moments = moments
        self._seconds_a_point = WINDOW_SECONDS / points

    def charge(self, client: str, cost: int) -> Standing:
        """Take the points of a request.

        Raises:
            RefusedRequest: 429 with Retry-After, and nothing is taken.
        """
        now = self._clock()
        full_at = now
        late = 0.0

        def taken(before: float) -> float:
            nonlocal full_at, late
            # A clock that was set back must not lock anybody out: no bucket takes longer than a window to fill.
            full_at = min(max(before, now), now + WINDOW_SECONDS) + cost * self._seconds_a_point
            late = full_at - now - WINDOW_SECONDS
            if late > _ROUNDING:
                full_at -= cost * self._seconds_a_point
            return full_at

        self._moments.change(client, taken)
        remaining = max(0, int((WINDOW_SECONDS - (full_at - now)) / self._seconds_a_point + _ROUNDING))
        standing = Standing(cost, self._points, remaining, full_at, now)
        if late > _ROUNDING:
            raise self._refusal(standing, max(1, ceil(late)))
        return standing

    def _refusal(self, standing: Standing, seconds: int) -> RefusedRequest:
        headers = {name.decode(): value.decode() for name, value in standing.headers()}
        asked = f"The request costs {standing.cost} points and {standing.remaining} are left"
        sentence = f"{asked}: {standing.limit} points a minute are yours. Ask again in {seconds} seconds."
        return RefusedRequest(429, "RATE_LIMITED", sentence, {**headers, "Retry-After": str(seconds)})


def rates_of(points: int | None, clock: Callable[[], float], moments: Moments | None) -> Rates:
    """The limits of a hub: of all processes that share a table, or of this one alone."""
    if points is None:
        return Unlimited()
    return Limited(points, clock, moments or of_process())
