"""A delivery's items on their way from reading to writing: in memory while they are few, else in a file.

A file of a delivery may turn out unreadable at its very end; nothing of it may be written then. So nothing is written
before a file is read to its end, and what was read of a bad one is cut off again.
"""

import struct
import tempfile
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

import msgspec

from catalog_sync.pipeline.items import Item, Put

_IN_MEMORY = 8 * 1024 * 1024
_LENGTH = struct.Struct(">I")


class Spool:
    """Items in order; written once, then read once."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed by `__exit__`
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode: Callable[[bytes], Item] = msgspec.msgpack.Decoder(Item).decode

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, item: Item) -> None:
        """Put an item at the end."""
        encoded = self._encode(item)
        self._file.write(_LENGTH.pack(len(encoded)))
        self._file.write(encoded)

    def mark(self) -> int:
        """Where the next item will stand."""
        return self._file.tell()

    def cut(self, mark: int) -> None:
        """Forget everything since a mark."""
        self._file.seek(mark)
        self._file.truncate()

    def items(self) -> Iterator[Item]:
        """All items from the beginning."""
        self._file.seek(0)
        while head := self._file.read(_LENGTH.size):
            yield self._decode(self._file.read(_LENGTH.unpack(head)[0]))

    def batches(self, size: int) -> Iterator[list[Item]]:
        """The items in groups of so many objects, rules inside a unit counted."""
        batch: list[Item] = []
        weight = 0
        for item in self.items():
            own = item.weight if isinstance(item, Put) else 1
            if batch and weight + own > size:
                yield batch
                batch, weight = [], 0
            batch.append(item)
            weight += own
        if batch:
            yield batch
