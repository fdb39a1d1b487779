"""What is left of what a client may ask."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class RateLimit:
    """Points, and when the client will have all of them again if it asks nothing more."""

    cost: int
    limit: int
    remaining: int
    reset_at: datetime


def rate_limit(root: None, info: Any) -> RateLimit | None:
    """How whoever asks stands; marks the answer as one for them only."""
    info.context.viewer_was_read = True
    standing: RateLimit | None = info.context.standing
    return standing
