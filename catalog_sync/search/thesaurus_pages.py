"""Pages of the thesaurus, by the beginnings of words."""

from dataclasses import dataclass

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Text,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)

from catalog_sync.catalog.folding import folded_words
from catalog_sync.catalog.reading import Snapshot, Statement
from catalog_sync.catalog.tables import thesaurus_entry
from catalog_sync.search.thesaurus_store import KEPT_COLUMNS, KeptEntry, kept_entry

_ENTRY = thesaurus_entry.c
_LAST = "\U0010ffff"
_NONE: ColumnElement[str] = literal_column("''")


def _given(name: str) -> BindParameter[str]:
    return bindparam(name, type_=Text(), required=True)


_WANTED = and_(
    _ENTRY.folded >= _given("beginning"),
    _ENTRY.folded < _given("end"),
    or_(_given("language") == _NONE, _ENTRY.language == _given("language")),
)
_COUNT = Statement(select(func.count()).select_from(thesaurus_entry).where(_WANTED))
_PAGE = Statement(
    select(*KEPT_COLUMNS)
    .where(
        _WANTED,
        or_(
            _ENTRY.folded > _given("after"),
            and_(
                _ENTRY.folded == _given("after"),
                _ENTRY.id > bindparam("number", type_=Integer(), required=True),
            ),
        ),
    )
    .order_by(_ENTRY.folded, _ENTRY.id)
    .limit(bindparam("most", type_=Integer(), required=True))
    .offset(literal_column("0"))  # SQLite's dialect would write a constant of its own
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands in the order of all: its word, folded, and its number."""

    folded: str
    number: int


START = Place("", 0)


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Entries of a page, whether there are more, and how many there are in all."""

    entries: list[KeptEntry]
    more: bool
    total: int


async def entry_page(snapshot: Snapshot, beginning: str, language: str, after: Place, most: int) -> EntryPage:
    """The entries whose words begin so, in whatever spelling; of all languages where none is named."""
    folded = " ".join(folded_words(beginning))
    wanted = {"beginning": folded, "end": folded + _LAST, "language": language}
    rows = await snapshot.rows(_PAGE, **wanted, after=after.folded, number=after.number, most=most + 1)
    counted = await snapshot.rows(_COUNT, **wanted)
    return EntryPage([kept_entry(row) for row in rows[:most]], len(rows) > most, counted[0][0])
