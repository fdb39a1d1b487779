"""The hub under judgement: a catalogue of its own, asked through the graph as a portal asks."""

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from time import perf_counter

from bench.search.timing import Times
from catalog_sync.leika.importing import import_services
from catalog_sync.leika.reading import read_catalogue
from catalog_sync.search.indexing import reindex_all
from hub.cli.migrate import prepare
from hub.cli.running import Databases, open_databases
from hub.config import read_settings
from hub.execution.running import Operation
from hub.graph import Graph

SEARCH = "query ($words: String!) { services(query: $words, first: 10) { edges { node { leikaKey } } } }"


@asynccontextmanager
async def opened(folder: Path, url: str | None = None) -> AsyncIterator[Databases]:
    """Databases as `verbundhub migrate` makes them, with the shipped thesaurus; a server's has all three."""
    names = ("CATALOG", "IDENTITY", "OPERATIONS")
    environ = {"HUB_DATA_DIR": str(folder)} | ({f"HUB_{name}_URL": url for name in names} if url else {})
    settings = read_settings(environ)
    async with open_databases(settings) as databases:
        await prepare(settings, databases)
        yield databases


async def fill(databases: Databases, tables: Sequence[Path]) -> float:
    """Take in the catalogue; gives the seconds that the index took."""
    catalogue = read_catalogue(list(tables))
    await databases.catalog.write(partial(import_services, catalogue=catalogue))
    began = perf_counter()
    await databases.catalog.write(reindex_all)
    return perf_counter() - began


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
