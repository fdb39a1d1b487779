"""What drivers say of a database that is away, told from what was wrong with what it was asked."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from hub.errors import DatabaseAwayError

log = logging.getLogger(__name__)

_SQLITE_AWAY = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)
_PRIMARY = 0xFF  # the rest of an extended result code says more of the same
_POSTGRES_AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.DiskFullError,
)


@contextmanager
def told_when_away() -> Iterator[None]:
    """Turn what a driver says of a database that is away into one error; all else passes.

    Raises:
        DatabaseAwayError: where it is away.
    """
    try:
        yield
    except Exception as error:
        if is_away(error):
            log.warning("a database does not answer: %r", error)
            raise DatabaseAwayError from error
        raise


def is_away(error: BaseException | None) -> bool:
    """Whether an error says that a database is away, and not that something was wrong with what was asked of it."""
    if isinstance(error, DBAPIError):
        return (
            error.connection_invalidated
            or is_away(error.orig)
            or is_away(error.orig and error.orig.__cause__)
        )
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", 0) & _PRIMARY in _SQLITE_AWAY
    if isinstance(error, asyncpg.InterfaceError):
        return "closed" in str(error)  # others say that the driver was used wrongly
    return isinstance(error, (*_POSTGRES_AWAY, PoolTimeoutError, OSError))  # a TimeoutError is an OSError too
