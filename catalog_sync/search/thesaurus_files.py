"""The thesaurus as a file: CSV with a header `word;language;relation;means;note`, phrases with ` | ` between.

Read whole before anything is written; what is wrong is told all at once, with line, rule and remedy.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from catalog_sync.errors import CatalogError
from catalog_sync.official_files import FileRefused, OfficialFile, TableRow
from catalog_sync.search.thesaurus_entries import Entry, Fault, Relation, entry_of, faults

COLUMNS = ("word", "language", "relation", "means", "note")
BETWEEN = " | "
_NEEDED = frozenset(COLUMNS[:-1])
_MAX_ENTRIES = 100_000
_MAX_TOLD = 50


@dataclass(frozen=True, slots=True)
class FileFault:
    """What is wrong with a line of a file."""

    file: str
    line: int
    rule: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """An entry and where it stands."""

    file: str
    line: int
    entry: Entry


class BadThesaurus(CatalogError):  # noqa: N818 - what it is
    """Files with faults, of which the first are in `faults`; nothing of them is taken."""

    code = "BAD_THESAURUS"

    def __init__(self, found: Sequence[FileFault], total: int) -> None:
        first = found[0]
        more = f" (and {total - 1} more)" if total > 1 else ""
        super().__init__(f"{first.file}, line {first.line}: {first.sentence}{more} Nothing was taken.")
        self.faults = found
        self.total = total


def read_files(files: Iterable[AbstractContextManager[OfficialFile]]) -> list[ReadEntry]:
    """The entries of all files, in order.

    Raises:
        FileRefused: for a file that can't be read as a table of entries.
        BadThesaurus: with all that is wrong with single lines.
    """
    found: list[ReadEntry] = []
    wrong: list[FileFault] = []
    seen: dict[tuple[str, str, str], ReadEntry] = {}
    for opened in files:
        with opened as file:
            for row in _rows(file):
                read = ReadEntry(file.name, row.line, _entry(row))
                faulty = [*_faults(row, read), *_twice(read, seen)]
                wrong += (FileFault(file.name, row.line, one.rule, one.sentence) for one in faulty)
                seen.setdefault(read.entry.name, read)
                found.append(read)
                if len(found) > _MAX_ENTRIES:
                    raise file.refused(f"there are more than {_MAX_ENTRIES:,} entries; import fewer at once.")
    if wrong:
        raise BadThesaurus(wrong[:_MAX_TOLD], len(wrong))
    return found


def written(entries: Iterable[Entry]) -> str:
    """Entries as a file; reading it gives the same."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in entries:
        writer.writerow((one.word, one.language, one.relation.value, BETWEEN.join(one.means), one.note))
    return text.getvalue()


def _rows(file: OfficialFile) -> Iterator[TableRow]:
    table = file.table()
    if not set(table.header) >= _NEEDED or len(set(table.header)) != len(table.header):
        given = ", ".join(table.header)[:120]
        raise FileRefused(file.name, f"its header is “{given}” and must be “{';'.join(COLUMNS)}”.", 1)
    yield from table


def _entry(row: TableRow) -> Entry:
    cells = row.cells
    relation = cells["relation"].lower()
    known = Relation(relation) if relation in set(Relation) else Relation.USE
    return entry_of(cells["word"], cells["language"], known, cells["means"].split("|"), cells.get("note", ""))


def _faults(row: TableRow, read: ReadEntry) -> Iterator[Fault]:
    given = row.cells["relation"].lower()
    if given not in set(Relation):
        known = ", ".join(Relation)
        yield Fault("relation", "bad-relation", f"“{given[:40]}” is no relation; there are {known}.")
    yield from faults(read.entry)


def _twice(read: ReadEntry, seen: dict[tuple[str, str, str], ReadEntry]) -> Iterator[Fault]:
    before = seen.get(read.entry.name)
    if before is not None:
        where = f"{before.file}, line {before.line}"
        sentence = f"“{read.entry.word}” is there already ({where}): put all meanings into one entry."
        yield Fault("word", "duplicate", sentence)
