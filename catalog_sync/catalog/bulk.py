"""Many rows at once: statement text compiled once a table, tuples straight to the driver.

SQLAlchemy's own executemany costs a quarter to two thirds of the rate (docs/adr/0002); the text is still its own.
"""

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import Column, Connection, Dialect, Table, delete, insert

from catalog_sync.catalog.reading import listed

_TEXTS: dict[tuple[str, str], str] = {}


def insert_rows(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows whose values stand in the order of the table's columns."""
    if rows:
        connection.exec_driver_sql(_insert_text(table, connection.dialect), list(rows))


def insert_new_rows(connection: Connection, table: Table, rows: Collection[tuple[Any, ...]]) -> None:
    """The same for rows of which some may be there."""
    if rows:
        statement = f"{_insert_text(table, connection.dialect)} ON CONFLICT DO NOTHING"
        connection.exec_driver_sql(statement, list(rows))


def _insert_text(table: Table, dialect: Dialect) -> str:
    known = _TEXTS.get((dialect.name, table.name))
    if known is None:
        known = str(insert(table).compile(dialect=dialect, column_keys=list(table.c.keys())))
        _TEXTS[dialect.name, table.name] = known
    return known


def delete_rows(connection: Connection, column: Column[Any], values: Collection[Any]) -> None:
    """Delete the rows in which a column has one of the values."""
    if values:
        connection.execute(_deletion(column), {"values": as_list(connection, values)})


@lru_cache
def _deletion(column: Column[Any]) -> Any:
    return delete(column.table).where(listed(column, "values"))


def as_list(connection: Connection, values: Collection[Any]) -> Any:
    """Values for a `listed` parameter: JSON on SQLite, an array on PostgreSQL."""
    return orjson.dumps(list(values)).decode() if connection.dialect.name == "sqlite" else list(values)
