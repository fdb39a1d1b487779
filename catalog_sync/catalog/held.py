"""What a batch knows of an object while it is decided: its identity and all versions that were delivered for it."""

from msgspec import Struct, field

from catalog_sync.catalog.content import Content
from catalog_sync.catalog.keys import EntryKind
from catalog_sync.catalog.model import CatalogObject
from catalog_sync.catalog.projection import Identity, Projection

_UNMARKED = bytes(8)

Moment = tuple[int, int]
"""A message's time (microseconds since 1970, UTC) and a position in it: what a delete is compared by."""

END_OF_MESSAGE = 2**31 - 1
"""The position of a snapshot's sweep: after all that the message itself says."""


Carrying = tuple[int, Moment | None]
"""A unit that carried a rule, and the newest message in which it left the rule out."""


class Held(Struct, gc=False):
    """One content of one object, with the newest message that held it."""

    id: int
    content_hash: bytes
    delivered_hash: bytes
    changed_at: int | None
    moment: Moment
    received_at: int
    source_id: int
    content: Content | None = None
    """Only where it was delivered in this batch."""
    obj: CatalogObject | None = None
    """Only where it was fetched in this batch."""
    new: bool = False
    raised: bool = False
    came: list[Moment] = field(default_factory=list)
    """Where this batch held it."""
    also: list[bytes] = field(default_factory=list)
    """Hashes of its bytes that others took the place of in this batch."""

    @property
    def unit(self) -> int | None:
        """Number of the unit inside which it came; None of what came as an object of its own."""
        marked = self.delivered_hash.startswith(_UNMARKED)
        return int.from_bytes(self.delivered_hash) or None if marked else None

    @property
    def rank(self) -> tuple[int, int, int, int]:
        """The greater wins: geaendertDatumZeit (else the message's time), message time, position, arrival."""
        time, position = self.moment
        return (time if self.changed_at is None else self.changed_at, time, position, self.id)


class Entry(Struct, gc=False):
    """One object: a row of `entry`, with its versions."""

    id: int
    identity: Identity
    new: bool = False
    live: bool = False
    waiting: bool = False
    deleted: Moment | None = None
    version_id: int | None = None
    carrier_id: int | None = None
    carriers: dict[int, Moment | None] = field(default_factory=dict)
    """A rule's, see `Carrying`."""
    versions: list[Held] = field(default_factory=list)
    dropped: list[Moment] = field(default_factory=list)
    """Where this batch deleted it."""
    before: tuple[object, ...] = ()
    """The columns as the database holds them."""
    carryings_before: frozenset["Carrying"] = frozenset()
    was_live: bool = False
    was_version: int | None = None
    projection: Projection | None = None
    """Of the winner, where the winner changed in this batch."""

    @property
    def kind(self) -> EntryKind:
        """What it is."""
        return EntryKind.numbered(self.identity[0])

    @property
    def flat(self) -> str:
        """Its flat identifier, for sentences."""
        _, agency, value = self.identity
        return f"{agency}.{self.kind.value}.{value}"

    @property
    def columns(self) -> tuple[object, ...]:
        """What is compared to see whether its row must be written."""
        return (self.live, self.waiting, self.deleted, self.version_id, self.carrier_id)

    @property
    def winner(self) -> Held | None:
        """The version that answers are made of."""
        wanted = self.version_id
        if wanted is not None:
            for held in self.versions:
                if held.id == wanted:
                    return held
        return None

    @property
    def carryings(self) -> frozenset["Carrying"]:
        """What is to be known of its units beside `carrier_id`, which is a unit that never left it out."""
        if not self.carriers:
            return frozenset()
        known = {self.carrier_id: None}
        return frozenset(one for one in self.carriers.items() if one not in known.items())

    def counts(self, held: Held) -> bool:
        """Whether a version can win: it is newer than the delete, and its unit has not left it out since."""
        if self.deleted is not None and held.moment <= self.deleted:
            return False
        unit = held.unit if self.carriers else None
        withdrawn = None if unit is None else self.carriers.get(unit)
        return withdrawn is None or held.moment > withdrawn

    @property
    def changed(self) -> bool:
        """Whether another version wins than before the batch."""
        return self.version_id != self.was_version

    def remember(self) -> None:
        """Take the present values as those of the database."""
        self.before, self.was_live, self.was_version = self.columns, self.live, self.version_id
        if self.carriers:
            self.carryings_before = self.carryings


def mark_of(unit: int) -> bytes:
    """Stands for the bytes of a rule that came inside the unit of this number: it has none of its own."""
    return unit.to_bytes(16)
