"""The three databases and the one-transaction edge.

Writes and ordinary reads are functions over a SQLAlchemy connection; `Database` runs each in one transaction and
commits only here. SQLite has one writer thread with ``BEGIN IMMEDIATE`` (a read that later wants to write fails at
once otherwise); PostgreSQL runs the same functions on its asynchronous engine. The catalogue's hot reads take a
`snapshot`, which speaks to the raw driver.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar
from urllib.parse import quote

import asyncpg
import orjson
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from catalog_sync.catalog.reading import Row, Snapshot, Statement
from hub.errors import SnapshotEndedError

T = TypeVar("T")
_BUSY_MILLISECONDS = 10_000


class Database(Protocol):
    """What the packages are handed; `identity` and `catalog_sync` each declare the part of it that they need."""

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


class SqliteDatabase:
    """One file in WAL mode: one writer thread, read-only connections for everything else."""

    dialect = "sqlite"

    def __init__(self, url: URL) -> None:
        self.path = Path(url.database or "")
        self._engine = create_engine(url, poolclass=NullPool)
        _configure(self._engine)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"writer-{self.path.stem}")
        self._writer: Connection | None = None
        self._idle: list[sqlite3.Connection] = []
        self._reader_engine = create_engine(url, poolclass=NullPool)
        _configure(self._reader_engine, begin="BEGIN")

    async def write(self, work: Callable[[Connection], T]) -> T:
        """See `Database.write`."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, partial(self._write, work))

    def _write(self, work: Callable[[Connection], T]) -> T:
        if self._writer is None:
            self._writer = self._engine.connect()
        with self._writer.begin():
            return work(self._writer)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """See `Database.read`: bounded and indexed reads, inline on the event loop."""
        with self._reader_engine.connect() as connection, connection.begin():
            return work(connection)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Snapshot]:
        """See `Database.snapshot`."""
        connection = self._idle.pop() if self._idle else self._open_reader()
        connection.execute("BEGIN")
        snapshot = SqliteSnapshot(connection)
        try:
            yield snapshot
        finally:
            snapshot.end()
            connection.execute("COMMIT")
            self._idle.append(connection)

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
            self._idle.pop().close()
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close_writer)
        self._thread.shutdown()
        self._engine.dispose()
        self._reader_engine.dispose()

    def _close_writer(self) -> None:
        if self._writer is not None:
            self._writer.close()


def _configure(engine: Engine, *, begin: str = "BEGIN IMMEDIATE") -> None:
    @event.listens_for(engine, "connect")
    def _settings(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # the driver's own implicit BEGIN would be a deferred one
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")  # an acknowledged object survives a power cut
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")

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
            raise _ended()
        self.statements += 1
        for name in statement.lists:
            values[name] = orjson.dumps(values[name]).decode()
        return self._connection.execute(
            statement.sqlite, [values[name] for name in statement.sqlite_names]
        ).fetchall()


def _ended() -> SnapshotEndedError:
    return SnapshotEndedError("The request that this read belongs to has been answered.")


class PostgresDatabase:
    """A PostgreSQL server: SQLAlchemy's asynchronous engine, and a pool of raw connections for snapshots."""

    dialect = "postgresql"

    def __init__(self, url: URL, *, connections: int = 8) -> None:
        self._url = url
        self._connections = connections
        self._engine: AsyncEngine = create_async_engine(
            url.set(drivername="postgresql+asyncpg"), pool_size=connections, pool_pre_ping=True
        )
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None

    async def write(self, work: Callable[[Connection], T]) -> T:
        """See `Database.write`."""
        async with self._engine.begin() as connection:
            return await connection.run_sync(work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """See `Database.read`."""
        async with self._engine.connect() as connection:
            return await connection.run_sync(work)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Snapshot]:
        """See `Database.snapshot`."""
        if self._pool is None:
            dsn = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
            self._pool = await asyncpg.create_pool(dsn, min_size=0, max_size=self._connections)
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            snapshot = PostgresSnapshot(connection)
            try:
                yield snapshot
            finally:
                await snapshot.end()

    async def close(self) -> None:
        """See `Database.close`."""
        if self._pool is not None:
            await self._pool.close()
        await self._engine.dispose()


class PostgresSnapshot:
    """One connection in one read-only transaction; statements that arrive together wait for each other."""

    __slots__ = ("_connection", "_ended", "_turn", "statements")

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._ended = False
        self._turn = asyncio.Lock()
        self.statements = 0

    async def end(self) -> None:
        """Refuse whatever still comes, and wait for a statement that runs: until then nothing can be committed.

        GraphQL's executor answers as soon as a field that must not be null has failed; its neighbours go on reading.
        """
        self._ended = True
        async with self._turn:
            return

    async def rows(self, statement: Statement, **values: Any) -> Sequence[Row]:
        """See `Snapshot.rows`."""
        async with self._turn:
            if self._ended:
                raise _ended()
            self.statements += 1
            found: Sequence[Row] = await self._connection.fetch(
                statement.postgresql, *[values[name] for name in statement.postgresql_names]
            )
            return found
