"""How every command runs: settings, databases, one error sentence instead of a traceback, and the exit status."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from catalog_sync.errors import CatalogError
from hub.cli.ending import REFUSED, USAGE, fail
from hub.config import Settings, read_settings
from hub.database import Database, open_database
from hub.errors import HubError
from identity.errors import IdentityError

__all__ = ["USAGE", "Databases", "fail", "open_databases", "run"]

T = TypeVar("T")


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
    except HubError as error:
        fail(str(error), USAGE)
    except (CatalogError, IdentityError) as error:
        fail(error.sentence, REFUSED)
    except DBAPIError as error:
        fail(_database_sentence(error), USAGE)


def _database_sentence(error: DBAPIError) -> str:
    cause = str(error.orig).splitlines()[0]
    if "no such table" in cause or "does not exist" in cause:
        return f"The databases are not ready ({cause}). Run `verbundhub migrate` first."
    return f"The database did not answer: {cause}"
