"""How much the link checker asks of others, and of this machine. Periods are seconds."""

from dataclasses import dataclass

_HOUR = 3600.0
_DAY = 24 * _HOUR


@dataclass(frozen=True, slots=True)
class Limits:
    """All that bounds it.

    Attributes:
        at_once: hosts that are asked at the same time, by all processes together.
        pause: between two requests to one host; a robots.txt may ask for up to `longest_pause`.
        period: after which an address is asked again; those that fail `retry` after a failure that was counted.
        confirm: after which one that was not there (404, 410) is asked again.
        failures: counted failures, `retry` or more apart, after which an address is dead.
        redirects: followed in a row.
        link_seconds: for one address with all its redirects, HEAD and GET.
        body_bytes: read of an answer to GET.
        robots_bytes: of a robots.txt; RFC 9309 asks for 500 KiB at least.
        robots_period: for which a robots.txt is kept; `robots_retry` where it can't be read, and after
            `robots_given_up` of that the site counts as one without.
        rest: of a host that asks for one (429, 503) or fails: doubled each time, `longest_rest` at most.
        troubles: failures in a row at one host after which it has its rest.
        postponed: for which an address waits whose site could not be asked now.
        visit_requests: made in one visit of a host, so that others have their turn.
        lease: after which a host is free again whose visitor is gone.
        wait: for another visitor at the host that a redirect leads to.
    """

    at_once: int = 8
    pause: float = 1.0
    longest_pause: float = 30.0
    period: float = 7 * _DAY
    retry: float = _DAY
    confirm: float = _HOUR
    failures: int = 3
    redirects: int = 5
    link_seconds: float = 240.0
    body_bytes: int = 16 * 1024
    robots_bytes: int = 500 * 1024
    robots_period: float = _DAY
    robots_retry: float = _HOUR
    robots_given_up: float = 30 * _DAY
    rest: float = 60.0
    longest_rest: float = _DAY
    troubles: int = 3
    postponed: float = _HOUR
    visit_requests: int = 100
    lease: float = 300.0
    wait: float = 10.0
