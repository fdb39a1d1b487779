"""A database in one file, SQLite in WAL mode."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import orjson
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from catalog_sync.catalog.reading import Row, Snapshot, Statement
from hub.away import told_when_away
from hub.errors import DatabaseAwayError, SnapshotEndedError

T = TypeVar("T")
_BUSY_MILLISECONDS = 10_000
_WRITERS_CACHE_KIB = 16 * 1024
"""Pages that a writer keeps in memory: a batch touches some thousand, SQLite's own two megabytes are five hundred."""
_PAGES_LOGGED = 4000
"""Pages in the log from which on they are brought into the file, 16 MB: what many batches change goes there once."""


class SqliteDatabase:
    """One file in WAL mode: one writer thread, read-only connections for everything else."""

    dialect = "sqlite"

    def __init__(self, url: URL) -> None:
        self.path = Path(url.database or "")
        self._made = False
        self._engine = create_engine(url, poolclass=NullPool, creator=self._connect)
        _configure(self._engine)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"writer-{self.path.stem}")
        self._writer: Connection | None = None
        self._written: _File = None
        self._idle: list[tuple[_File, sqlite3.Connection]] = []
        self._reader_engine = create_engine(url, poolclass=NullPool, creator=self._connect)
        _configure(self._reader_engine, begin="BEGIN")

    def _connect(self) -> sqlite3.Connection:
        """Open the file; it is made only by the first who ever does, so that one that vanished is missed."""
        mode = "rw" if self._made else "rwc"
        connection = sqlite3.connect(
            f"file:{quote(str(self.path))}?mode={mode}", uri=True, check_same_thread=False
        )
        self._made = True
        return connection

    async def write(self, work: Callable[[Connection], T]) -> T:
        """See `Database.write`."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, partial(self._write, work))

    def _write(self, work: Callable[[Connection], T]) -> T:
        try:
            with told_when_away():
                writer = self._opened_writer()
                with writer.begin():
                    return work(writer)
        except DatabaseAwayError:
            self._close_writer()
            raise

    def _opened_writer(self) -> Connection:
        """The writer, of the file that is there now: what is written to one that was taken away would be lost."""
        there = _file(self.path)
        if self._writer is not None and there != self._written:
            self._close_writer()
        if self._writer is None:
            self._writer = self._engine.connect()
            self._written = _file(self.path)
        return self._writer

    async def read(self, work: Callable[[Connection], T]) -> T:
        """See `Database.read`: bounded and indexed reads, inline on the event loop."""
        with told_when_away(), self._reader_engine.connect() as connection, connection.begin():
            return work(connection)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Snapshot]:
        """See `Database.snapshot`."""
        there = _file(self.path)
        with told_when_away():
            connection = self._idle_reader(there)
            connection.execute("BEGIN")
        snapshot = SqliteSnapshot(connection)
        try:
            yield snapshot
        finally:
            snapshot.end()
            connection.execute("COMMIT")
            self._idle.append((there, connection))

    def _idle_reader(self, there: "_File") -> sqlite3.Connection:
        while self._idle:
            of, connection = self._idle.pop()
            if of == there:
                return connection
            connection.close()
        return self._open_reader()

    def _open_reader(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{quote(str(self.path))}?mode=ro", uri=True, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA query_only=1")
        connection.execute("PRAGMA mmap_size=1073741824")
        connection.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")
        return connection

    async def close(self) -> None:
        """See `Database.close`."""
        while self._idle:
            self._idle.pop()[1].close()
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close_writer)
        self._thread.shutdown()
        self._engine.dispose()
        self._reader_engine.dispose()

    def _close_writer(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()


_File = tuple[int, int] | None


def _file(path: Path) -> _File:
    """Which file stands at a path; None where there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116 - once for every request: half the time of Path.stat
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _configure(engine: Engine, *, begin: str = "BEGIN IMMEDIATE") -> None:
    @event.listens_for(engine, "connect")
    def _settings(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # the driver's own implicit BEGIN would be a deferred one
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")  # an acknowledged object survives a power cut
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")
        connection.execute(f"PRAGMA cache_size=-{_WRITERS_CACHE_KIB}")
        connection.execute(f"PRAGMA wal_autocheckpoint={_PAGES_LOGGED}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


class SqliteSnapshot:
    """Reads inline on the event loop: a bounded, indexed read takes microseconds, a thread would take longer."""

    __slots__ = ("_connection", "_ended", "statements")

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._ended = False
        self.statements = 0

    def end(self) -> None:
        """Refuse whatever still comes: the connection is another request's from now on."""
        self._ended = True

    async def rows(self, statement: Statement, **values: Any) -> Sequence[Row]:
        """See `Snapshot.rows`."""
        if self._ended:
            raise SnapshotEndedError
        self.statements += 1
        for name in statement.lists:
            values[name] = orjson.dumps(values[name]).decode()
        with told_when_away():
            return self._connection.execute(
                statement.sqlite, [values[name] for name in statement.sqlite_names]
            ).fetchall()
