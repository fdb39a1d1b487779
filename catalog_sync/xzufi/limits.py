"""How much a file may cost, and the stream that counts it."""

from dataclasses import dataclass
from typing import Protocol

from catalog_sync.xzufi.refused import RefusedFile


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one file; depth (256) and single texts or attributes (10 MB) are bounded by the parser itself."""

    unpacked_bytes: int = 2 * 1024**3
    object_bytes: int = 16 * 1024**2
    """From the end of one object to the end of the next."""
    object_marks: int = 1_000_000
    """Angle brackets and equals signs of one object: what its tree costs, whatever its length is."""


_SHORT = 64 * 1024
_SMALL = 1024**2
"""Bytes of an object that cost little whatever they are; nearly all objects end within them."""


class BinaryStream(Protocol):
    """What a file is read from."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, none at the end."""
        ...


class MeteredStream:
    """A stream that counts what is read, and what each object has, and refuses the file that passes a limit."""

    def __init__(self, beginning: bytes, stream: BinaryStream, limits: Limits) -> None:
        self._beginning = beginning
        self._stream = stream
        self._limits = limits
        self._total = 0
        self._bytes = 0
        self._marks = 0

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, none at the end.

        Raises:
            RefusedFile: ``limit-passed``.
        """
        chunk = self._beginning or self._stream.read(size)
        self._beginning = b""
        self._total += len(chunk)
        if self._total > self._limits.unpacked_bytes:
            raise _passed(f"{self._limits.unpacked_bytes} bytes", "Send it in several messages.")
        return chunk

    def object_has(self, data: bytes) -> None:
        """Count bytes of the object that is read now, before anything is made of them.

        Raises:
            RefusedFile: ``limit-passed``.
        """
        self._bytes += len(data)
        if self._bytes > _SMALL:
            self._marks += data.count(b"<") + data.count(b"=")
        if self._bytes > self._limits.object_bytes:
            raise _passed(f"{self._limits.object_bytes} bytes in one object", "Send smaller objects.")
        if self._marks > self._limits.object_marks:
            raise _passed(f"{self._limits.object_marks} marks in one object", "Send smaller objects.")

    @property
    def object_is_long(self) -> bool:
        """Whether the object that is read has more bytes than nearly all have."""
        return self._bytes > _SHORT

    def object_read(self) -> None:
        """Begin to count for the next object."""
        self._bytes = self._marks = 0


def _passed(limit: str, remedy: str) -> RefusedFile:
    return RefusedFile("limit-passed", f"The file has more than {limit}.", remedy)
