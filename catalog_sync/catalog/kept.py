"""What a process keeps of the catalogue from request to request, decoded, as long as its state stays the same."""

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from catalog_sync.catalog import stored
from catalog_sync.catalog.memo import Keep
from catalog_sync.catalog.records import EntryRecord, ModuleRow

_MEGABYTE = 1024 * 1024
_OBJECT = 400
"""Bytes of a record beside its texts."""
_DECODED = 3
"""A decoded head takes so many times the room of its JSON."""


class Kept:
    """Of one state of the catalogue; a reader over another state must not use it.

    Args:
        new: makes a store of so many bytes.

    Attributes:
        made: what fields work out of an object alone, whoever asks: the key begins with a name of the field's own.
    """

    def __init__(self, new: Callable[[int], Keep]) -> None:
        self.services = new(1 * _MEGABYTE)
        self.entries_of_services = new(16 * _MEGABYTE)
        self.entries = new(8 * _MEGABYTE)
        self.specialisations = new(1 * _MEGABYTE)
        self.facts = new(4 * _MEGABYTE)
        self.modules = new(10 * _MEGABYTE)
        self.groups = new(1 * _MEGABYTE)
        self.made = new(6 * _MEGABYTE)


class Forgetful:
    """Keeps nothing, whatever room it is given."""

    def __init__(self, most: int) -> None:
        """Take no room."""

    def get(self, key: Any) -> Any | None:
        """Nothing."""

    def put(self, key: Any, value: Any, size: int) -> None:
        """Let it go."""


class Under:
    """A part of a store: its keys are another's with something before them."""

    __slots__ = ("_before", "_inner")

    def __init__(self, inner: Keep, before: Hashable) -> None:
        self._inner = inner
        self._before = before

    def get(self, key: Any) -> Any | None:
        """See `Keep`."""
        return self._inner.get((self._before, key))

    def put(self, key: Any, value: Any, size: int) -> None:
        """See `Keep`."""
        self._inner.put((self._before, key), value, size)


def size_of_record(record: EntryRecord) -> int:
    """Bytes of a record in memory, roughly."""
    head: Any = record.head  # type: ignore[attr-defined]  # every subclass has one
    return _OBJECT + _DECODED * len(stored.encode(head))


def size_of_records(records: Iterable[EntryRecord]) -> int:
    """Bytes of some records."""
    return 100 + sum(map(size_of_record, records))


def size_of_modules(rows: Iterable[ModuleRow]) -> int:
    """Bytes of text modules, with the text without markup that is worked out when it is asked for."""
    return 100 + sum(_OBJECT + 3 * len(row.html) for row in rows)
