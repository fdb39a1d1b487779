"""What the reader hands on: one value per object of a message, in the message's order."""

from collections.abc import Callable
from dataclasses import dataclass, field

from catalog_sync.catalog.keys import EntryKind
from catalog_sync.catalog.model import CatalogObject

READER_VERSION = b"2"
"""Part of every hash: raise it when the reader understands more, and unchanged objects are read again."""

NEVER_KNOWN = bytes(16)
"""Stands for the hash of an object that must be read again whenever it comes."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that could not be read and was left out, while the object was kept."""

    line: int
    sentence: str


@dataclass(frozen=True, slots=True)
class MessageHead:
    """The head of a message (nachrichtenkopf)."""

    uuid: str | None
    created_at: int | None
    """erstelltDatumZeit in microseconds since 1970, UTC; None where it is missing or unreadable."""
    version: str
    """xzufiVersion of the root, or what its namespace names: ``2.1``, ``2.2`` or ``2.3.1``."""
    sender: str | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """An object that cannot be taken, and what would mend it."""

    position: int
    line: int
    kind: EntryKind | None
    agency: str | None
    value: str | None
    rule: str
    """A stable word, such as ``missing-id`` or ``bad-leika-key``."""
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Deletion:
    """A `loesche`."""

    position: int
    line: int
    kind: EntryKind
    agency: str
    value: str


@dataclass(frozen=True, slots=True)
class Converted:
    """A delivered element as an object of the model, with what was left out."""

    obj: CatalogObject
    notices: tuple[Notice, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    """Rules inside a unit that cannot be taken; the unit itself is kept."""


@dataclass(frozen=True, slots=True)
class Writing:
    """A `schreibe`. Its element is alive only until the next value is asked for: convert it before, or not at all."""

    position: int
    line: int
    kind: EntryKind
    agency: str
    value: str
    delivered_hash: bytes
    """16 bytes over the `schreibe` as it came: equal bytes need no reading. `NEVER_KNOWN` where it holds more than
    this object, or its bytes are not certain."""
    convert: Callable[[], "Converted | Rejected"] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Recognised:
    """A `schreibe` whose bytes are known: it brings the object of this number as it came before."""

    position: int
    line: int
    delivered_hash: bytes
    number: int


Delivered = Writing | Recognised | Deletion | Rejected | Notice
