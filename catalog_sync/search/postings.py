"""A token's postings as bytes: for each service its key and the fields, 8 bytes, sorted.

A LeiKa key has 14 digits (47 bits), the fields 16 bits behind it. One row holds a token's whole list: it is read as
fast as one posting, on both databases, and a bulk import writes a row for each word, not for each word of each service.
"""

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping

Postings = Mapping[str, "array[int]"]
"""The lists of some tokens."""

FIELD_BITS = 16
FIELD_MASK = (1 << FIELD_BITS) - 1


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


def patched(services: bytes, changes: Mapping[int, int]) -> "array[int]":
    """A list with the fields of some services replaced; 0 takes a service out."""
    held = {posting >> FIELD_BITS: posting & FIELD_MASK for posting in unpacked(services)}
    for key, mask in changes.items():
        if mask:
            held[key] = mask
        else:
            held.pop(key, None)
    return array("Q", sorted(key << FIELD_BITS | mask for key, mask in held.items()))


def strongest(postings: "array[int]") -> int:
    """All fields in which the token stands anywhere."""
    mask = 0
    for posting in postings:
        mask |= posting & FIELD_MASK
    return mask
