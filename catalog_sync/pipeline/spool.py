"""A delivery's items on their way from reading to writing: in memory while they are few, else in a file.

A file of a delivery may turn out unreadable at its very end; nothing of it may be written then. So nothing is written
before a file is read to its end, and what was read of a bad one is cut off again.
"""

import os
import struct
import tempfile
from collections.abc import Callable, Iterator
from itertools import groupby
from operator import itemgetter
from types import TracebackType
from typing import BinaryIO, NamedTuple, Self

import msgspec

from catalog_sync.pipeline.growth import Growth
from catalog_sync.pipeline.items import Item, Put

_IN_MEMORY = 8 * 1024 * 1024
_AT_ONCE = 256 * 1024
_HEAD = struct.Struct(">IQ")


class Group(NamedTuple):
    """Items that are written together.

    Attributes:
        until: number of the last element that they came from. It depends on the bytes of the delivery alone, so
            that another reading of them, which may know more and cut otherwise, finds where this group ended.
    """

    items: list[Item]
    until: int


class Spool:
    """Items in order; written once, then read once.

    Args:
        file: where they are, for a process that fills another's.

    Attributes:
        growth: where another process fills it, how far that is.
    """

    def __init__(self, file: BinaryIO | None = None, growth: Growth | None = None) -> None:
        self._own = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed by `__exit__`
        self._file = self._own if file is None else file
        self._waiting = bytearray()
        self.growth = growth
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode: Callable[[bytes], Item] = msgspec.msgpack.Decoder(Item).decode

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._own.close()

    def descriptor(self) -> int:
        """Its file, for another process to fill; what is in memory so far is moved there."""
        self._own.rollover()
        return self._own.fileno()

    def add(self, item: Item, element: int) -> None:
        """Put an item at the end, with the number of the element that it came from."""
        encoded = self._encode(item)
        waiting = self._waiting
        waiting += _HEAD.pack(len(encoded), element)
        waiting += encoded
        if len(waiting) > _AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Bring to the file what is not there yet."""
        self._file.write(self._waiting)
        self._waiting.clear()

    def mark(self) -> int:
        """Where the next item will stand; what is before it can be read."""
        self.flush()
        self._file.flush()
        return self._file.tell()

    def cut(self, mark: int) -> None:
        """Forget everything since a mark."""
        self._waiting.clear()
        self._file.seek(mark)
        self._file.truncate()

    def _items(self) -> Iterator[tuple[int, Item]]:
        """All items from the beginning, each with its element's number."""
        rest = b""
        for piece in self._pieces():
            data, place = rest + piece, 0
            while (begin := place + _HEAD.size) <= len(data):
                length, element = _HEAD.unpack_from(data, place)
                if begin + length > len(data):
                    break
                place = begin + length
                yield element, self._decode(data[begin:place])
            rest = data[place:]

    def _pieces(self) -> Iterator[bytes]:
        """The bytes, as soon as they are there. Whoever fills it moves the file's position, so none is used then."""
        done = 0
        if self.growth is None:
            self.flush()
            self._file.seek(0)
            while piece := self._file.read(_AT_ONCE):
                yield piece
            return
        for size in self.growth.sizes():
            while piece := os.pread(self._own.fileno(), min(size - done, _AT_ONCE), done):
                done += len(piece)
                yield piece

    def batches(self, size: int, *, after: int = 0, until: int | None = None) -> Iterator[Group]:
        """The items of the elements behind `after`, up to `until`, in groups of so many objects.

        Rules inside a unit are counted; an element is never cut.
        """
        batch: list[Item] = []
        weight = last = 0
        for element, found in groupby(self._items(), itemgetter(0)):
            if element <= after or (until is not None and element > until):
                continue
            items = [item for _, item in found]
            own = sum(item.weight if isinstance(item, Put) else 1 for item in items)
            if batch and weight + own > size:
                yield Group(batch, last)
                batch, weight = [], 0
            batch += items
            weight, last = weight + own, element
        if batch:
            yield Group(batch, last)
