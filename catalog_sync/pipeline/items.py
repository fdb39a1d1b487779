"""What the reading of a delivery hands to its writing: one small record an object, spooled in the message's order."""

from msgspec import Struct

from catalog_sync.catalog.projection import Identity
from catalog_sync.journal import Outcome, RunNotice


class Place(Struct, frozen=True, array_like=True):
    """Where an object stood: number of the file in the delivery, time of its message, position in it, line."""

    file: int
    message_at: int
    position: int
    line: int


class Put(Struct, frozen=True, array_like=True, tag="put"):
    """A write whose content must be compared."""

    identity: Identity
    place: Place
    delivered_hash: bytes
    encoded: bytes
    """The checked object as JSON."""
    weight: int = 1
    """The object and the rules inside it."""


class Same(Struct, frozen=True, array_like=True, tag="same"):
    """A write whose bytes the hub holds already; it was not even read.

    Attributes:
        number: of the entry that these bytes brought before.
    """

    number: int
    place: Place
    delivered_hash: bytes


class Drop(Struct, frozen=True, array_like=True, tag="drop"):
    """A delete."""

    identity: Identity
    place: Place


class Ended(Struct, frozen=True, array_like=True, tag="ended"):
    """An object whose outcome is known already: it was rejected."""

    outcome: Outcome
    identity: Identity | None = None


class Noted(Struct, frozen=True, array_like=True, tag="noted"):
    """A notice."""

    notice: RunNotice


Item = Put | Same | Drop | Ended | Noted
