from catalog_sync.errors import StoreAwayError


class HubError(Exception):
    """Base of the roof's own errors: a sentence for the one who reads it."""


class ConfigError(HubError):
    """A setting that is wrong, missing or not allowed here; commands end with status 64."""


class SnapshotEndedError(HubError):
    """A read that came after its request had ended: a field whose neighbour failed still wanted to know something."""

    def __init__(self) -> None:
        super().__init__("The request that this read belongs to has been answered.")


class UnavailableError(HubError):
    """What cannot be served now, and nothing of it was taken: the same request is right again later.

    Over HTTP it is a 503 with Retry-After.
    """

    code = "UNAVAILABLE"
    retry_after_seconds = 5


class DatabaseAwayError(UnavailableError, StoreAwayError):
    """A database that does not answer, or takes no writes, now; its cause is in the log."""

    def __init__(self) -> None:
        super().__init__("The hub's database does not answer at the moment. Ask again in a few seconds.")


class OverloadedError(UnavailableError):
    """More is asked than this process can answer in time: whoever would wait too long is told at once."""

    code = "OVERLOADED"
    retry_after_seconds = 1

    def __init__(self) -> None:
        super().__init__("The hub is asked more than it can answer just now. Ask again in a second or two.")
