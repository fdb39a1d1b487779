"""A PostgreSQL for the benchmarks: the server that the tests use, and a database of its own on it."""

import asyncio
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
import pytest
from sqlalchemy import make_url

from tests.postgres import postgres_server


@contextmanager
def postgres_database() -> Iterator[str | None]:
    """The address of an empty database, dropped afterwards; None where there is no server.

    The wheel's server runs without fsync, as for the tests: writing is quicker there than on one that must not lose
    anything.
    """
    serving = postgres_server()
    try:
        server = serving.__enter__()
    except pytest.skip.Exception:
        yield None
        return
    try:
        name = f"hub_bench_{uuid.uuid4().hex[:12]}"
        _run(server, f"CREATE DATABASE \"{name}\" TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            _run(server, f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        serving.__exit__(None, None, None)


def _run(server: str, statement: str) -> None:
    async def inside() -> None:
        connection = await asyncpg.connect(server)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(inside())
