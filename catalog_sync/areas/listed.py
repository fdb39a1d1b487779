"""What a list of areas says, before it is compared with others. These shapes are also kept (table area_list)."""

import hashlib
import re
import zlib
from datetime import date, timedelta
from typing import TypeVar

import msgspec

from catalog_sync.catalog.keys import AreaLevel

PART = "Stadt-/Ortsteil bzw. Stadtbezirk"
"""The note by which the official lists tell a city's part from a municipality."""


class ListedArea(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One row of a list.

    Attributes:
        digits: the key as the list has it: 2, 3, 5, 9 or 12 digits of the ARS, or the 8 of an AGS.
        level: what the list says it is.
        part: a city's part (Ortsteil, Stadtbezirk), which is no municipality.
    """

    digits: str
    name: str
    level: AreaLevel
    part: bool = False
    population: int | None = None
    seat_postcode: str | None = None


class AreaList(msgspec.Struct, frozen=True):
    """One list of areas at one date.

    Attributes:
        name: the file's name.
        as_of: the date on which the list holds, as ISO text; the day of import where `dated` is false.
        complete: it names all areas of its scope, so that what it lacks is gone (if it is `dated`).
        added: keys of which it says that they are new.
        gone: keys of which it says that they are no more.
    """

    name: str
    as_of: str
    rows: tuple[ListedArea, ...]
    dated: bool = True
    complete: bool = True
    added: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()


class ListedPostcode(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One row of a list of postcodes; `digits` as in `ListedArea`, `place` the name beside it."""

    postcode: str
    digits: str
    place: str | None = None


class PostcodeList(msgspec.Struct, frozen=True):
    """One list of postcodes; it replaces what earlier ones said about the keys that it names."""

    name: str
    rows: tuple[ListedPostcode, ...]


def packed(content: AreaList | PostcodeList) -> bytes:
    """A list as the table keeps it."""
    return zlib.compress(msgspec.json.encode(content), 6)


_L = TypeVar("_L", AreaList, PostcodeList)


def unpacked(content: bytes, kind: type[_L]) -> _L:
    """A list that `packed` made."""
    return msgspec.json.decode(zlib.decompress(content), type=kind)


def digest_of(content: AreaList | PostcodeList) -> str:
    """What makes two lists the same: what they say and for when, not what their files are called."""
    said: tuple[object, ...] = (type(content).__name__, content.rows)
    if isinstance(content, AreaList):
        said = (*said, content.as_of if content.dated else "", content.complete, content.added, content.gone)
    return hashlib.sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()


_ISO_DAY = re.compile(r"(?<![0-9])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])")


def days_in(text: str) -> list[str]:
    """The calendar days that a text names as YYYY-MM-DD, in its order."""
    return [day for day in _ISO_DAY.findall(text) if _is_day(day)]


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def day_before(day: str) -> str:
    """The day before one, both as ISO text."""
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()
