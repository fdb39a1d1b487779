"""Catalogues for tests, filled by the real pipeline, and the graph over them to ask."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

import orjson
import pytest
from sqlalchemy import Connection

from catalog_sync.areas.importing import import_areas
from catalog_sync.areas.recognition import read_sources
from catalog_sync.catalog.reading import Row, Snapshot, Statement
from catalog_sync.leika.importing import import_services
from catalog_sync.leika.reading import read_catalogue
from catalog_sync.pipeline.run import Pipeline
from catalog_sync.pipeline.steps import Mode
from catalog_sync.search.indexing import reindex, reindex_all
from catalog_sync.sources.incoming import Incoming
from catalog_sync.sources.registry import add_source
from hub.database import Database, open_database
from hub.execution.running import Executor, Operation
from hub.graph import FindViewer, Graph, GraphAnswer, nobody
from identity.source_access import MaySee, nobodys_access
from tests.conftest import Databases
from tests.emptying import empty_tables
from tests.makers import AGENCY

T = TypeVar("T")
Json = dict[str, Any]

HUB = "https://hub.example"
NOON = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
"""The moment at which these catalogues are asked: a Monday, 12 o'clock in Berlin."""

AREAS = """ars,name
02,Hamburg
02000,Hamburg
020000000000,Hamburg
06,Hessen
064,Regierungsbezirk Darmstadt
06440,Wetteraukreis
064400008008,Friedberg (Hessen)
065,Regierungsbezirk Gießen
06531,Landkreis Gießen
065310005005,Gießen
06532,Lahn-Dill-Kreis
065320001001,Aßlar
065320021021,Solms
065320023023,Wetzlar
01,Schleswig-Holstein
01060,Segeberg
010605053,Amt Trave-Land
010605053005,Bebensee
05,Nordrhein-Westfalen
051,Regierungsbezirk Düsseldorf
05170,Wesel
051700024024,Moers
10,Saarland
10041,Regionalverband Saarbrücken
100410100100,Saarbrücken
14,Sachsen
14628,Sächsische Schweiz-Osterzgebirge
146285229,Lohmen
146285229270,Lohmen
14612,Dresden
146120000000,Dresden
"""
POSTCODES = """plz,ars,ort
35576,065320023023,Wetzlar
35578,065320023023,Wetzlar
35606,065320021021,Solms
01067,146120000000,Dresden
"""
WETZLAR, SOLMS, ASSLAR, GIESSEN = "065320023023", "065320021021", "065320001001", "065310005005"
LAHN_DILL, HESSE, SAXONY, HAMBURG, GERMANY = "065320000000", "06", "14", "02", "00"

IDENTITY_CARD, BUSINESS = "99008001012000", "99050012104000"
SERVICES = f"""leika_key,name,typisierung,ozg_id,ozg_leistung
{IDENTITY_CARD},Personalausweis Ausstellung,2/3,10119,Personalausweis
{BUSINESS},Gewerbe Anmeldung,2;3a,10513,Gewerbeanmeldung
99115005104000,Wohnsitz Anmeldung,2/3,10120,Wohnsitz
"""
BUNDLES = """ozg_id,name,lage_id,lage,themenfeld
10119,Personalausweis,57,Ausweise,Querschnitt
10120,Wohnsitz,55,Wohnen & Umzug,Bauen & Wohnen
10513,Gewerbeanmeldung,20,Unternehmensstart,Unternehmen
"""

SOURCES: Mapping[str, tuple[str, str, str]] = {
    "bund": ("Bundesredaktion", "B100019", "00"),
    "hessen": ("Landesredaktion Hessen", AGENCY, "06"),
    "sachsen": ("Landesredaktion Sachsen", "L100017", "14"),
    "hamburg": ("Redaktion Hamburg", "S100002", "02"),
}
"""Key -> name, agency, area."""


@dataclass(slots=True)
class Clock:
    """A clock that stands until it is set."""

    now: float = NOON.timestamp()

    def __call__(self) -> float:
        return self.now

    def set(self, at: datetime) -> None:
        """Let it be another moment."""
        self.now = at.timestamp()


class CountingSnapshot:
    """A snapshot that says how many statements went through it."""

    def __init__(self, inner: Snapshot, statements: list[Statement]) -> None:
        self._inner = inner
        self._statements = statements

    async def rows(self, statement: Statement, **values: Any) -> Sequence[Row]:
        """Pass it on."""
        self._statements.append(statement)
        return await self._inner.rows(statement, **values)


class CountingDatabase:
    """A database whose snapshots remember the statements that they ran."""

    def __init__(self, inner: Database) -> None:
        self._inner = inner
        self.dialect = inner.dialect
        self.statements: list[Statement] = []

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Pass it on."""
        return await self._inner.write(work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Pass it on."""
        return await self._inner.read(work)

    def snapshot(self) -> AbstractAsyncContextManager[Snapshot]:
        """Pass it on, counting."""
        return self._snapshot()

    @asynccontextmanager
    async def _snapshot(self) -> AsyncIterator[Snapshot]:
        async with self._inner.snapshot() as inner:
            yield CountingSnapshot(inner, self.statements)

    async def close(self) -> None:
        """Pass it on."""
        await self._inner.close()


@dataclass(slots=True)
class Catalogue:
    """One catalogue, with the ways into it and the graph out of it.

    Attributes:
        graph: the graph as the hub runs it.
        reference: the same over graphql-core's executor alone: every answer must be the same to the letter.
    """

    catalog: CountingDatabase
    operations: Database
    pipeline: Pipeline
    graph: Graph
    reference: Graph | None
    clock: Clock
    folder: Path
    reports: list[Json] = field(default_factory=list)

    async def areas(self, *lists: Path, postcodes: Sequence[Path] = (), changes: Sequence[Path] = ()) -> None:
        """Import official lists of areas."""
        found = read_sources(lists, postcodes=postcodes, changes=changes, today="2026-03-02")
        await self.catalog.write(partial(import_areas, sources=found))

    async def services(self, *tables: Path) -> None:
        """Import the LeiKa catalogue."""
        found = read_catalogue(tables)

        def work(connection: Connection) -> None:
            import_services(connection, found)
            reindex_all(connection)

        await self.catalog.write(work)

    async def source(self, key: str, name: str, agency: str, *areas: str) -> None:
        """Add a source."""
        now = int(self.clock() * 1_000_000)
        await self.catalog.write(
            lambda connection: add_source(connection, key, name, agencies=[agency], areas=areas, now=now)
        )

    async def deliver(self, source: str, *messages: bytes | Path, mode: Mode = "delta") -> Json:
        """Deliver messages as a source; gives the run's report."""
        files = [_incoming(number, one) for number, one in enumerate(messages, 1)]
        report = await self.pipeline.deliver(source, files, mode=mode)
        self.reports.append(report)
        return report

    async def run(
        self,
        query: str,
        variables: Json | None = None,
        find_viewer: FindViewer = nobody,
        may_see: MaySee = nobodys_access,
    ) -> GraphAnswer:
        """Ask the graph."""
        return await self.graph.run(Operation(query, variables), "request-1", find_viewer, may_see=may_see)

    def count_anew(self) -> None:
        """Count statements from here on, of requests that nothing was read for before."""
        self.catalog.statements.clear()
        for graph in (self.graph, self.reference):
            if graph is not None:
                graph.forget()

    async def answer(
        self,
        query: str,
        variables: Json | None = None,
        find_viewer: FindViewer = nobody,
        may_see: MaySee = nobodys_access,
    ) -> Json:
        """The whole answer, errors too."""
        body = (await self.run(query, variables, find_viewer, may_see)).answer.body
        if self.reference is not None:
            operation = Operation(query, variables)
            same = await self.reference.run(operation, "request-1", find_viewer, may_see=may_see)
            assert orjson.dumps(body) == orjson.dumps(same.answer.body)
        return body

    async def ask(
        self,
        query: str,
        variables: Json | None = None,
        find_viewer: FindViewer = nobody,
        may_see: MaySee = nobodys_access,
    ) -> Json:
        """The data of an answer that must be without errors."""
        body = await self.answer(query, variables, find_viewer, may_see)
        assert "errors" not in body, body["errors"]
        data: Json = body["data"]
        return data

    async def error(
        self, query: str, variables: Json | None = None, may_see: MaySee = nobodys_access
    ) -> tuple[str, str]:
        """Code and sentence of the one error that an operation must have."""
        errors = (await self.answer(query, variables, may_see=may_see))["errors"]
        assert len(errors) == 1, errors
        return errors[0]["extensions"]["code"], errors[0]["message"]

    def written(self, name: str, content: str) -> Path:
        """A file with some content, to import."""
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        return path


def _incoming(number: int, message: bytes | Path) -> Incoming:
    content = message.read_bytes() if isinstance(message, Path) else message
    name = message.name if isinstance(message, Path) else f"message-{number}.xml"
    return Incoming(name, lambda: BytesIO(content), packed=False, size=len(content))


def empty(catalog: Database, operations: Database, folder: Path) -> Catalogue:
    """A catalogue over two databases, without anything in it."""
    clock = Clock()
    counting = CountingDatabase(catalog)
    pipeline = Pipeline(counting, operations, clock=clock, random=os.urandom, reindex=reindex)
    reference = Graph(counting, operations, clock, HUB)
    reference.executor = Executor(reference.executor.schema, quick=False)
    return Catalogue(
        counting, operations, pipeline, Graph(counting, operations, clock, HUB), reference, clock, folder
    )


async def small(catalog: Database, operations: Database, folder: Path) -> Catalogue:
    """A catalogue with some places, three listed services and four sources, and no entry yet."""
    made = empty(catalog, operations, folder)
    await made.areas(
        made.written("areas_2026-01-01.csv", AREAS), postcodes=[made.written("postcodes.csv", POSTCODES)]
    )
    await made.services(made.written("services.csv", SERVICES), made.written("bundles.csv", BUNDLES))
    for key, (name, agency, area) in SOURCES.items():
        await made.source(key, name, agency, area)
    return made


_SETS = ("catalog", "operations")


@asynccontextmanager
async def opened(urls: Mapping[str, str]) -> AsyncIterator[tuple[Database, Database]]:
    """Catalogue and operations; what they held on a server is gone afterwards."""
    both = [open_database(urls[name]) for name in _SETS]
    try:
        yield both[0], both[1]
    finally:
        for name, database in zip(_SETS, both, strict=True):
            if database.dialect == "postgresql":
                await database.write(partial(empty_tables, name=name))
            await database.close()


def files_in(folder: Path) -> dict[str, str]:
    """The addresses of SQLite files in a folder."""
    return {name: f"sqlite:///{folder / name}.db" for name in _SETS}


@pytest.fixture(scope="session")
def template(sqlite_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small catalogue, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("template")
    shutil.copytree(sqlite_files, folder, dirs_exist_ok=True)

    async def make() -> None:
        async with opened(files_in(folder)) as (catalog, operations):
            await small(catalog, operations, folder)

    with ThreadPoolExecutor(1) as thread:  # the caller may be inside a running event loop
        thread.submit(asyncio.run, make()).result()
    return folder


@pytest.fixture
async def catalogue(template: Path, tmp_path: Path) -> AsyncIterator[Catalogue]:
    """The small catalogue on SQLite, for rules that storage has no part in."""
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    async with opened(files_in(tmp_path)) as (catalog, operations):
        yield empty(catalog, operations, tmp_path)


@pytest.fixture
async def stored(databases: Databases, tmp_path: Path) -> Catalogue:
    """The small catalogue on each kind of database in turn."""
    return await small(databases.catalog, databases.operations, tmp_path)
