"""The feed's opaque cursor: up to which position somebody has read, and of which catalogue (`epoch`).

A catalogue that was made anew counts from one again, and a position of the old one would skip changes of the new one
in silence.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NoBase64
from typing import NamedTuple

from catalog_sync.errors import CatalogError

_MAX_DIGITS = 18


class BadCursor(CatalogError):  # noqa: N818 - the wire's word
    """A cursor that is none."""

    code = "BAD_CURSOR"


class CursorGone(CatalogError):  # noqa: N818
    """A cursor of a catalogue that is not there any more."""

    code = "CURSOR_GONE"


class Cursor(NamedTuple):
    """Up to where somebody has read: all positions up to and with `position`, of the catalogue `epoch`."""

    epoch: str
    position: int

    def __str__(self) -> str:
        return urlsafe_b64encode(f"{self.epoch}:{self.position}".encode()).decode().rstrip("=")


START = Cursor("", 0)
"""Before everything, in every catalogue."""


def parse_cursor(text: str) -> Cursor:
    """Read a cursor as an answer gave it.

    Raises:
        BadCursor: when it is none.
    """
    try:
        epoch, colon, position = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition(":")
    except (NoBase64, ValueError):
        colon = ""
    if not colon or not (position.isascii() and position.isdigit()) or len(position) > _MAX_DIGITS:
        raise BadCursor(
            "The cursor is none of this feed: take the one that an answer gave, or none to begin."
        )
    found = Cursor(epoch, int(position))
    if str(found) != text:
        raise BadCursor("The cursor was altered: take the one that an answer gave as it is.")
    return found
