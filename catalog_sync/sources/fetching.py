"""How the fetching of sources goes: when each is due, how often in a row it failed, and why."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, delete, select

from catalog_sync.operations import pull

BREAKER = 3
"""Failures in a row after which a source is tried only once a period."""


@dataclass(frozen=True, slots=True)
class Fetching:
    """A source's fetching; times are microseconds since 1970, UTC.

    Attributes:
        failures: in a row; none once it has answered.
        reason: what the last of them said.
    """

    due_at: int
    failures: int
    reason: str | None

    @property
    def breaker(self) -> Literal["closed", "retrying", "open"]:
        """Open from the third failure on: then it is tried once a period."""
        if self.failures >= BREAKER:
            return "open"
        return "retrying" if self.failures else "closed"


def fetchings(connection: Connection) -> dict[str, Fetching]:
    """The fetching of each source that was tried before, by its key."""
    return {
        row.source: Fetching(row.due_at, row.failures, row.reason) for row in connection.execute(select(pull))
    }


def fetch_anew(connection: Connection, source: str) -> None:
    """Let a source be due at once, with nothing held against it."""
    connection.execute(delete(pull).where(pull.c.source == source))
