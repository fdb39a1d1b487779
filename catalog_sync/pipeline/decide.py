"""One batch of items against the entries that they name: every write and delete in the message's order."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from msgspec import Struct
from sqlalchemy import select

from catalog_sync.catalog.held import END_OF_MESSAGE, Entry, Held, Moment
from catalog_sync.catalog.keys import EntryKind
from catalog_sync.catalog.ledger import Ledger
from catalog_sync.catalog.model import (
    Authority,
    CatalogObject,
    OnlineService,
    Responsibility,
)
from catalog_sync.catalog.payload import decode_object, encode_object
from catalog_sync.catalog.projection import Identity, identity_of
from catalog_sync.catalog.tables import holding, swept, version
from catalog_sync.journal import OutcomeKind
from catalog_sync.pipeline.compare import Verdict, bury, delete, newest, write
from catalog_sync.pipeline.items import Drop, Ended, Item, Noted, Place, Put, Same
from catalog_sync.pipeline.standing import Standing

REPLACED = Verdict(OutcomeKind.GONE, "The object that carried this rule came again without it.")
_CARRIERS = {EntryKind.AUTHORITY.number, EntryKind.ONLINE_SERVICE.number}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a batch comes from.

    Attributes:
        received_at: when the run's bytes came, microseconds since 1970, UTC.
        swept: message times of the source's newest snapshot, first and last.
    """

    run: str
    source_id: int
    received_at: int
    swept: tuple[int, int] | None = None


class Decided(Struct, frozen=True, gc=False):
    """How one object of a batch ended; whether it waits is known after linking."""

    entry: Entry
    verdict: Verdict
    place: Place


@dataclass(slots=True)
class Decision:
    """Decides the items of one batch over a ledger."""

    ledger: Ledger
    origin: Origin
    standing: Standing
    decided: dict[int, list[Decided]] = field(default_factory=lambda: defaultdict(list))
    """By the item's number in the batch."""
    _contents: dict[int, CatalogObject] = field(default_factory=dict)
    _carried: dict[int, list[Entry]] = field(default_factory=dict)

    def decide(self, items: Sequence[Item]) -> None:
        """Load what the items name, then take them one by one."""
        self._load(items)
        for number, item in enumerate(items):
            match item:
                case Put():
                    self._put(number, item, item.encoded, item.delivered_hash)
                case Same():
                    if number not in self.standing.rows:
                        self._same(number, item)
                case Drop():
                    entry = self.ledger.entries[item.identity]
                    verdict = delete(entry, (item.place.message_at, item.place.position))
                    self._say(number, entry, verdict, item.place)
                case Ended() | Noted():
                    pass

    def _say(self, number: int, entry: Entry, verdict: Verdict, place: Place) -> None:
        self.decided[number].append(Decided(entry, verdict, place))

    def _load(self, items: Sequence[Item]) -> None:
        written = [item for item in items if isinstance(item, Put | Drop)]
        self._contents = {n: decode_object(i.encoded) for n, i in enumerate(items) if isinstance(i, Put)}
        self.ledger.find(item.identity for item in items if isinstance(item, Ended) and item.identity)
        self.ledger.load(item.identity for item in written)
        standing = self.standing.rows
        numbers = [i.number for n, i in enumerate(items) if isinstance(i, Same) and n not in standing]
        self.ledger.load_numbers(numbers)
        named = [self.ledger.entries[item.identity] for item in written]
        named += [self.ledger.by_id[number] for number in numbers]
        self._carried = self.ledger.carried_by([one for one in named if one.identity[0] in _CARRIERS])
        self._unpack_units(items)
        self.ledger.load(identity for obj in self._contents.values() for identity in _names(obj))
        self.standing.leave(self.ledger.by_id)

    def _unpack_units(self, items: Sequence[Item]) -> None:
        """Units that came again as they were: the rules inside them came again as well."""
        found: dict[int, Held] = {}
        for number, item in enumerate(items):
            if isinstance(item, Same) and self._carried.get(item.number):
                found[number] = self._known(item)
        self.ledger.fetch_contents(found.values())
        self._contents |= {number: held.obj for number, held in found.items() if held.obj is not None}

    def _known(self, item: Same) -> Held:
        entry = self.ledger.by_id[item.number]
        wanted = item.delivered_hash
        known = [held for held in entry.versions if held.delivered_hash == wanted or wanted in held.also]
        # Only winners are recognised. Where the run itself has brought the winner in other bytes, in a batch before
        # this one, these are forgotten, but it still wins.
        found = known[-1] if known else entry.winner
        if found is None:
            raise LookupError(f"{entry.flat} was to be known by its bytes, but is not")
        return found

    def _same(self, number: int, item: Same) -> None:
        held = self._known(item)
        delivered = Held(
            held.id,
            held.content_hash,
            item.delivered_hash,
            held.changed_at,
            (item.place.message_at, item.place.position),
            held.received_at,
            held.source_id,
            self._contents.get(number),
        )
        self._take(number, self.ledger.by_id[item.number], delivered, item.place)

    def _put(self, number: int, item: Put, encoded: bytes, delivered_hash: bytes) -> None:
        delivered = self._held(self._contents[number], encoded, delivered_hash, item.place)
        self._take(number, self.ledger.entries[item.identity], delivered, item.place)

    def _held(self, obj: CatalogObject, encoded: bytes, delivered_hash: bytes, place: Place) -> Held:
        return Held(
            id=self.ledger.next_version(),
            content_hash=hashlib.blake2b(encoded, digest_size=16).digest(),
            delivered_hash=delivered_hash,
            changed_at=obj.version.changed_at,
            moment=(place.message_at, place.position),
            received_at=self.origin.received_at,
            source_id=self.origin.source_id,
            obj=obj,
            encoded=encoded,
            new=True,
        )

    def _take(self, number: int, entry: Entry, delivered: Held, place: Place) -> None:
        before = newest(entry)
        self._say(number, entry, self._written(entry, delivered), place)
        if isinstance(delivered.obj, Authority | OnlineService):
            self._take_rules(number, entry, delivered.obj.responsibilities, (before, place))

    def _written(self, entry: Entry, delivered: Held) -> Verdict:
        """Write; what the source's newest snapshot swept unseen, for the hub did not hold it then, is swept now."""
        if self.origin.swept is not None:
            first, last = self.origin.swept
            seen = newest(entry)
            if seen is None or (not entry.live and (seen[0] < first or not self._in_newest_snapshot(entry))):
                bury(entry, (last, END_OF_MESSAGE))
        return write(entry, delivered)

    def _in_newest_snapshot(self, entry: Entry) -> bool:
        """Whether it held an object that has come between its first message and its last, and was deleted."""
        newest_run = (
            select(swept.c.run)
            .where(swept.c.source_id == self.origin.source_id)
            .order_by(swept.c.last_at.desc(), swept.c.run)
            .limit(1)
        )
        held = select(holding.c.version_id).join(version, version.c.id == holding.c.version_id)
        held = held.where(version.c.entry_id == entry.id, holding.c.run == newest_run.scalar_subquery())
        return self.ledger.connection.execute(held.limit(1)).first() is not None

    def _take_rules(
        self, number: int, unit: Entry, rules: Iterable[Responsibility], came: tuple[Moment | None, Place]
    ) -> None:
        """A unit replaces the rules that it carried before, as of its message."""
        before, place = came
        moment = (place.message_at, place.position)
        named: set[Identity] = set()
        for rule in rules:
            entry = self.ledger.entries[identity_of(EntryKind.RESPONSIBILITY, rule.agency, rule.value)]
            named.add(entry.identity)
            self._carry(unit, entry, before, moment)
            encoded = encode_object(rule)
            delivered = self._held(rule, encoded, b"", place)
            delivered.delivered_hash = delivered.content_hash
            self._say(number, entry, self._written(entry, delivered), place)
        for entry in self._carried.get(unit.id, ()):
            left_out = entry.carrier_id == unit.id and entry.identity not in named
            if left_out and delete(entry, moment, said=False).outcome is OutcomeKind.GONE:
                self._say(number, entry, REPLACED, place)

    def _carry(self, unit: Entry, rule: Entry, before: Moment | None, moment: Moment) -> None:
        """Remember whose rule it is. What the unit said before, or says later, without it counts as its delete."""
        if rule.carrier_id == unit.id:
            return
        seen = newest(rule)
        moved = rule.carrier_id is not None
        if before is not None and before != moment and (not moved or (seen is not None and before < seen)):
            bury(rule, before)
        if not moved or seen is None or moment >= seen:
            rule.carrier_id = unit.id
            self._carried.setdefault(unit.id, []).append(rule)


def _names(obj: CatalogObject) -> list[Identity]:
    """What an object holds; what its winner refers to is loaded when it is linked."""
    if isinstance(obj, Authority | OnlineService):
        return [
            identity_of(EntryKind.RESPONSIBILITY, rule.agency, rule.value) for rule in obj.responsibilities
        ]
    return []
