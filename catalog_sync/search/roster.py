"""All services of the index by slots: small numbers that a service keeps while it is there (see `bits`)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from catalog_sync.search.bits import flagged, members, set_of
from catalog_sync.search.indexed import Indexed
from catalog_sync.search.reach import reach

BARE, GRANTED, GENERAL = 1.08, 1.05, 1.02

_ACTIONS, _VARIANTS = 1_000_000, 1_000
_FEW = 64
_GRANTING = frozenset({1, 2, 5, 6, 7, 12, 16, 17, 19, 37, 60, 69, 80, 104, 169})
"""LeiKa codes of operations: Erteilung, Festsetzung, Erlaubnis, Genehmigung, Zulassung, Ausstellung, Anerkennung,
Bewilligung, Registrierung, Feststellung, Eintragung, Zuteilung, Gewährung, Anmeldung, Anzeige."""

T = TypeVar("T", int, str)


def standing(key: int) -> float:
    """The object itself goes before what is done with it, granting it before all else, the general before a variant."""
    action, variant = key % _ACTIONS // _VARIANTS, key % _VARIANTS
    if action == 0:
        return BARE
    return (GRANTED if action in _GRANTING else 1.0) * (GENERAL if variant == 0 else 1.0)


@dataclass(slots=True)
class Roster:
    """The services.

    Attributes:
        slots: of each key.
        keys: of each slot, also of those whose service is gone.
        services: of each slot.
        alive: the slots that have a service.
        standing: of each slot.
        by_standing: the slots of each standing.
        objects: the slots of one object: Personalausweis with all that can be done with it.
        bundles: the slots of an OZG bundle.
        marks: the slots that have a mark.
        reach: of each slot's bundle.
        object_numbers: of each slot; the numbers of objects count up.
        bundle_numbers: the same of bundles; 0 for none.
        numbers: of objects and bundles.
    """

    slots: dict[int, int] = field(default_factory=dict)
    keys: list[int] = field(default_factory=list)
    services: list[Indexed] = field(default_factory=list)
    alive: int = 0
    standing: list[float] = field(default_factory=list)
    by_standing: dict[float, int] = field(default_factory=dict)
    objects: dict[int, tuple[int, ...]] = field(default_factory=dict)
    bundles: dict[str, tuple[int, ...]] = field(default_factory=dict)
    marks: dict[str, int] = field(default_factory=dict)
    reach: list[int] = field(default_factory=list)
    object_numbers: list[int] = field(default_factory=list)
    bundle_numbers: list[int] = field(default_factory=list)
    numbers: dict[int | str, int] = field(default_factory=dict)

    def copy(self) -> "Roster":
        """Another one to be changed, while this one is read."""
        return replace(
            self,
            slots=self.slots.copy(),
            keys=self.keys.copy(),
            services=self.services.copy(),
            standing=self.standing.copy(),
            by_standing=self.by_standing.copy(),
            objects=self.objects.copy(),
            bundles=self.bundles.copy(),
            marks=self.marks.copy(),
            reach=self.reach.copy(),
            object_numbers=self.object_numbers.copy(),
            bundle_numbers=self.bundle_numbers.copy(),
            numbers=self.numbers.copy(),
        )

    def __len__(self) -> int:
        """How many services there are."""
        return len(self.slots)

    def get(self, key: int) -> Indexed | None:
        """The service of a key."""
        slot = self.slots.get(key)
        return None if slot is None else self.services[slot]

    def put(self, key: int, service: Indexed) -> int:
        """Take a service, instead of what was known of it; gives its slot. One that comes back gets a new one."""
        slot = self.slots.get(key)
        if slot is None:
            slot = self.slots[key] = len(self.keys)
            self.keys.append(key)
            self.services.append(service)
            self.standing.append(standing(key))
            self.reach.append(0)
            self.object_numbers.append(self._number(key // _ACTIONS))
            self.bundle_numbers.append(0)
            self.by_standing[self.standing[slot]] = self.by_standing.get(self.standing[slot], 0) | 1 << slot
            _enter(self.objects, key // _ACTIONS, slot)
        else:
            self._leave(slot)
        self.services[slot] = service
        self.reach[slot] = reach(service.bundle)
        self.bundle_numbers[slot] = self._number(service.bundle) if service.bundle else 0
        self.alive |= 1 << slot
        for mark in service.marks:
            self.marks[mark] = self.marks.get(mark, 0) | 1 << slot
        if service.bundle:
            _enter(self.bundles, service.bundle, slot)
        return slot

    def remove(self, key: int) -> Indexed | None:
        """A service is gone; gives what it was."""
        if (slot := self.slots.pop(key, None)) is None:
            return None
        self._leave(slot)
        self.by_standing[self.standing[slot]] &= ~(1 << slot)
        _go(self.objects, key // _ACTIONS, slot)
        return self.services[slot]

    def _leave(self, slot: int) -> None:
        before, others = self.services[slot], ~(1 << slot)
        self.alive &= others
        for mark in before.marks:
            self.marks[mark] &= others
        if before.bundle:
            _go(self.bundles, before.bundle, slot)

    def siblings(self, slot: int) -> Sequence[int]:
        """The slots of a service's object, its own too."""
        return self.objects.get(self.keys[slot] // _ACTIONS, ())

    def object_of(self, slot: int) -> int:
        """The object that a service is about: the first half of its key."""
        return self.keys[slot] // _ACTIONS

    def of_its_bundle(self, slot: int) -> Sequence[int]:
        """The slots of a service's bundle."""
        return self.of_bundle(self.services[slot].bundle)

    def of_bundle(self, bundle: str | None) -> Sequence[int]:
        """The slots of a bundle."""
        return self.bundles.get(bundle, ()) if bundle else ()

    def of_objects(self, bits: int) -> int:
        """All services of the objects of some."""
        if bits.bit_count() <= _FEW:
            return self._set(slot for one in members(bits) for slot in self.siblings(one))
        return self._related(bits, self.object_numbers)

    def of_bundles(self, bits: int) -> int:
        """All services of the bundles of some that have one."""
        if bits.bit_count() <= _FEW:
            return self._set(slot for one in members(bits) for slot in self.of_its_bundle(one))
        return self._related(bits, self.bundle_numbers)

    def _number(self, name: int | str) -> int:
        return self.numbers.setdefault(name, len(self.numbers) + 1)

    def _set(self, slots: Iterable[int]) -> int:
        return set_of({*slots}, len(self.keys))

    def _related(self, bits: int, numbers: Sequence[int]) -> int:
        named = bytearray(len(self.numbers) + 1)
        for slot in members(bits):
            named[numbers[slot]] = 1
        named[0] = 0
        return flagged(bytes(map(named.__getitem__, numbers))) & self.alive


def _enter(held: dict[T, tuple[int, ...]], name: T, slot: int) -> None:
    held[name] = tuple(sorted((*held.get(name, ()), slot)))


def _go(held: dict[T, tuple[int, ...]], name: T, slot: int) -> None:
    left = tuple(one for one in held[name] if one != slot)
    if left:
        held[name] = left
    else:
        del held[name]
