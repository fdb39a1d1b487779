"""What every kind of source hands on: files whose bytes can be opened."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much a file may have (sync.md, Sizes).

    Attributes:
        wire: bytes as they come over the wire, and of a packed file.
        unpacked: bytes of XML; counted by the reader.
        ratio: bytes of XML for each packed byte; counted from the first megabyte on.
        synchronous: bytes on the wire up to which a push is answered with its report at once.
        foreseen_objects: of how many objects a dry run's difference is kept.
        foreseen_bytes: how much their contents may have, before and after together, unpacked.
    """

    wire: int = 64 * _MEGABYTE
    unpacked: int = 2 * 1024 * _MEGABYTE
    ratio: int = 200
    synchronous: int = _MEGABYTE
    foreseen_objects: int = 10_000
    foreseen_bytes: int = 32 * _MEGABYTE


@dataclass(frozen=True, slots=True)
class Incoming:
    """One file of a delivery.

    Attributes:
        name: as reports name it.
        open: gives its bytes from the beginning, each time anew; OSError where it cannot.
        packed: whether its name or its sender says that it is gzip.
        size: its bytes as they came.
    """

    name: str
    open: Callable[[], BinaryIO]
    packed: bool
    size: int
