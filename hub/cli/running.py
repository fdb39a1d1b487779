"""How every command runs: settings, databases, one error sentence instead of a traceback, and the exit status."""

import asyncio
import os
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from catalog_sync.errors import CatalogError
from hub.cli.ending import REFUSED, USAGE, fail
from hub.config import Settings, read_settings
from hub.database import Database, open_database
from hub.errors import DatabaseAwayError, HubError
from identity.errors import IdentityError
from resolvers.moments import BERLIN

__all__ = ["USAGE", "Databases", "fail", "open_databases", "run", "today"]

T = TypeVar("T")

_NOT_MIGRATED = ("no such table", "no such column", "has no column", "does not exist")
"""What SQLite and PostgreSQL say of a database that is missing or older than this program."""

_GOES_ON = "What was accepted goes on when the same command is given again."
_REMEDIES = {
    "disk is full": f"Make room where the databases are. {_GOES_ON}",  # SQLite
    "No space left on device": f"Make room where the databases are. {_GOES_ON}",  # PostgreSQL
    "disk I/O error": f"Look at the disk on which the databases are, and at the system's log. {_GOES_ON}",
    "is locked": f"Another process has been writing for long; wait for it. {_GOES_ON}",
    "readonly database": "Let the account that runs this program write the database files and their folder.",
    "read-only transaction": "HUB_*_URL names a replica or a server that only reads: name the primary.",
    "not a database": "The file is none of SQLite: look at HUB_DATA_DIR or HUB_*_URL, or restore a backup.",
    "is malformed": "The file is damaged: stop the hub and restore the last backup.",
    "too many clients": "The server has no connection left: raise max_connections, or stop what holds them.",
    "too many connections": "The server has no connection left: raise max_connections, or stop what holds them.",
}
"""By what a driver says: what would mend it."""


@dataclass(frozen=True, slots=True)
class Databases:
    """The three open databases of one command."""

    catalog: Database
    identity: Database
    operations: Database


@asynccontextmanager
async def open_databases(settings: Settings) -> AsyncIterator[Databases]:
    """Open all three; they must have been made by `verbundhub migrate`."""
    opened = {name: open_database(settings.url_of(name)) for name in ("catalog", "identity", "operations")}
    try:
        yield Databases(**opened)
    finally:
        for database in opened.values():
            await database.close()


def run(work: Callable[[Settings, Databases], Awaitable[T]]) -> T:
    """Run a command's work over settings from the environment and open databases.

    The errors of all packages end here: their sentence goes to stderr, the status is 64 for settings and 2 for
    input that was refused.
    """

    async def inside() -> T:
        settings = read_settings(os.environ)
        async with open_databases(settings) as databases:
            return await work(settings, databases)

    try:
        return asyncio.run(inside())
    except DatabaseAwayError as error:
        fail(_away_sentence(error.__cause__), USAGE)
    except HubError as error:
        fail(str(error), USAGE)
    except (CatalogError, IdentityError) as error:
        fail(error.sentence, REFUSED)
    except OSError as error:
        fail(_system_sentence(error), USAGE)
    except Exception as error:
        if not _is_of_a_database(error):
            raise
        fail(database_sentence(error), USAGE)


def _away_sentence(error: BaseException | None) -> str:
    if isinstance(error, OSError):
        return _system_sentence(error)
    return database_sentence(error)


def _is_of_a_database(error: Exception) -> bool:
    """Whether it is SQLAlchemy's or a driver's own, for bulk work goes past SQLAlchemy."""
    return isinstance(error, DBAPIError) or type(error).__module__.partition(".")[0] in ("sqlite3", "asyncpg")


def today() -> str:
    """The calendar day in Berlin."""
    return datetime.fromtimestamp(time.time(), UTC).astimezone(BERLIN).date().isoformat()


def database_sentence(error: BaseException | None) -> str:
    """What a driver says, and what would mend it."""
    said = str(error.orig if isinstance(error, DBAPIError) else error)
    cause = said.splitlines()[0] if said else type(error).__name__
    if re.search(r'database "[^"]*" does not exist', cause):
        return f"PostgreSQL has no such database: {cause}. Create it, then run `verbundhub migrate`."
    if any(sign in cause for sign in _NOT_MIGRATED):
        return f"The databases are not ready ({cause}). Run `verbundhub migrate` first."
    if "unable to open database file" in cause:
        return "A database file can't be opened: `verbundhub migrate` makes it, in a folder that must exist."
    for sign, remedy in _REMEDIES.items():
        if sign in cause:
            return f"The database can't be used ({cause}). {remedy}"
    return f"The database did not answer: {cause}"


def _system_sentence(error: OSError) -> str:
    if error.filename is not None:
        return f"{error.filename} can't be used: {error.strerror}."
    return f"The database did not answer: {error}. Is its server running where HUB_*_URL says?"
