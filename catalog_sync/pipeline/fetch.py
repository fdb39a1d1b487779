"""Opening what was delivered, within limits (sync.md, Sizes): a small file must not cost much memory or time."""

import gzip
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from catalog_sync.outcomes import Refusal
from catalog_sync.sources.incoming import Incoming, Sizes
from catalog_sync.xzufi.refused import RefusedFile

_GZIP = b"\x1f\x8b"
_MEGABYTE = 1024 * 1024


class Bounded:
    """The XML of a file as a stream that refuses to give more than it may."""

    def __init__(self, incoming: Incoming, sizes: Sizes) -> None:
        self._raw = incoming.open()
        self._packed_size = incoming.size
        self._sizes = sizes
        self._given = 0
        self._source: BinaryIO | gzip.GzipFile = self._raw
        self.packed = incoming.packed
        self._check(incoming)

    def _check(self, incoming: Incoming) -> None:
        if incoming.packed and incoming.size > self._sizes.wire:
            raise limit_passed(f"{self._sizes.wire} bytes as delivered")
        magic = self._raw.read(2)
        self._raw.seek(0)
        if (magic == _GZIP) is not incoming.packed:
            raise _not_gzip() if incoming.packed else _gzip_inside()
        if incoming.packed:
            self._source = gzip.GzipFile(fileobj=self._raw)

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes of XML (a megabyte where no number is given); none at the end.

        Raises:
            RefusedFile: where a limit is passed or the packing is broken.
        """
        try:
            data = self._source.read(min(size, _MEGABYTE) if size >= 0 else _MEGABYTE)
        except (OSError, EOFError, zlib.error) as error:
            raise _broken_packing(str(error)) from error
        self._given += len(data)
        if self.packed and self._given > max(self._packed_size * self._sizes.ratio, _MEGABYTE):
            raise limit_passed(f"{self._sizes.ratio} bytes of XML for each packed byte")
        return data

    @property
    def consumed(self) -> int:
        """Bytes taken so far, as they came."""
        return self._raw.tell()

    def close(self) -> None:
        """Let go of the file."""
        self._raw.close()


def raw_pieces(incoming: Incoming) -> Iterator[bytes]:
    """The bytes as they came, a megabyte at a time."""
    with incoming.open() as stream:
        while piece := stream.read(_MEGABYTE):
            yield piece


def limit_passed(limit: str) -> RefusedFile:
    """The refusal of a file that passes a limit."""
    return RefusedFile("limit-passed", f"The file has more than {limit}.", "Send it in several messages.")


def refusal_of(name: str, error: RefusedFile | OSError) -> Refusal:
    """How the journal tells that a file is refused."""
    if isinstance(error, RefusedFile):
        return Refusal(name, error.line or None, error.rule, error.sentence, error.remedy)
    reason = f"The file cannot be read: {error.strerror or error}."
    return Refusal(
        name, None, "unreadable-file", reason, "Deliver it again; in a snapshot, deliver all files."
    )


def _gzip_inside() -> RefusedFile:
    return RefusedFile(
        "gzip-inside",
        "The file is gzip, but neither its name nor its sender says so.",
        "Name it .xml.gz, or send it with Content-Encoding: gzip.",
    )


def _not_gzip() -> RefusedFile:
    return RefusedFile(
        "not-gzip",
        "The file is said to be gzip, but is not.",
        "Name it .xml, or send it without Content-Encoding.",
    )


def _broken_packing(detail: str) -> RefusedFile:
    return RefusedFile("broken-gzip", f"The file cannot be unpacked: {detail}.", "Pack and deliver it again.")
