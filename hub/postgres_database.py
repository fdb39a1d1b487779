"""A database on a PostgreSQL server."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import Connection
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from catalog_sync.catalog.reading import Row, Snapshot, Statement
from hub.away import told_when_away
from hub.errors import SnapshotEndedError

T = TypeVar("T")
_BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_PATIENCE_SECONDS = 5.0
"""How long a server may take to take up a connection or to begin; one that is there does it in milliseconds."""


class PostgresDatabase:
    """A PostgreSQL server: SQLAlchemy's asynchronous engine, and a pool of raw connections for snapshots."""

    dialect = "postgresql"

    def __init__(self, url: URL, *, connections: int = 8, patience: float = _PATIENCE_SECONDS) -> None:
        self._url = url
        self._connections = connections
        self._engine: AsyncEngine = create_async_engine(
            url.set(drivername="postgresql+asyncpg"), pool_size=connections, pool_pre_ping=True
        )
        self._patience = patience
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None

    async def write(self, work: Callable[[Connection], T]) -> T:
        """See `Database.write`."""
        with told_when_away():
            async with self._connected() as connection, connection.begin():
                return await connection.run_sync(work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """See `Database.read`."""
        with told_when_away():
            async with self._connected() as connection:
                return await connection.run_sync(work)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[AsyncConnection]:
        connecting = self._engine.connect()
        async with asyncio.timeout(self._patience):
            connection = await connecting
        try:
            yield connection
        finally:
            await connection.close()

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Snapshot]:
        """See `Database.snapshot`."""
        if self._pool is None:
            dsn = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
            self._pool = await asyncpg.create_pool(dsn, min_size=0, max_size=self._connections)
        with told_when_away():
            async with asyncio.timeout(self._patience):
                connection = await self._pool.acquire()
        snapshot = PostgresSnapshot(connection)
        try:
            with told_when_away():
                async with asyncio.timeout(self._patience):
                    await connection.execute(_BEGIN)
            yield snapshot
        finally:
            await self._given_back(self._pool, connection, snapshot)

    async def _given_back(
        self, pool: "asyncpg.Pool[asyncpg.Record]", connection: Any, snapshot: "PostgresSnapshot"
    ) -> None:
        """End the transaction; a connection that cannot even do that is cut off, and the next one is a new one."""
        try:
            async with asyncio.timeout(self._patience):
                await snapshot.end()
                await connection.execute("COMMIT")
        except Exception:  # noqa: BLE001 - whatever it was: nothing was written, and the answer stands without it
            connection.terminate()
        finally:
            await pool.release(connection)

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
                raise SnapshotEndedError
            self.statements += 1
            with told_when_away():
                found: Sequence[Row] = await self._connection.fetch(
                    statement.postgresql, *[values[name] for name in statement.postgresql_names]
                )
            return found
