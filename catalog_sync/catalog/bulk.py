"""Many rows at once: statement text compiled once a table, tuples straight to the driver.

SQLAlchemy's own executemany costs a quarter to two thirds of the rate (docs/adr/0002), and its rows as much as reading
them; the text is still its own. PostgreSQL takes many new rows by COPY.
"""

from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import Column, Connection, Dialect, Table, delete, insert
from sqlalchemy.sql.dml import UpdateBase

from catalog_sync.catalog.reading import Row, Statement, listed

_TEXTS: dict[tuple[str, str], str] = {}
_COPIED_FROM = 40
"""Rows: below, asking PostgreSQL for the columns' types costs more than COPY saves."""
_CHUNK = 5000


def insert_rows(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows whose values stand in the order of the table's columns."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        _sqlite(connection).executemany(_insert_text(table, connection.dialect), rows)
    elif len(rows) >= _COPIED_FROM:
        columns = list(table.c.keys())
        _asyncpg(connection, lambda raw: raw.copy_records_to_table(table.name, records=rows, columns=columns))
    else:
        connection.exec_driver_sql(_insert_text(table, connection.dialect), list(rows))


def insert_new_rows(connection: Connection, table: Table, rows: Collection[tuple[Any, ...]]) -> None:
    """The same for rows of which some may be there."""
    if rows:
        statement = f"{_insert_text(table, connection.dialect)} ON CONFLICT DO NOTHING"
        _executemany(connection, statement, list(rows))


def _insert_text(table: Table, dialect: Dialect) -> str:
    known = _TEXTS.get((dialect.name, table.name))
    if known is None:
        known = str(insert(table).compile(dialect=dialect, column_keys=list(table.c.keys())))
        _TEXTS[dialect.name, table.name] = known
    return known


class Many:
    """An UPDATE or DELETE that is run once for each of many rows, as text compiled once.

    Args:
        statement: with a parameter for each name.
        names: the order in which a row's values stand.
    """

    def __init__(self, statement: UpdateBase, *names: str) -> None:
        self._statement, self._names = statement, names
        self._compiled: dict[str, tuple[str, list[int]]] = {}

    def run(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        """Run it for these rows."""
        if rows:
            text, places = self._text(connection.dialect)
            _executemany(connection, text, [tuple([row[place] for place in places]) for row in rows])

    def _text(self, dialect: Dialect) -> tuple[str, list[int]]:
        known = self._compiled.get(dialect.name)
        if known is None:
            compiled = self._statement.compile(dialect=dialect)
            order: list[str] = getattr(compiled, "positiontup", [])
            known = self._compiled[dialect.name] = str(compiled), [self._names.index(one) for one in order]
        return known


def _executemany(connection: Connection, text: str, rows: list[tuple[Any, ...]]) -> None:
    if connection.dialect.name == "sqlite":
        _sqlite(connection).executemany(text, rows)
    else:
        connection.exec_driver_sql(text, rows)


def fetch(connection: Connection, statement: Statement, **values: Any) -> Sequence[Row]:
    """The rows of a statement as the driver gives them; a value that a `listed` parameter takes is a list."""
    if connection.dialect.name == "sqlite":
        for name in statement.lists:
            values[name] = orjson.dumps(values[name]).decode()
        given = [values[name] for name in statement.sqlite_names]
        found: Sequence[Row] = _sqlite(connection).execute(statement.sqlite, given).fetchall()
        return found
    given = [values[name] for name in statement.postgresql_names]
    rows: Sequence[Row] = _asyncpg(connection, lambda raw: raw.fetch(statement.postgresql, *given))
    return rows


def fetch_of(
    connection: Connection, statement: Statement, name: str, values: Collection[Any], **more: Any
) -> Iterator[Row]:
    """The same for a list of any length, asked in pieces."""
    listing = list(values)
    for start in range(0, len(listing), _CHUNK):
        yield from fetch(connection, statement, **{name: listing[start : start + _CHUNK]}, **more)


def _sqlite(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _asyncpg(connection: Connection, work: Callable[[Any], Awaitable[Any]]) -> Any:
    """Run work on the driver's own connection, in the transaction that SQLAlchemy only begins when it is needed."""
    pooled = connection.connection
    raw: Any = pooled.driver_connection
    if not raw.is_in_transaction():
        connection.exec_driver_sql("SELECT 1")
    adapted: Any = pooled.dbapi_connection
    return adapted.run_async(work)


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
