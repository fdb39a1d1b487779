"""The thesaurus at rest: written by origin, in the transaction that raises `search_state.thesaurus`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Select, delete, insert, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite

from catalog_sync.catalog.bulk import as_list, delete_rows
from catalog_sync.catalog.reading import listed
from catalog_sync.catalog.tables import search_state, thesaurus_entry
from catalog_sync.errors import CatalogError
from catalog_sync.search.analyzer import VERSION
from catalog_sync.search.thesaurus_entries import Entry, Relation, analysed

MAX_ENTRIES = 100_000
"""Entries of one origin, and of one file."""

_ROWS = 1000
_ENTRY = thesaurus_entry.c
_KEPT = select(
    _ENTRY.id, _ENTRY.word, _ENTRY.language, _ENTRY.relation, _ENTRY.means, _ENTRY.note, _ENTRY.origin
).add_columns(_ENTRY.changed_on)
Name = tuple[str, str, str]


class ThesaurusFull(CatalogError):  # noqa: N818 - what it is
    """More entries of one origin than the search takes."""

    code = "THESAURUS_FULL"


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """An entry as it is kept; `number` counts up, `changed_on` is a day."""

    number: int
    entry: Entry
    origin: str
    changed_on: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What a transaction did to the entries of an origin."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0

    @property
    def any(self) -> bool:
        """Whether it did anything."""
        return bool(self.added or self.changed or self.removed)


def put(
    connection: Connection, origin: str, entries: Sequence[Entry], today: str, most: int = MAX_ENTRIES
) -> Changes:
    """Add entries of an origin, or change those that are there; raises ThesaurusFull when they become too many."""
    words = as_list(connection, sorted({entry.folded for entry in entries}))
    statement = _KEPT.where(_ENTRY.origin == origin, listed(_ENTRY.folded, "words"))
    _lock(connection)
    known = _by_name(connection, statement, {"words": words})
    done = _write(connection, origin, entries, known, today)
    if done.added:
        _check_size(connection, origin, most)
    if done.any:
        _raise(connection)
    return done


def put_one(connection: Connection, origin: str, entry: Entry, today: str) -> KeptEntry:
    """Add an entry of an origin, or change it, as `put` does; gives it as it is kept."""
    put(connection, origin, [entry], today)
    return _by_name(connection, _named(origin, entry.name), {})[entry.name]


def replace(connection: Connection, origin: str, entries: Sequence[Entry], today: str) -> Changes:
    """Let an origin have these entries and no others; those that stay as they are keep their day.

    Raises:
        ThesaurusFull: when they are too many.
    """
    _lock(connection)
    known = _by_name(connection, _KEPT.where(_ENTRY.origin == origin), {})
    names = {entry.name for entry in entries}
    gone = [kept.number for name, kept in known.items() if name not in names]
    delete_rows(connection, _ENTRY.id, gone)
    done = _write(connection, origin, entries, known, today)
    _check_size(connection, origin, MAX_ENTRIES)
    if done.any or gone:
        _raise(connection)
    return Changes(done.added, done.changed, done.unchanged, len(gone))


def remove(connection: Connection, origin: str, name: Name) -> KeptEntry | None:
    """Remove an origin's entry; gives it, or None where there is none."""
    _lock(connection)
    found = _by_name(connection, _named(origin, name), {}).get(name)
    if found is not None:
        connection.execute(delete(thesaurus_entry).where(_ENTRY.id == found.number))
        _raise(connection)
    return found


def kept_entries(
    connection: Connection, origin: str | None = None, language: str | None = None
) -> list[KeptEntry]:
    """Entries by word, of all origins and languages where none is named."""
    statement = _KEPT.order_by(_ENTRY.folded, _ENTRY.language, _ENTRY.relation, _ENTRY.origin)
    if origin is not None:
        statement = statement.where(_ENTRY.origin == origin)
    if language is not None:
        statement = statement.where(_ENTRY.language == language)
    return [kept_entry(row) for row in connection.execute(statement)]


def kept_entry(row: Sequence[Any]) -> KeptEntry:
    """An entry of a row with the columns of `KEPT_COLUMNS`."""
    number, word, language, relation, means, note, origin, changed_on = row
    entry = Entry(word, language, Relation(relation), tuple(orjson.loads(means)), note or "")
    return KeptEntry(number, entry, origin, changed_on)


KEPT_COLUMNS = tuple(_KEPT.selected_columns)


def analyse_anew(connection: Connection) -> int:
    """Read again the words of entries that another version of the analyzer has read; tells how many there were."""
    statement = _KEPT.where(_ENTRY.analyzer != VERSION)
    stale = [kept_entry(row) for row in connection.execute(statement)]
    delete_rows(connection, _ENTRY.id, [kept.number for kept in stale])
    _insert(connection, [_row(kept.entry, kept.origin, kept.changed_on) for kept in stale])
    if stale:
        _raise(connection)
    return len(stale)


def _by_name(
    connection: Connection, statement: Select[Any], values: Mapping[str, Any]
) -> dict[Name, KeptEntry]:
    found = map(kept_entry, connection.execute(statement, values))
    return {kept.entry.name: kept for kept in found}


def _named(origin: str, name: Name) -> Select[Any]:
    folded, language, relation = name
    one = (_ENTRY.folded == folded) & (_ENTRY.language == language) & (_ENTRY.relation == relation)
    return _KEPT.where(_ENTRY.origin == origin, one)


def _write(
    connection: Connection, origin: str, entries: Iterable[Entry], known: Mapping[Name, KeptEntry], today: str
) -> Changes:
    rows, old, unchanged = [], [], 0
    for entry in entries:
        kept = known.get(entry.name)
        if kept is not None and kept.entry == entry:
            unchanged += 1
            continue
        rows.append(_row(entry, origin, today))
        if kept is not None:
            old.append(kept.number)
    delete_rows(connection, _ENTRY.id, old)
    _insert(connection, rows)
    return Changes(len(rows) - len(old), len(old), unchanged)


def _check_size(connection: Connection, origin: str, most: int) -> None:
    statement = select(_ENTRY.id).where(_ENTRY.origin == origin).offset(most).limit(1)
    if connection.scalar(statement) is not None:
        raise ThesaurusFull(f"{origin} has more than {most:,} entries; the search takes no more of one.")


def _row(entry: Entry, origin: str, changed_on: str) -> dict[str, Any]:
    found = analysed(entry.word, entry.language, entry.relation, entry.means)
    return {
        "folded": entry.folded,
        "word": entry.word,
        "language": entry.language,
        "relation": entry.relation.value,
        "means": orjson.dumps(entry.means).decode(),
        "note": entry.note or None,
        "origin": origin,
        "changed_on": changed_on,
        "analyzer": VERSION,
        "analysed": orjson.dumps(found[4:8]).decode(),
    }


def _insert(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(rows), _ROWS):
        connection.execute(insert(thesaurus_entry), rows[start : start + _ROWS])


def _lock(connection: Connection) -> None:
    """Writers of the thesaurus go one after the other."""
    connection.execute(select(search_state.c.id).with_for_update()).all()


def _raise(connection: Connection) -> None:
    """Let every process take the thesaurus over anew."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(search_state).values(id=1, changed=0, thesaurus=1)
    more = {"thesaurus": search_state.c.thesaurus + literal_column("1")}
    connection.execute(statement.on_conflict_do_update(index_elements=[search_state.c.id], set_=more))
