"""What the link checker says of an address, and what was answered there."""

from enum import Enum

from msgspec import Struct


class Verdict(Enum):
    """What is known of an address; the value is the word in tables and reports."""

    GOOD = "good"
    MOVED = "moved"
    """It redirects for good (301, 308): another address should be named."""
    FAILING = "failing"
    """It did not answer well, but not often enough to be called dead."""
    DEAD = "dead"
    """It did not answer well for days."""
    GONE = "gone"
    """Its server says that it is not there (404, 410), and said so again."""
    BLOCKED = "blocked"
    """Its site does not let the hub look (robots.txt, 401, 403, 407): nothing can be said."""
    REFUSED = "refused"
    """The hub does not call it: an address of a private network, or one that is no address of the web."""


BROKEN = (Verdict.DEAD, Verdict.GONE)
IN_TROUBLE = (Verdict.FAILING, *BROKEN)


class Trouble(Enum):
    """Why there is no HTTP status; the value is the word in tables and reports."""

    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    CUT_OFF = "cut-off"
    """The connection broke, or what came was no HTTP."""
    REDIRECTS = "redirects"
    """More of them in a row than are followed, or one that names no address."""
    ROBOTS = "robots"
    PRIVATE = "private"
    """The name leads into a private network."""
    MALFORMED = "malformed"
    """No address of the web, or one with a user's name and password."""


class LinkReport(Struct, frozen=True):
    """An address of an entry, as it was found. Times are microseconds since 1970, UTC.

    Attributes:
        url: without its fragment.
        place: where the entry names it: a text module's code, or ``links``, ``contacts`` and the like.
        answer: an HTTP status, or the value of a `Trouble`.
        since: since when it is so; of one in trouble since its first failure.
        target: of one that moved: where to.
    """

    url: str
    place: str
    verdict: Verdict
    answer: str
    since: int
    checked_at: int
    target: str | None = None
