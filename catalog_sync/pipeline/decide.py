"""One batch of items against the entries that they name: every write and delete in the message's order."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from catalog_sync.catalog.content import Content
from catalog_sync.catalog.held import Entry, Held, Moment, mark_of
from catalog_sync.catalog.keys import EntryKind, is_agency, is_entry_value
from catalog_sync.catalog.ledger import Ledger
from catalog_sync.catalog.projection import Identity
from catalog_sync.journal import OutcomeKind
from catalog_sync.pipeline.absent import absent_from
from catalog_sync.pipeline.compare import Verdict, bury, delete, newest, withdraw, write
from catalog_sync.pipeline.items import Drop, Ended, Inside, Item, Noted, Place, Put, Same, inside_of
from catalog_sync.pipeline.standing import Standing

REPLACED = "The object that carried this rule came again without it."
_CARRIERS = {EntryKind.AUTHORITY.number, EntryKind.ONLINE_SERVICE.number}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a batch comes from.

    Attributes:
        received_at: when the run's bytes came, microseconds since 1970, UTC.
        snapshot: whether the run holds all that the source has.
        swept: whether a snapshot of the source has come before.
    """

    run: str
    source_id: int
    received_at: int
    snapshot: bool = False
    swept: bool = False


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
    held: list[Entry] = field(default_factory=list)
    """What the batch writes, whether it wins or not."""
    spared: list[Entry] = field(default_factory=list)
    """What it names though it could not be taken."""
    _inside: dict[int, Inside] = field(default_factory=dict)
    """What the batch's units hold, by the item's number."""
    _carried: dict[int, list[Entry]] = field(default_factory=dict)

    def decide(self, items: Sequence[Item]) -> None:
        """Load what the items name, then take them one by one."""
        self._load(items)
        for number, item in enumerate(items):
            match item:
                case Put():
                    self._put(number, item)
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
        self._inside = {n: i.inside for n, i in enumerate(items) if isinstance(i, Put) and i.inside}
        self._spare([item.identity for item in items if isinstance(item, Ended) and item.identity])
        self.ledger.load(item.identity for item in written)
        standing = self.standing.rows
        numbers = {i.number for n, i in enumerate(items) if isinstance(i, Same) and n not in standing}
        self.ledger.load_numbers(numbers)
        named = [self.ledger.entries[item.identity] for item in written]
        named += [self.ledger.by_id[number] for number in sorted(numbers)]
        self._load_inside(items, named)
        while left := self.standing.leave(self.ledger.by_id):
            self.ledger.load_numbers(left)
            more = [self.ledger.by_id[number] for number in sorted(left)]
            self._load_inside(items, more)
            named += more
        inside = [identity for unit in self._inside.values() for identity in unit.named]
        self._sweep([*named, *(self.ledger.entries[identity] for identity in inside)])

    def _load_inside(self, items: Sequence[Item], named: Iterable[Entry]) -> None:
        """Load the rules that these have carried, and those that they carry now."""
        self._carried |= self.ledger.carried_by([one for one in named if one.identity[0] in _CARRIERS])
        self._unpack_units(items)
        self.ledger.load(identity for unit in self._inside.values() for identity in unit.named)

    def _spare(self, identities: Sequence[Identity]) -> None:
        """Know what was rejected; a snapshot keeps it in mind, for its deletions also concern what comes later."""
        if self.origin.snapshot:
            self.ledger.load(one for one in identities if is_agency(one[1]) and is_entry_value(one[2]))
        self.ledger.find(identities)
        self.spared += [self.ledger.entries[one] for one in identities if one in self.ledger.entries]

    def _sweep(self, named: Iterable[Entry]) -> None:
        """What snapshots swept unseen, for the hub did not hold it then, is swept now."""
        unseen = {one.id: one for one in named if not one.live} if self.origin.swept else {}
        if unseen:
            absent = absent_from(self.ledger.connection, self.origin.source_id, unseen.values())
            for number, moment in absent.items():
                bury(unseen[number], moment)

    def _unpack_units(self, items: Sequence[Item]) -> None:
        """Units that came again as they were: the rules inside them came again as well."""
        found: dict[int, Held] = {}
        for number, item in enumerate(items):
            if isinstance(item, Same) and self._carried.get(item.number):
                found[number] = self._known(item)
        self.ledger.fetch_contents(found.values())
        units = {number: inside_of(held.obj) for number, held in found.items() if held.obj is not None}
        self._inside |= {number: unit for number, unit in units.items() if unit is not None}

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
        )
        self._take(number, self.ledger.by_id[item.number], delivered, item.place)

    def _put(self, number: int, item: Put) -> None:
        delivered = self._fresh(item.content, item.delivered_hash, item.place)
        self._take(number, self.ledger.entries[item.identity], delivered, item.place)

    def _fresh(self, content: Content, delivered_hash: bytes, place: Place) -> Held:
        return Held(
            id=self.ledger.next_version(),
            content_hash=content.content_hash,
            delivered_hash=delivered_hash,
            changed_at=content.changed_at,
            moment=(place.message_at, place.position),
            received_at=self.origin.received_at,
            source_id=self.origin.source_id,
            content=content,
            new=True,
        )

    def _take(self, number: int, entry: Entry, delivered: Held, place: Place) -> None:
        inside = self._inside.get(number)
        before = None if inside is None else newest(entry)
        self._say(number, entry, self._written(entry, delivered), place)
        if inside is not None:
            self._take_rules(number, entry, inside, (before, place))

    def _written(self, entry: Entry, delivered: Held) -> Verdict:
        self.held.append(entry)
        return write(entry, delivered)

    def _take_rules(
        self, number: int, unit: Entry, inside: Inside, came: tuple[Moment | None, Place]
    ) -> None:
        """A unit replaces the rules that it carried before, as of its message, but for those that were rejected."""
        before, place = came
        moment = (place.message_at, place.position)
        named = set(inside.withheld)
        for identity in named:
            self._know(unit, self.ledger.entries[identity], before, moment)
        for identity, content in inside.rules:
            entry = self.ledger.entries[identity]
            named.add(identity)
            self._carry(unit, entry, before, moment)
            delivered = self._fresh(content, mark_of(unit.id), place)
            self._say(number, entry, self._written(entry, delivered), place)
        for entry in self._carried.get(unit.id, ()):
            if entry.identity not in named and withdraw(entry, unit.id, moment):
                outcome = OutcomeKind.CHANGED if entry.live else OutcomeKind.GONE
                self._say(number, entry, Verdict(outcome, REPLACED), place)

    def _know(self, unit: Entry, rule: Entry, before: Moment | None, moment: Moment) -> None:
        """Remember that a unit names a rule; all that it said before was without it."""
        if unit.id not in rule.carriers:
            rule.carriers[unit.id] = None if before == moment else before
            self._carried.setdefault(unit.id, []).append(rule)

    def _carry(self, unit: Entry, rule: Entry, before: Moment | None, moment: Moment) -> None:
        self._know(unit, rule, before, moment)
        seen = newest(rule)
        if seen is None or moment >= seen:
            rule.carrier_id = unit.id
