"""Cutting a message's bytes before each `schreibe` and `loesche`, without parsing them.

A cut is a guess: in a comment or in CDATA such a start tag is none. Whether a piece really is one child of the root is
for the parser to say (`feed`).
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from catalog_sync.xzufi.limits import BinaryStream
from catalog_sync.xzufi.prolog import Prolog

_BLOCK = 256 * 1024
_LONG = 1024 * 1024
"""Bytes of a piece that are kept to be seen as a whole; what is longer is handed on in parts."""
_LONGEST_NAME = 1024
"""Bytes of a root's name; under a longer one nothing is cut."""


class Piece(NamedTuple):
    """A part of a message.

    Attributes:
        line: in which its first byte stands.
        lines: how many line feeds it has.
        begins: whether it begins with the start tag of a write or a delete, as far as bytes can tell.
        ends: whether the next such tag, the end tag of the root or the end of the file follows.
    """

    data: bytes
    line: int
    lines: int
    begins: bool
    ends: bool


class Cuts:
    """A message in pieces: what is before the first object, then object by object, then what is behind the last.

    Args:
        stream: the message from its first byte.
        prolog: how it begins. Start tags are looked for under the root's prefix, bytes of UTF-16 are not cut.
    """

    def __init__(self, stream: BinaryStream, prolog: Prolog) -> None:
        self._stream = stream
        self._line = 1
        prefix, colon, _ = prolog.root.rpartition(":")
        before, root = (name.encode(prolog.encoding) for name in (prefix + colon, prolog.root))
        self._kept = len(root) + len(b"</ loesche")
        self._tag: re.Pattern[bytes] | None = None
        if not prolog.is_wide and len(root) <= _LONGEST_NAME:
            tags = rb"<(?:(%b(?:schreibe|loesche))|/%b)(?=[\s/>])" % (re.escape(before), re.escape(root))
            self._tag = re.compile(tags)

    def __iter__(self) -> Iterator[Piece]:
        """The pieces; put together they are the message."""
        rest, seen, begins = b"", 0, False
        while block := self._stream.read(_BLOCK):
            data, start = rest + block, 0
            for found in self._tag.finditer(data, seen) if self._tag else ():
                cut = found.start()
                yield self._piece(data[start:cut], begins=begins, ends=True)
                start, begins = cut, found[1] is not None
            left = len(data) - start
            if left > (_LONG if begins else self._kept):
                part = left - self._kept
                yield self._piece(data[start : start + part], begins=begins, ends=False)
                start, begins = start + part, False
            rest = data[start:]
            seen = max(
                len(rest) - self._kept, 1
            )  # a tag at the very beginning is where the last cut was made
        yield self._piece(rest, begins=begins, ends=True)

    def _piece(self, data: bytes, *, begins: bool, ends: bool) -> Piece:
        line, lines = self._line, data.count(b"\n")
        self._line += lines
        return Piece(data, line, lines, begins, ends)
