"""A token's postings as bytes: for each service its key and the fields, 8 bytes, sorted.

A LeiKa key has 14 digits (47 bits), the fields 16 bits behind it. One row holds a token's whole list: it is read as
fast as one posting, on both databases, and a bulk import writes a row for each word, not for each word of each service.
"""

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import or_

Postings = Mapping[str, "array[int]"]
"""The lists of some tokens."""

FIELD_BITS = 16
FIELD_MASK = (1 << FIELD_BITS) - 1
_FEW = 16
"""Of so many postings one changed: from there on the list is put together anew."""


def unpacked(services: bytes) -> "array[int]":
    """The list, for `key_of`, `mask_of` and `find`."""
    found = array("Q")
    found.frombytes(services)
    if sys.byteorder == "big":
        found.byteswap()
    return found


def packed(postings: "array[int]") -> bytes:
    """The list as it is stored."""
    if sys.byteorder == "big":
        postings = array("Q", postings)
        postings.byteswap()
    return postings.tobytes()


def key_of(posting: int) -> int:
    """The service's key as a number."""
    return posting >> FIELD_BITS


def mask_of(posting: int) -> int:
    """The fields in which the token stands."""
    return posting & FIELD_MASK


def find(postings: "array[int]", key: int) -> int:
    """The fields in which the token stands in a service; 0 where it does not."""
    at = bisect_left(postings, key << FIELD_BITS)
    return mask_of(postings[at]) if at < len(postings) and postings[at] >> FIELD_BITS == key else 0


def keys(postings: "array[int]") -> Iterator[int]:
    """The services."""
    return (posting >> FIELD_BITS for posting in postings)


def posting_of(key: int, mask: int) -> int:
    """A service with the fields in which the token stands."""
    return key << FIELD_BITS | mask


def patched(services: bytes, changes: Sequence[int]) -> "array[int]":
    """A list with the postings of some services replaced.

    Args:
        services: the list as it is stored.
        changes: one posting a service; one without fields takes the service out.
    """
    held = unpacked(services)
    if not held:
        return array("Q", sorted(filter(FIELD_MASK.__and__, changes)))
    if len(changes) * _FEW > len(held):
        merged = {posting >> FIELD_BITS: posting for posting in held}
        merged |= {posting >> FIELD_BITS: posting for posting in changes}
        return array("Q", sorted(filter(FIELD_MASK.__and__, merged.values())))
    for posting in changes:
        _replace(held, posting)
    return held


def _replace(held: "array[int]", posting: int) -> None:
    at = bisect_left(held, posting & ~FIELD_MASK)
    is_there = at < len(held) and held[at] >> FIELD_BITS == posting >> FIELD_BITS
    if not posting & FIELD_MASK:
        del held[at : at + is_there]
    elif is_there:
        held[at] = posting
    else:
        held.insert(at, posting)


def fields_of(postings: Iterable[int]) -> int:
    """All fields in which the token stands anywhere."""
    return reduce(or_, postings, 0) & FIELD_MASK
