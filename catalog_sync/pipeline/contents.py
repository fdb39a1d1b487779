"""Which bytes the hub holds already, and as which entry: what lets a reader pass over what came before."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable

_BUCKETS = 1024
_PREFIX = 8


class KnownContents:
    """The entries that a source's messages brought, by the first eight bytes of their hash: 16 bytes of memory each.

    Args:
        pairs: the hash of the bytes that brought an entry's winning version, and the entry's number.
    """

    def __init__(self, pairs: Iterable[tuple[bytes, int]] = ()) -> None:
        self._hashes = [array("Q") for _ in range(_BUCKETS)]
        self._numbers = [array("Q") for _ in range(_BUCKETS)]
        for delivered_hash, number in pairs:
            prefix = int.from_bytes(delivered_hash[:_PREFIX])
            self._hashes[prefix % _BUCKETS].append(prefix)
            self._numbers[prefix % _BUCKETS].append(number)
        for place in range(_BUCKETS):  # a bucket at a time: sorting all at once would take the memory of all
            both = sorted(zip(self._hashes[place], self._numbers[place], strict=True))
            self._hashes[place] = array("Q", (one for one, _ in both))
            self._numbers[place] = array("Q", (number for _, number in both))

    def __bool__(self) -> bool:
        return any(self._hashes)

    def number(self, delivered_hash: bytes) -> int | None:
        """The entry that bytes of this hash brought; None where they are not known."""
        prefix = int.from_bytes(delivered_hash[:_PREFIX])
        hashes = self._hashes[prefix % _BUCKETS]
        place = bisect_left(hashes, prefix)
        if place < len(hashes) and hashes[place] == prefix:
            return self._numbers[prefix % _BUCKETS][place]
        return None
