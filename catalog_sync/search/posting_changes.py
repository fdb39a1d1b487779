"""What changes in the lists of postings: collected over many services, then written a list at a time."""

from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from catalog_sync.catalog.bulk import Many, fetch, insert_rows
from catalog_sync.catalog.reading import Statement, listed
from catalog_sync.catalog.tables import posting
from catalog_sync.search.fields import PARAGRAPH, PART, STRONG
from catalog_sync.search.postings import fields_of, packed, patched, posting_of

_MANY = 4_000_000
"""Postings kept in memory, 8 bytes each: more are written at once. Each list is written as seldom as possible."""
_LISTS = 2000
_HELD = Statement(
    select(posting.c.token, posting.c.services, posting.c.strong).where(listed(posting.c.token, "tokens"))
)
_WRITTEN = ("services", "count", "strong", "changed")
_UPDATE = Many(
    update(posting)
    .where(posting.c.token == bindparam("the_token"))
    .values({name: bindparam(f"new_{name}") for name in _WRITTEN}),
    *(f"new_{name}" for name in _WRITTEN),
    "the_token",
)
_STRONG = int(STRONG)

_Row = tuple[Any, ...]


class PostingChanges:
    """Changes of one transaction.

    Args:
        connection: that writes, and nobody else meanwhile.
        number: of the transaction, see `search_state.changed`.
    """

    def __init__(self, connection: Connection, number: int) -> None:
        self._connection = connection
        self._number = number
        self._changes: dict[str, array[int]] = defaultdict(_array)
        self._surfaces: dict[str, str] = {}
        self._postings = 0

    def take(self, key: int, fields: Mapping[str, int], surfaces: Mapping[str, str]) -> None:
        """Let tokens stand in these fields of a service; those without any do not stand in it.

        Args:
            key: the service; each once in a transaction, unless all is `written` in between.
            fields: of the tokens that change.
            surfaces: token -> a word as written, for tokens that no service had.
        """
        changes, base = self._changes, posting_of(key, 0)
        for token, mask in fields.items():
            changes[token].append(base | mask)
            if (surface := surfaces.get(token)) is not None:
                self._surfaces[token] = surface
        self._postings += len(fields)
        if self._postings > _MANY:
            self.write()

    def write(self) -> None:
        """Write all that was taken."""
        tokens = sorted(self._changes)
        for start in range(0, len(tokens), _LISTS):
            self._write(tokens[start : start + _LISTS])
        self._changes.clear()
        self._surfaces.clear()
        self._postings = 0

    def _write(self, tokens: Sequence[str]) -> None:
        held = {
            token: (services, strong)
            for token, services, strong in fetch(self._connection, _HELD, tokens=tokens)
        }
        insert_rows(self._connection, posting, list(self._new(one for one in tokens if one not in held)))
        _UPDATE.run(self._connection, [self._changed(token, *found) for token, found in held.items()])

    def _new(self, tokens: Iterator[str]) -> Iterator[_Row]:
        """Rows of tokens that no service had."""
        for token in tokens:
            found = patched(b"", self._changes[token])
            surface = self._surfaces.get(token, token)
            yield token, packed(found), len(found), _is_strong(token, found), surface, self._number

    def _changed(self, token: str, services: bytes, strong: object) -> _Row:
        """The values of `_WRITTEN`, and the token."""
        changes = self._changes[token]
        found = patched(services, changes)
        is_strong = _is_strong(token, changes) or (bool(strong) and _is_strong(token, found))
        return packed(found), len(found), is_strong, self._number, token


def _array() -> "array[int]":
    return array("Q")


def _is_strong(token: str, postings: "array[int]") -> bool:
    return token[0] not in (PARAGRAPH, PART) and bool(fields_of(postings) & _STRONG)
