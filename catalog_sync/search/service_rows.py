"""The rows of `indexed_service`: what is kept of a service, so that what comes to it can be added to that."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

import msgspec
import orjson
from sqlalchemy import Connection, bindparam, select, update

from catalog_sync.catalog.bulk import Many, fetch, insert_rows
from catalog_sync.catalog.reading import Row, Statement, listed
from catalog_sync.catalog.tables import indexed_service
from catalog_sync.search.analyzer import VERSION
from catalog_sync.search.document import Document
from catalog_sync.search.documents import Described

_COLUMNS = ("titles", "spellings", "marks", "bundle_id")
_NONE = "[]"
"""Titles of a service that is gone."""
_KEPT = Statement(
    select(
        indexed_service.c.leika_key,
        indexed_service.c.analyzer,
        indexed_service.c.taken,
        indexed_service.c.words,
        *(indexed_service.c[name] for name in _COLUMNS),
    ).where(listed(indexed_service.c.leika_key, "keys"))
)
_WRITTEN = tuple(column.name for column in indexed_service.c if not column.primary_key)
_UPDATE = Many(
    update(indexed_service)
    .where(indexed_service.c.leika_key == bindparam("the_key"))
    .values({name: bindparam(f"new_{name}") for name in _WRITTEN}),
    "the_key",
    *(f"new_{name}" for name in _WRITTEN),
)


_Row = tuple[Any, ...]


class _Taken(msgspec.Struct, frozen=True, array_like=True):
    """What a row was read from: the catalogue's title, descriptions in order, how many gave each title."""

    listed_title: str | None = None
    descriptions: tuple[Described, ...] = ()
    titles: tuple[tuple[str, str, int], ...] = ()


_decoded_words = msgspec.msgpack.Decoder(dict[str, int]).decode
_decoded_taken = msgspec.msgpack.Decoder(_Taken).decode
_encoded = msgspec.msgpack.Encoder().encode


class Kept:
    """A service as the index has it; what is packed is unpacked when it is wanted."""

    def __init__(self, row: Row) -> None:
        _, analyzer, taken, self._words, *self._columns = row
        self._taken = _decoded_taken(taken)
        self.is_whole = analyzer == VERSION and self._columns[0] != _NONE
        """Whether it may be added to: this version of the analyzer has read it, and it is there."""

    @property
    def descriptions(self) -> tuple[Described, ...]:
        """What it was read from, in order."""
        return self._taken.descriptions

    def fields(self) -> dict[str, int]:
        """Its tokens with their fields."""
        return _decoded_words(self._words)

    def document(self) -> Document:
        """All but its words."""
        titles, spellings, marks, bundle = self._columns
        return Document(
            bundle=bundle,
            marks=set(orjson.loads(marks)),
            titles=dict.fromkeys(map(tuple, orjson.loads(titles))),
            listed_title=self._taken.listed_title,
            written_titles=Counter(
                {(language, title): times for language, title, times in self._taken.titles}
            ),
            spellings=set(orjson.loads(spellings)),
        )


def kept_services(connection: Connection, keys: Collection[str]) -> dict[str, Kept]:
    """Those of some services that the index has, or had."""
    return {row[0]: Kept(row) for row in fetch(connection, _KEPT, keys=list(keys))}


class ServiceRows:
    """The rows of a transaction, `number` by `search_state.changed`."""

    def __init__(self, connection: Connection, number: int) -> None:
        self._connection = connection
        self._number = number
        self._new: list[_Row] = []
        self._changed: list[_Row] = []

    def take(
        self,
        key: str,
        document: Document,
        fields: Mapping[str, int],
        descriptions: tuple[Described, ...],
        *,
        is_new: bool,
    ) -> None:
        """A service as it is now.

        Args:
            key: the service.
            document: all but its words.
            fields: all its tokens with their fields.
            descriptions: what it was read from, in order.
            is_new: whether the index never had it.
        """
        titles = tuple((*name, times) for name, times in document.written_titles.items())
        row = (
            key,
            VERSION,
            _encoded(_Taken(document.listed_title, descriptions, titles)),
            orjson.dumps(list(document.titles)).decode(),
            orjson.dumps(document.names()).decode(),
            orjson.dumps(sorted(document.spellings)).decode(),
            orjson.dumps(sorted(document.marks)).decode(),
            document.bundle,
            _encoded(dict(fields)),
            self._number,
        )
        (self._new if is_new else self._changed).append(row)

    def write(self) -> None:
        """Write all that was taken."""
        insert_rows(self._connection, indexed_service, self._new)
        _UPDATE.run(self._connection, self._changed)
        self._new, self._changed = [], []
