"""The hub under judgement: a catalogue of its own, asked through the graph as a portal asks."""

import csv
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from time import perf_counter

import orjson
from sqlalchemy import Connection, insert, update

from bench.search.timing import Times
from catalog_sync import search
from catalog_sync.catalog.tables import search_state, thesaurus_entry
from catalog_sync.leika.importing import import_services
from catalog_sync.leika.reading import read_catalogue
from catalog_sync.search.indexing import reindex_all
from hub.cli.migrate import prepare
from hub.cli.running import Databases, open_databases
from hub.config import read_settings
from hub.execution.running import Operation
from hub.graph import Graph

SEARCH = "query ($words: String!) { services(query: $words, first: 10) { edges { node { leikaKey } } } }"
_ROWS = 1000


@asynccontextmanager
async def opened(folder: Path, url: str | None = None) -> AsyncIterator[Databases]:
    """Databases as `verbundhub migrate` makes them: in a folder, or in one database of a server."""
    names = ("CATALOG", "IDENTITY", "OPERATIONS")
    environ = {"HUB_DATA_DIR": str(folder)} | ({f"HUB_{name}_URL": url for name in names} if url else {})
    settings = read_settings(environ)
    async with open_databases(settings) as databases:
        await prepare(settings, databases)
        yield databases


async def fill(databases: Databases, tables: Sequence[Path]) -> float:
    """Take in the catalogue and the shipped thesaurus; gives the seconds that the index took."""
    catalogue = read_catalogue(list(tables))
    await databases.catalog.write(partial(import_services, catalogue=catalogue))
    began = perf_counter()
    await databases.catalog.write(reindex_all)
    took = perf_counter() - began
    await databases.catalog.write(take_thesaurus)
    return took


def take_thesaurus(connection: Connection) -> None:
    """Take in the shipped thesaurus."""
    rows = [
        {
            "word": one["word"],
            "language": one["language"],
            "relation": one["relation"],
            "means": orjson.dumps([text.strip() for text in one["means"].split("|")]).decode(),
            "note": one["note"] or None,
            "origin": path.name,
            "changed_on": "2026-01-01",
        }
        for folder in search.__path__
        for path in sorted(Path(folder).glob("**/thesaurus/*.csv"))
        for one in csv.DictReader(path.read_text(encoding="utf-8").splitlines(), delimiter=";")
    ]
    for start in range(0, len(rows), _ROWS):
        connection.execute(insert(thesaurus_entry), rows[start : start + _ROWS])
    connection.execute(update(search_state).values(thesaurus=search_state.c.thesaurus + 1))


async def answers(databases: Databases, asked: Mapping[str, str]) -> tuple[dict[str, list[str]], Times]:
    """What the graph finds for each query, best first, and how long that took."""
    graph = Graph(databases.catalog, databases.operations, time.time, "http://127.0.0.1")
    await _keys(graph, "")
    found, times = {}, Times()
    for name, words in asked.items():
        with times.one():
            found[name] = await _keys(graph, words)
    return found, times


async def _keys(graph: Graph, words: str) -> list[str]:
    body = (await graph.run(Operation(SEARCH, {"words": words}), "bench")).answer.body
    if "errors" in body:
        raise ValueError(f"{words!r}: {body['errors']}")
    return [edge["node"]["leikaKey"] for edge in body["data"]["services"]["edges"]]
