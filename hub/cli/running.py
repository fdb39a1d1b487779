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
    except DBAPIError as error:
        fail(_database_sentence(error), USAGE)
    except OSError as error:
        fail(_system_sentence(error), USAGE)


def _away_sentence(error: BaseException | None) -> str:
    if isinstance(error, DBAPIError):
        return _database_sentence(error)
    if isinstance(error, OSError):
        return _system_sentence(error)
    return f"The database did not answer: {error}"


def today() -> str:
    """The calendar day in Berlin."""
    return datetime.fromtimestamp(time.time(), UTC).astimezone(BERLIN).date().isoformat()


def _database_sentence(error: DBAPIError) -> str:
    cause = str(error.orig).splitlines()[0]
    if re.search(r'database "[^"]*" does not exist', cause):
        return f"PostgreSQL has no such database: {cause}. Create it, then run `verbundhub migrate`."
    if any(sign in cause for sign in _NOT_MIGRATED):
        return f"The databases are not ready ({cause}). Run `verbundhub migrate` first."
    if "unable to open database file" in cause:
        return "A database file can't be opened: `verbundhub migrate` makes it, in a folder that must exist."
    return f"The database did not answer: {cause}"


def _system_sentence(error: OSError) -> str:
    if error.filename is not None:
        return f"{error.filename} can't be used: {error.strerror}."
    return f"The database did not answer: {error}. Is its server running where HUB_*_URL says?"
