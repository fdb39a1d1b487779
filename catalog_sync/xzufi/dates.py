"""Dates of a message: ISO 8601 as XML Schema writes it, a little more tolerant (seconds and zone may be missing)."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
"""What a time without a zone means."""

_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?(Z|z|[+-]\d\d:\d\d)?", re.ASCII
)
_RECURRING = re.compile(r"--(\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)?", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MIDNIGHT_AT_ITS_END = 24
_LEAP_YEAR = "2000-"


@lru_cache(maxsize=4096)
def moment(text: str) -> int:
    """A time as microseconds since 1970, UTC; without zone it is Berlin's.

    Raises:
        ValueError: when it is no time that ever was or will be.
    """
    at = _datetime(text)
    try:
        return (at - _EPOCH) // _MICROSECOND
    except OverflowError as error:
        raise ValueError(text) from error


@lru_cache(maxsize=4096)
def day(text: str) -> str:
    """The calendar day as written, whatever time and zone follow.

    Raises:
        ValueError: when the whole is no time.
    """
    _datetime(text)
    return text[:10]


def due_day(text: str) -> str:
    """A day of a deadline (FristStichtag): a date, or month and day of every year (``--04-01``), as written.

    Raises:
        ValueError: when there is no such day.
    """
    found = _RECURRING.fullmatch(text)
    if found is None:
        return day(text)
    date.fromisoformat(_LEAP_YEAR + found[1])
    return "--" + found[1]


def _datetime(text: str) -> datetime:
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError(text)
    on, hour, minute, second, fraction, zone = found.groups()
    whole_day = timedelta()
    if hour and int(hour) == _MIDNIGHT_AT_ITS_END and int(minute) == 0 and int(second or 0) == 0:
        hour, whole_day = "00", timedelta(days=1)  # XML Schema: the instant at which the next day begins
    clock = f"{hour or '00'}:{minute or '00'}:{second or '00'}.{(fraction or '')[:6].ljust(6, '0')}"
    try:
        at = datetime.fromisoformat(f"{on}T{clock}{(zone or '').upper()}") + whole_day
    except OverflowError as error:
        raise ValueError(text) from error
    return at if at.tzinfo else at.replace(tzinfo=BERLIN)
