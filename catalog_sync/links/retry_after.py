"""How long a server asks to be left alone: Retry-After, in seconds or as a date (RFC 9110, section 10.2.3)."""

from datetime import UTC
from email.utils import parsedate_to_datetime

_MOST_DIGITS = 9


def seconds_of(value: str | None, now: float) -> float | None:
    """Seconds from `now` (since 1970) on; None where nothing was said that can be read."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:_MOST_DIGITS])
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError):
        return None
    if found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    return max(0.0, found.timestamp() - now)
