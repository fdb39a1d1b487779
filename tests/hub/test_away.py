"""A database that is away: what cannot be served is a 503 with Retry-After, and all goes on when it is back."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import pytest
from sqlalchemy import Connection, make_url, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from catalog_sync.catalog.reading import Statement
from catalog_sync.catalog.tables import source
from catalog_sync.intake import Intake
from catalog_sync.journal import RunState, run_of
from catalog_sync.pipeline.run import Pipeline
from catalog_sync.pipeline.turns import Store
from catalog_sync.sources.registry import add_source
from hub.app import create_app
from hub.config import Settings
from hub.database import Database, open_database
from hub.egress import Egress
from hub.errors import DatabaseAwayError
from hub.pages.rendering import Pages
from hub.postgres_database import PostgresDatabase
from hub.surroundings import Surroundings
from identity.keys import ensure_keys
from identity.source_tokens import SourceTokens
from tests.catalog_sync.pipeline.hub import file, open_hub
from tests.conftest import Databases
from tests.faults import Hang, Through, proxy
from tests.makers import message, service

NOW = 1_779_300_000.0
KEYS = Statement(select(source.c.key).order_by(source.c.key))
T = TypeVar("T")


@dataclass(frozen=True)
class Outage:
    """Databases that a test may take away and bring back."""

    urls: dict[str, str]
    begin: Callable[[], Awaitable[None]]
    end: Callable[[], Awaitable[None]]


@pytest.fixture
async def outage(databases: Databases, tmp_path: Path) -> AsyncIterator[Outage]:
    """PostgreSQL behind a proxy that goes, or SQLite in a folder that goes."""
    url = make_url(databases.urls["catalog"])
    if url.get_backend_name() == "postgresql":
        async with proxy(url.port or 5432) as between:
            through = url.set(host="127.0.0.1", port=between.port).render_as_string(hide_password=False)
            yield Outage(dict.fromkeys(databases.urls, through), between.stop, between.start)
        return
    moved = [tmp_path / f"{name}{end}" for name in databases.urls for end in (".db", ".db-wal", ".db-shm")]

    async def move(ending: str, to: str) -> None:
        for path in moved:
            here = path.with_name(path.name + ending)
            if here.exists():
                here.rename(path.with_name(path.name + to))

    yield Outage(databases.urls, partial(move, "", ".away"), partial(move, ".away", ""))


async def keys(database: Database) -> list[str]:
    async with database.snapshot() as snapshot:
        return [row[0] for row in await snapshot.rows(KEYS)]


def added(key: str) -> Callable[[Connection], Any]:
    return partial(add_source, key=key, name=key, agencies=[key], areas=["06"], now=0)


async def test_every_way_to_a_database_says_that_it_is_away_and_finds_it_when_it_is_back(
    outage: Outage,
) -> None:
    database = open_database(outage.urls["catalog"])
    await database.write(added("first"))
    assert await keys(database) == ["first"]
    await outage.begin()
    for _ in range(2):
        with pytest.raises(DatabaseAwayError):
            await database.write(added("lost"))
        with pytest.raises(DatabaseAwayError):
            await database.read(lambda c: c.execute(text("SELECT 1")).all())
        with pytest.raises(DatabaseAwayError):
            await keys(database)
    await outage.end()
    await database.write(added("second"))
    assert await database.read(lambda c: list(c.scalars(select(source.c.key)))) == ["first", "second"]
    assert await keys(database) == ["first", "second"]
    await database.close()


async def test_an_error_of_the_asker_is_no_outage(databases: Databases) -> None:
    def wrong(connection: Connection) -> None:
        connection.execute(text("INSERT INTO source (id, key, name) VALUES (1, NULL, NULL)"))

    with pytest.raises(IntegrityError):
        await databases.catalog.write(wrong)
    with pytest.raises(DBAPIError):
        await databases.catalog.read(lambda c: c.execute(text("SELECT nothing FROM nowhere")))


@pytest.mark.postgres
async def test_a_server_that_takes_a_connection_and_says_nothing_is_away_in_bounded_time(
    postgres_tables: str,
) -> None:
    url = make_url(postgres_tables)
    async with proxy(url.port or 5432) as between:
        between.fault = Hang()
        database = PostgresDatabase(url.set(host="127.0.0.1", port=between.port), patience=0.1)
        async with asyncio.timeout(5):
            with pytest.raises(DatabaseAwayError):
                await database.read(lambda c: c.execute(text("SELECT 1")).all())
            with pytest.raises(DatabaseAwayError):
                await keys(database)
        between.fault = Through()
        database._patience = 5.0  # noqa: SLF001 - a test's machine may be slow
        assert await keys(database) == []
        await database.close()


@dataclass(frozen=True)
class Site:
    """A hub that serves, its databases, and a source's token."""

    client: httpx2.AsyncClient
    outage: Outage
    token: str

    async def statuses(self) -> dict[str, int]:
        """What each kind of request gets."""
        page = {"Accept": "text/html"}
        push = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/xml"}
        content = message(writes=[service("1")])
        answers = {
            "graph": await self.client.post("/graphql", json={"query": "{ sources { key } }"}),
            "page": await self.client.get("/", headers=page),
            "push": await self.client.post("/sync/hessen/messages", content=content, headers=push),
            "feed": await self.client.get("/changes"),
            "ready": await self.client.get("/readyz"),
            "alive": await self.client.get("/healthz"),
        }
        for name in ("graph", "page", "push", "feed"):
            told = answers[name].headers.get("retry-after")
            assert told == ("5" if answers[name].status_code == 503 else None), (name, told)
        if answers["graph"].status_code == 503:
            (error,) = answers["graph"].json()["errors"]
            assert error["extensions"]["code"] == "UNAVAILABLE"
            assert answers["push"].json()["code"] == "UNAVAILABLE"
            assert "text/html" in answers["page"].headers["content-type"]
            assert answers["ready"].json()["reasons"].keys() == {"catalog", "identity", "operations"}
        return {name: answer.status_code for name, answer in answers.items()}


@pytest.fixture
async def site(databases: Databases, outage: Outage, tmp_path: Path) -> AsyncIterator[Site]:
    ensure_keys(tmp_path, secrets.token_bytes)
    await databases.catalog.write(
        partial(add_source, key="hessen", name="Hessen", agencies=["L100042"], areas=["06"], now=0)
    )
    token = await SourceTokens(databases.identity, lambda: NOW, secrets.token_bytes).issue("hessen")
    urls = {f"{name}_url": url for name, url in outage.urls.items()}
    settings = Settings(data_dir=tmp_path, issuer="http://127.0.0.1:8000", **urls)  # type: ignore[arg-type]
    app = create_app(settings, Surroundings(Egress(), Pages(), lambda: NOW, secrets.token_bytes))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(app.router.lifespan_context(app))
        transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
        client = httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")
        yield Site(await stack.enter_async_context(client), outage, token)


async def test_what_cannot_be_served_is_503_with_a_time_and_is_served_again_without_a_restart(
    site: Site,
) -> None:
    well = dict.fromkeys(("graph", "page", "push", "feed", "ready", "alive"), 200)
    assert await site.statuses() == well
    await site.outage.begin()
    assert await site.statuses() == dict.fromkeys(well, 503) | {"alive": 200}
    await site.outage.end()
    assert await site.statuses() == well


@dataclass
class Flaky:
    """A store that is away for a number of calls."""

    inner: Store
    after: int
    times: int

    def _pass(self) -> None:
        self.after -= 1
        if -self.times <= self.after < 0:
            raise DatabaseAwayError

    async def write(self, work: Callable[[Connection], T]) -> T:
        self._pass()
        return await self.inner.write(work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        self._pass()
        return await self.inner.read(work)


class NoTokens:
    async def verify(self, token: str) -> None:
        return None


@pytest.mark.parametrize("after", range(2, 12, 3))
async def test_a_delivery_that_was_accepted_goes_on_when_the_database_is_back(
    databases: Databases, after: int
) -> None:
    hub = await open_hub(databases)
    catalog, operations = (Flaky(store, 10**9, 0) for store in (databases.catalog, databases.operations))
    pipeline = Pipeline(catalog, operations, clock=hub.now, random=secrets.token_bytes)
    accepted = await pipeline.accept("hessen", [file(message(writes=[service("1"), service("2")]))])
    catalog.after, catalog.times = after, 4
    operations.after, operations.times = after, 4
    intake = Intake(pipeline, NoTokens(), retry_seconds=0.01)
    intake.work_later(accepted)
    ask = partial(run_of, run=accepted.run.id)
    async with asyncio.timeout(10):
        while (run := await databases.operations.read(ask)) is None or run.state is not RunState.FINISHED:  # noqa: ASYNC110 - another task works
            await asyncio.sleep(0.01)
    await intake.close()
    assert run.counts["added"] == 2
    assert await hub.live() == {"LB": 2}
