"""Sets of services as whole numbers: bit 5 is the service in slot 5.

An intersection of two sets of 12,000 services is one operation on 1,500 bytes, so that a question costs what its words
cost, however many services have them.
"""

from collections.abc import Iterable

_SINGLE = 40
_IN_BYTE = tuple(tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256))
_MARKED = bytes([ord("0")]) + bytes([ord("1")]) * 255


def members(bits: int) -> list[int]:
    """The slots of a set, in order."""
    if bits.bit_count() > _SINGLE:
        held = bits.to_bytes((bits.bit_length() + 7) // 8, "little")
        return [8 * at + bit for at, byte in enumerate(held) if byte for bit in _IN_BYTE[byte]]
    found = []
    while bits:
        lowest = bits & -bits
        found.append(lowest.bit_length() - 1)
        bits ^= lowest
    return found


def set_of(slots: Iterable[int], size: int) -> int:
    """The set of some slots, all below `size`."""
    some = list(slots)
    if len(some) <= _SINGLE:
        bits = 0
        for slot in some:
            bits |= 1 << slot
        return bits
    flags = bytearray(size)
    for slot in some:
        flags[slot] = 1
    return flagged(flags)


def flagged(flags: bytes | bytearray) -> int:
    """The set of the slots at which a byte is not 0."""
    return int(flags.translate(_MARKED)[::-1], 2) if flags else 0


def has(bits: int, slot: int) -> bool:
    """Whether a slot is in a set."""
    return bool(bits >> slot & 1)
