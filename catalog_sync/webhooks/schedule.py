"""When a message that failed is tried again."""

from collections.abc import Callable

MAX_ATTEMPTS = 12
"""Attempts before a message is a dead letter: some 28 to 56 hours, so that most outages are survived."""

_FIRST_SECONDS = 5.0
_FACTOR = 4.0
_LONGEST_SECONDS = 12 * 3600.0


def delay(attempts: int, random: Callable[[int], bytes]) -> float:
    """Seconds until the next attempt after so many failed ones: four times as long each time, and spread.

    Half of it is chance: receivers that failed together are not all called again together.
    """
    longest = min(_LONGEST_SECONDS, _FIRST_SECONDS * _FACTOR ** (attempts - 1))
    chance = int.from_bytes(random(4)) / 2**32
    return longest * (0.5 + chance / 2)
