"""The services that have a stem, by how strongly, read from the lists of postings."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from catalog_sync.search.bits import flagged
from catalog_sync.search.fields import HEAD_OF_COMPOUND, OFFICE, WEIGHTS, weight
from catalog_sync.search.postings import FIELD_BITS, unpacked
from catalog_sync.search.roster import Roster

_LONG_LIST = 40
_BITS_A_BYTE = 7  # of Python's whole numbers, about

_LEVELS = tuple(sorted({*WEIGHTS.values()}, reverse=True))
_MASKS = 2 * max(WEIGHTS)
_KINDS = bytes(
    0 if not mask else 2 * _LEVELS.index(weight(mask)) + 2 + bool(mask & OFFICE) for mask in range(_MASKS)
)
"""Of a posting's fields how much they say, and whether an office says it itself; 0 is none."""
_CHOSEN = [bytes(byte == kind for byte in range(256)) for kind in range(2 * len(_LEVELS) + 2)]


class Hits(NamedTuple):
    """The services that have a stem.

    Attributes:
        classes: how strongly, the strongest first; each service is in one.
        every: all.
        office: those whose office says it itself.
        titled: those that have it as a word of a title.
    """

    classes: Sequence[tuple[float, int]]
    every: int
    office: int
    titled: int

    @property
    def size(self) -> int:
        """About how many bytes they take."""
        sets = (self.every, self.office, self.titled, *(bits for _, bits in self.classes))
        return sum(bits.bit_length() // _BITS_A_BYTE + 40 for bits in sets)


NO_HITS = Hits((), 0, 0, 0)


def read_hits(word: bytes, part: bytes, roster: Roster) -> Hits:
    """The services of a stem by its two lists: as a word, and as a part of compounds."""
    found: dict[float, int] = {}
    office = titled = 0
    for held, share in ((word, 1.0), (part, HEAD_OF_COMPOUND)):
        for kind, bits in _kinds(held, roster):
            value = share * _LEVELS[kind // 2 - 1]
            found[value] = found.get(value, 0) | bits
            office |= bits if kind % 2 else 0
            titled |= bits if share == value == 1 else 0
    return Hits(*disjoint(found), office, titled)


def _kinds(held: bytes, roster: Roster) -> Iterator[tuple[int, int]]:
    """The services of a list by what its fields say."""
    slots, postings = roster.slots, unpacked(held)
    if len(postings) < _LONG_LIST:
        few: dict[int, int] = {}
        for posting in postings:
            if (slot := slots.get(posting >> FIELD_BITS)) is not None:
                kind = _KINDS[posting % _MASKS]
                few[kind] = few.get(kind, 0) | 1 << slot
        yield from few.items()
        return
    flags = bytearray(len(roster.keys))
    for posting in postings:
        if (slot := slots.get(posting >> FIELD_BITS)) is not None:
            flags[slot] = _KINDS[posting % _MASKS]
    for kind in {*flags} - {0}:
        yield kind, flagged(flags.translate(_CHOSEN[kind]))


def disjoint(found: Mapping[float, int]) -> tuple[tuple[tuple[float, int], ...], int]:
    """Sets of services by values so that each service has its best one only, best first; and all services."""
    classes, seen = [], 0
    for value in sorted(found, reverse=True):
        if new := found[value] & ~seen:
            classes.append((value, new))
            seen |= new
    return tuple(classes), seen
