"""Opening a file of an official list: plain or gzipped, bounded, as bytes, as lines of text or as a table.

All that can be wrong with it ends as `FileRefused`, which names the file, the line and what would be right.
"""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from catalog_sync.errors import CatalogError

MAX_UNPACKED_BYTES = 32 * 1024 * 1024
"""No list comes near: the largest of them, the whole Gemeindeverzeichnis, has 3.5 MB."""
MAX_LINE_BYTES = 64 * 1024
MAX_LINES = 400_000
_PEEK_BYTES = 4096
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class FileRefused(CatalogError):  # noqa: N818 - what happens to it
    """A file that cannot be read as what it is said to be; nothing of it is taken."""

    code = "FILE_REFUSED"

    def __init__(self, name: str, sentence: str, line: int | None = None) -> None:
        super().__init__(f"{name}, line {line}: {sentence}" if line else f"{name}: {sentence}")
        self.name = name
        self.line = line


class _Bounded(io.RawIOBase):
    """A stream that ends with an error instead of filling the memory, and that names its file in each."""

    def __init__(self, inner: IO[bytes], name: str) -> None:
        self._inner = inner
        self._name = name
        self._left = MAX_UNPACKED_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            found = self._inner.read(len(buffer))
        except (OSError, EOFError, zlib.error) as error:
            raise FileRefused(self._name, f"it cannot be unpacked or read ({error}).") from error
        self._left -= len(found)
        if self._left < 0:
            raise FileRefused(
                self._name, f"it is larger than {MAX_UNPACKED_BYTES // 2**20} MiB; no official list is."
            )
        buffer[: len(found)] = found
        return len(found)


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a table: its line in the file and its cells by the header's words in lower case."""

    line: int
    cells: Mapping[str, str]


class OfficialFile:
    """One open file. Read it once: by `stream`, by `lines` or by `table`."""

    def __init__(self, name: str, stream: io.BufferedReader) -> None:
        self.name = name
        self.stream = stream
        if self.stream.peek(len(_BYTE_ORDER_MARK)).startswith(_BYTE_ORDER_MARK):
            self.stream.read(len(_BYTE_ORDER_MARK))

    def beginning(self) -> bytes:
        """The first bytes, not yet taken from the stream."""
        return self.stream.peek(_PEEK_BYTES)[:_PEEK_BYTES]

    def refused(self, sentence: str, line: int | None = None) -> FileRefused:
        """The error to raise for this file."""
        return FileRefused(self.name, sentence, line)

    def lines(self) -> Iterator[str]:
        """Lines with their ends; UTF-8, and Windows-1252 where a line is not (older deliveries of Destatis)."""
        number = 0
        while raw := self.stream.readline(MAX_LINE_BYTES + 1):
            number += 1
            if len(raw) > MAX_LINE_BYTES:
                raise self.refused("the line is longer than any list's.", number)
            if number > MAX_LINES:
                raise self.refused(f"it has more than {MAX_LINES} lines; no official list has.", number)
            if b"\0" in raw:
                raise self.refused("it has a zero byte, so it is no text. Save it as UTF-8.", number)
            yield _decoded(raw)

    def table(self) -> "Table":
        """The file as a table with a header; comma, semicolon or tab between cells."""
        lines = self.lines()
        first = next(lines, "")
        cells = csv.reader(_chained(first, lines), delimiter=_delimiter(first), strict=True)
        try:
            header = [cell.strip().lower() for cell in next(cells, [])]
        except csv.Error as error:
            raise self.refused(f"the header is no row of a table ({error}).", 1) from error
        return Table(self, header, cells)


class Table:
    """A header and rows that have as many cells as it."""

    def __init__(self, file: OfficialFile, header: list[str], cells: "Iterator[list[str]]") -> None:
        self.file = file
        self.header = header
        self._cells = cells

    def __iter__(self) -> Iterator[TableRow]:
        line = 1
        while True:
            try:
                cells = next(self._cells, None)
            except csv.Error as error:
                raise self.file.refused(f"the row cannot be read ({error}).", line + 1) from error
            if cells is None:
                return
            line = getattr(self._cells, "line_num", line + 1)
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(self.header):
                raise self.file.refused(
                    f"the row has {len(cells)} cells, the header has {len(self.header)}.", line
                )
            yield TableRow(
                line, {name: squeezed(cell) for name, cell in zip(self.header, cells, strict=True)}
            )


@contextmanager
def opened(path: Path) -> Iterator[OfficialFile]:
    """Open a list, unpacking gzip by its first bytes and not by its name.

    Raises:
        FileRefused: when it is not there, is packed otherwise, or is empty.
    """
    try:
        raw = path.open("rb")
    except OSError as error:
        raise FileRefused(path.name, f"it cannot be opened: {error.strerror}.") from error
    with raw:
        magic = raw.read(4)
        raw.seek(0)
        if magic.startswith(b"PK\x03\x04"):
            raise FileRefused(path.name, "it is a ZIP archive. Unpack it and name the list inside.")
        packed = magic.startswith(b"\x1f\x8b")
        inner = cast("IO[bytes]", gzip.GzipFile(fileobj=raw) if packed else raw)
        file = OfficialFile(path.name, io.BufferedReader(_Bounded(inner, path.name)))
        if not file.beginning().strip():
            raise file.refused("it is empty.")
        yield file


def squeezed(text: str) -> str:
    """A cell without blanks around it and with single ones inside; lists have both by accident."""
    return " ".join(text.split())


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _delimiter(header: str) -> str:
    return max(",;\t", key=header.count)


def _chained(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest
