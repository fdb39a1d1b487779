import asyncio
import os
import shutil
import uuid
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import asyncpg
import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import make_url

from hub.database import Database, open_database
from hub.migrations import METADATA, upgrade
from tests.emptying import empty_tables
from tests.postgres import postgres_server

SHARED = Path(__file__).parent.parent.parent / "shared" / "data"


@dataclass(frozen=True)
class Databases:
    """The three databases, freshly made and empty."""

    catalog: Database
    identity: Database
    operations: Database
    urls: dict[str, str]


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A database of its own for this worker, on a real server."""
    with postgres_server() as server:
        name = f"hub_test_{uuid.uuid4().hex[:12]}"
        _administer(server, f"CREATE DATABASE \"{name}\" TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            _administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _administer(server: str, statement: str) -> None:
    """Run one statement on the server; in a thread, for the caller may be inside a running event loop."""
    _in_thread(_statement(server, statement))


def _in_thread(work: Coroutine[None, None, None]) -> None:
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


async def _statement(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
async def databases(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Databases]:
    """The three databases on each kind of server in turn."""
    async for made in _made(request, tmp_path, request.param):
        yield made


@pytest.fixture
async def sqlite_databases(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Databases]:
    """The three databases on SQLite only, for tests whose subject is not storage."""
    async for made in _made(request, tmp_path, "sqlite"):
        yield made


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Empty databases as the migrations make them; each test takes copies."""
    folder = tmp_path_factory.mktemp("empty")
    _in_thread(_upgraded({name: f"sqlite:///{folder / name}.db" for name in METADATA}))
    return folder


@pytest.fixture(scope="session")
def postgres_tables(postgres_url: str) -> str:
    """The same on PostgreSQL, where tests empty what they filled."""
    _in_thread(_upgraded(dict.fromkeys(METADATA, postgres_url)))
    return postgres_url


@pytest.fixture
def postgres_opened(postgres_tables: str) -> Iterator[str]:
    """The same for a test that opens it by itself and more than once: emptied when it ends."""
    yield postgres_tables
    _in_thread(_cleared(postgres_tables))


async def _cleared(url: str) -> None:
    database = open_database(url)
    for name in METADATA:
        await database.write(partial(empty_tables, name=name))
    await database.close()


async def _upgraded(urls: dict[str, str]) -> None:
    for name, url in urls.items():
        database = open_database(url)
        await database.write(partial(upgrade, name=name))
        await database.close()


async def _made(request: pytest.FixtureRequest, tmp_path: Path, kind: str) -> AsyncIterator[Databases]:
    if kind == "sqlite":
        empty = request.getfixturevalue("sqlite_files")
        for name in METADATA:
            shutil.copy(empty / f"{name}.db", tmp_path / f"{name}.db")
        urls = {name: f"sqlite:///{tmp_path / name}.db" for name in METADATA}
    else:
        urls = dict.fromkeys(METADATA, request.getfixturevalue("postgres_tables"))
    opened = {name: open_database(url) for name, url in urls.items()}
    try:
        yield Databases(**opened, urls=urls)
    finally:
        for name, database in opened.items():
            if kind == "postgresql":
                await database.write(partial(empty_tables, name=name))
            await database.close()


@pytest.fixture
def shared() -> Path:
    """The folder of sample data beside the repository; tests that read it skip with a word where it is missing."""
    if not SHARED.is_dir():
        pytest.skip(
            "the sample data beside the repository is not there; the same rules have tests on own makers"
        )
    return SHARED


settings.register_profile("ci", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Drawn cases are the same in every run that decides about a landing; people's own runs draw new ones."""

if os.environ.get("CI"):
    settings.load_profile("ci")


def pytest_configure(config: pytest.Config) -> None:
    """Keep settings of the one who runs the tests out of them."""
    for name in [name for name in os.environ if name.startswith("HUB_") and not name.startswith("HUB_TEST_")]:
        del os.environ[name]
