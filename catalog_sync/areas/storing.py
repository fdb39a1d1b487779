"""Writing the areas: only what differs from what is there, so that the same lists again change nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Table, and_, bindparam, delete, insert, select, update

from catalog_sync.areas.deriving import Derived, DerivedArea
from catalog_sync.areas.placing import Places
from catalog_sync.catalog.folding import spelled_out
from catalog_sync.catalog.keys import AreaLevel, ars_of, code_of
from catalog_sync.catalog.tables import area, area_postcode, area_successor

_BATCH_ROWS = 1000
_LEVELS = tuple(AreaLevel)
Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """How many rows of a table came, changed, went and stayed."""

    added: int
    changed: int
    removed: int
    unchanged: int

    @property
    def any(self) -> bool:
        """Whether the table is another now."""
        return bool(self.added or self.changed or self.removed)


def store_areas(connection: Connection, derived: Derived) -> Changes:
    """Bring table `area` to what was derived."""
    return _bring(connection, area, 1, map(_row, derived.areas.values()))


def store_successors(connection: Connection, derived: Derived) -> Changes:
    """Bring table `area_successor` to what was derived."""
    pairs = ((code_of(gone), code_of(successor)) for gone, successor in derived.successors.items())
    return _bring(connection, area_successor, 2, pairs)


def store_postcodes(connection: Connection, places: Places) -> Changes:
    """Bring table `area_postcode` to what was placed."""
    rows = ((postcode, code_of(key), name) for (postcode, key), name in places.items())
    return _bring(connection, area_postcode, 2, rows)


def levels_as_bits(levels: Iterable[AreaLevel]) -> int:
    """A set of levels as the table's number: ``1 << index`` in AreaLevel."""
    return sum(1 << _LEVELS.index(level) for level in set(levels))


def _row(one: DerivedArea) -> Values:
    return (
        code_of(one.key),
        ars_of(one.key),
        one.name,
        levels_as_bits(one.levels),
        one.valid_from,
        one.valid_until,
        one.part,
        one.population,
        one.seat_postcode,
        spelled_out(one.name),
        orjson.dumps(one.earlier_names).decode() if one.earlier_names else None,
    )


def _bring(connection: Connection, table: Table, keys: int, wanted: Iterable[Values]) -> Changes:
    """Make a table hold the wanted rows; values in the table's order of columns, the first `keys` are its key."""
    new = {row[:keys]: row for row in wanted}
    old = {tuple(row[:keys]): tuple(row) for row in connection.execute(select(table))}
    added = [new[key] for key in sorted(new.keys() - old.keys())]
    changed = [new[key] for key in sorted(new.keys() & old.keys()) if new[key] != old[key]]
    removed = sorted(old.keys() - new.keys())
    _execute(connection, insert(table), _named(table, added))
    if len(table.columns) > keys:
        _execute(connection, _update(table, keys), _named(table, changed, "new_"))
    gone = delete(table).where(_is_row(table, keys))
    _execute(connection, gone, _named(table, removed, "new_"))
    return Changes(len(added), len(changed), len(removed), len(new) - len(added) - len(changed))


def _update(table: Table, keys: int) -> Any:
    values: dict[str, Any] = {
        column.name: bindparam(f"new_{column.name}") for column in list(table.columns)[keys:]
    }
    return update(table).where(_is_row(table, keys)).values(values)


def _is_row(table: Table, keys: int) -> Any:
    return and_(*(column == bindparam(f"new_{column.name}") for column in list(table.columns)[:keys]))


def _named(table: Table, rows: Sequence[Values], prefix: str = "") -> list[Mapping[str, Any]]:
    names = [prefix + column.name for column in table.columns]
    return [dict(zip(names, row, strict=False)) for row in rows]


def _execute(connection: Connection, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    for start in range(0, len(rows), _BATCH_ROWS):
        connection.execute(statement, rows[start : start + _BATCH_ROWS])
