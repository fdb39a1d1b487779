"""What this package needs of a database, and how lists and organisations rest in it."""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Protocol, TypeVar

from sqlalchemy import Connection, Insert
from sqlalchemy.exc import IntegrityError

from identity.subject import Organisation

T = TypeVar("T")


class Database(Protocol):
    """The accounts' database: one call is one transaction, committed when `work` returns."""

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction that may write."""
        ...

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction that only reads."""
        ...


def inserted(connection: Connection, statement: Insert) -> bool:
    """Insert a row; False when another request has made it in this very moment."""
    try:
        with connection.begin_nested():
            connection.execute(statement)
    except IntegrityError:
        return False
    return True


def packed(texts: Iterable[str]) -> str:
    """Pack texts as a JSON array for a column."""
    return json.dumps(list(texts))


def unpacked(column: str) -> tuple[str, ...]:
    """Read the texts of a column that `packed` wrote."""
    return tuple(json.loads(column))


def packed_organisation(organisation: Organisation | None) -> str | None:
    """Pack for whom somebody acts for a column."""
    return json.dumps(asdict(organisation)) if organisation else None


def unpacked_organisation(column: str | None) -> Organisation | None:
    """Read what `packed_organisation` wrote."""
    return Organisation(**json.loads(column)) if column else None
