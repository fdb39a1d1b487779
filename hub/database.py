"""The three databases and the one-transaction edge.

Writes and ordinary reads are functions over a SQLAlchemy connection; `Database` runs each in one transaction and
commits only here. SQLite has one writer thread with ``BEGIN IMMEDIATE`` (a read that later wants to write fails at
once otherwise); PostgreSQL runs the same functions on its asynchronous engine. The catalogue's hot reads take a
`snapshot`, which speaks to the raw driver. A database that is away is told as `DatabaseAwayError`, and is asked anew by
whoever comes next: nothing has to be started again when it is back.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

from sqlalchemy import Connection, make_url

from catalog_sync.catalog.reading import Snapshot
from hub.postgres_database import PostgresDatabase
from hub.sqlite_database import SqliteDatabase

T = TypeVar("T")


class Database(Protocol):
    """What the packages are handed; `identity` and `catalog_sync` each declare the part of it that they need.

    Each of its ways raises DatabaseAwayError where the database does not answer.
    """

    dialect: str

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction that may write; it is committed when `work` returns."""
        ...

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction that only reads."""
        ...

    def snapshot(self) -> AbstractAsyncContextManager[Snapshot]:
        """The state of one moment on the raw driver, for the hot reads."""
        ...

    async def close(self) -> None:
        """Give back all connections."""
        ...


def open_database(url: str) -> Database:
    """Open a database by its SQLAlchemy URL; nothing is created in it (see `hub.migrations`)."""
    parsed = make_url(url)
    return SqliteDatabase(parsed) if parsed.get_backend_name() == "sqlite" else PostgresDatabase(parsed)
