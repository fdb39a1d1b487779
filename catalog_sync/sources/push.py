"""A delivery over the wire: one message as the body of a request, kept in memory while it is small, else in a file."""

import io
import tempfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from catalog_sync.errors import CatalogError
from catalog_sync.sources.incoming import Incoming, Sizes

XML_TYPES = frozenset({"application/xml", "text/xml"})
GZIP_TYPES = frozenset({"application/gzip", "application/x-gzip"})
ANY_TYPES = frozenset({"application/octet-stream", ""})
_GZIP = b"\x1f\x8b"
_IN_MEMORY = 1024 * 1024


class TooLarge(CatalogError):  # noqa: N818 - the wire's word
    """A body that has more bytes than may come over the wire."""

    code = "TOO_LARGE"


class UnsupportedBody(CatalogError):  # noqa: N818
    """A body of a type or an encoding that is not read."""

    code = "UNSUPPORTED_BODY"


@dataclass(frozen=True, slots=True)
class Received:
    """A body that came whole; `discard` gives its room back."""

    incoming: Incoming
    discard: Callable[[], None]


def check_types(content_type: str, encoding: str) -> None:
    """Judge a body by its headers.

    Raises:
        UnsupportedBody: where it is neither XML nor gzip of it.
    """
    if _plain(content_type) not in XML_TYPES | GZIP_TYPES | ANY_TYPES:
        raise UnsupportedBody(
            f"A message comes as application/xml, text/xml, application/gzip or application/octet-stream, "
            f"not as {_plain(content_type)}."
        )
    if encoding.strip().lower() not in ("", "identity", "gzip"):
        raise UnsupportedBody("A message comes plain or with Content-Encoding: gzip.")


async def receive(body: AsyncIterator[bytes], *, content_type: str, encoding: str, sizes: Sizes) -> Received:
    """Take a body to its end.

    Raises:
        TooLarge: as soon as it passes the limit of the wire.
    """
    kept = _Kept()
    try:
        async for piece in body:
            kept.add(piece, sizes)
    except BaseException:
        kept.discard()
        raise
    plain = _plain(content_type)
    said = encoding.strip().lower() == "gzip" or plain in GZIP_TYPES
    packed = said or (plain in ANY_TYPES and kept.begins_with(_GZIP))
    name = "message.xml.gz" if packed else "message.xml"
    return Received(Incoming(name, kept.open, packed, kept.size), kept.discard)


def too_large(sizes: Sizes) -> TooLarge:
    """The error of a body that passes the limit of the wire."""
    return TooLarge(
        f"A message has at most {sizes.wire} bytes on the wire. Send it in several messages, or packed."
    )


def _plain(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


class _Kept:
    """The bytes of a body."""

    def __init__(self) -> None:
        self._memory = bytearray()
        self._file: IO[bytes] | None = None
        self.size = 0

    def add(self, piece: bytes, sizes: Sizes) -> None:
        self.size += len(piece)
        if self.size > sizes.wire:
            raise too_large(sizes)
        if self._file is None and self.size > _IN_MEMORY:
            self._file = tempfile.NamedTemporaryFile(prefix="push-")  # noqa: SIM115 - closed by `discard`
            self._file.write(self._memory)
            self._memory.clear()
        (self._memory.extend if self._file is None else self._file.write)(piece)

    def begins_with(self, magic: bytes) -> bool:
        with self.open() as stream:
            return stream.read(len(magic)) == magic

    def open(self) -> BinaryIO:
        if self._file is None:
            return io.BytesIO(bytes(self._memory))
        self._file.flush()
        return Path(self._file.name).open("rb")

    def discard(self) -> None:
        if self._file is not None:
            self._file.close()
