"""What the reading of a delivery hands to its writing: one small record an object, spooled in the message's order."""

from msgspec import Struct

from catalog_sync.catalog.content import Content, content_of
from catalog_sync.catalog.keys import EntryKind
from catalog_sync.catalog.model import Authority, CatalogObject, OnlineService
from catalog_sync.catalog.projection import Identity, identity_of
from catalog_sync.outcomes import Outcome, RunNotice


class Place(Struct, frozen=True, array_like=True, gc=False):
    """Where an object stood: number of the file in the delivery, time of its message, position in it, line."""

    file: int
    message_at: int
    position: int
    line: int


class Inside(Struct, frozen=True, array_like=True, gc=False):
    """What came inside a unit.

    Attributes:
        rules: each is an object of its own.
        withheld: rules that were rejected.
    """

    rules: tuple[tuple[Identity, Content], ...] = ()
    withheld: tuple[Identity, ...] = ()

    @property
    def named(self) -> list[Identity]:
        """All that it names."""
        return [*(identity for identity, _ in self.rules), *self.withheld]


class Put(Struct, frozen=True, array_like=True, tag="put", gc=False):
    """A write whose content must be compared; what is written of it is ready.

    Attributes:
        inside: of units only.
    """

    identity: Identity
    place: Place
    delivered_hash: bytes
    content: Content
    inside: Inside | None = None

    @property
    def weight(self) -> int:
        """How many objects it brings."""
        return 1 if self.inside is None else 1 + len(self.inside.rules)


class Same(Struct, frozen=True, array_like=True, tag="same", gc=False):
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


def inside_of(obj: CatalogObject) -> Inside | None:
    """What is inside a unit; None of other objects."""
    if not isinstance(obj, Authority | OnlineService):
        return None
    return Inside(
        tuple((_rule(one.agency, one.value), content_of(one, ())) for one in obj.responsibilities),
        tuple(_rule(agency, value) for agency, value in obj.withheld),
    )


def _rule(agency: str, value: str) -> Identity:
    return identity_of(EntryKind.RESPONSIBILITY, agency, value)
