"""``python -m bench.search.speed``: how quickly the search answers over many descriptions, on both databases."""

import asyncio
import json
import resource
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, text

from bench.data.described import Described
from bench.data.places import write_places
from bench.postgres import postgres_database
from bench.report import machine
from bench.search.hub import opened
from bench.search.inside import PLACES, Rows, others, places, searches
from bench.search.over_http import Asking, hub, over_http
from bench.search.refreshing import found_after, while_refreshing
from catalog_sync.areas.importing import import_areas
from catalog_sync.areas.recognition import read_sources
from catalog_sync.catalog.areas import load_area_map
from catalog_sync.search.indexing import reindex_all
from catalog_sync.search.memory import SearchIndex
from hub.cli.running import Databases

_SIZES = """
SELECT sum(length(services)) FROM posting UNION ALL SELECT sum(length(words)) FROM indexed_service
UNION ALL SELECT count(*) FROM posting
"""
CONSOLE = Console(width=110)
_FILLED = "SELECT 1 FROM indexed_service LIMIT 1"


@click.command()
@click.option("--services", default=12_000, show_default=True, type=click.IntRange(6))
@click.option("--descriptions", default=12_000, show_default=True, type=click.IntRange(6))
@click.option("--each", default=100, show_default=True, help="Questions of each kind.")
@click.option("--database", type=click.Choice(["sqlite", "postgresql"]), default="sqlite", show_default=True)
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for SQLite: taken as it is if filled.",
)
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="Keep the result.")
def main(
    *, services: int, descriptions: int, each: int, database: str, keep: Path | None, json_file: Path | None
) -> None:
    """Build a catalogue of many descriptions, index it, and ask."""
    data = Described(services, descriptions)
    with postgres_database() if database == "postgresql" else nullcontext() as url:
        if database == "postgresql" and url is None:
            raise click.ClickException("There is no PostgreSQL: set HUB_TEST_POSTGRES_URL.")
        with TemporaryDirectory(prefix="verbundhub-speed-") as folder:
            told = asyncio.run(_measured(data, keep or Path(folder), url, each))
    told |= {"machine": machine(), "database": database}
    show(CONSOLE, told)
    if json_file is not None:
        json_file.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")


async def _measured(data: Described, folder: Path, url: str | None, each: int) -> dict[str, Any]:
    async with opened(folder, url) as databases:
        told: dict[str, Any] = {"services": data.services, "descriptions": data.descriptions}
        if not await databases.catalog.read(lambda connection: connection.execute(text(_FILLED)).first()):
            told["rows"] = await _timed(databases, data.write)
            told["index"] = await _timed(databases, reindex_all)
        await _with_places(databases, folder)
        rows = await databases.catalog.read(
            lambda connection: connection.execute(text(_SIZES)).scalars().all()
        )
        told["megabytes"] = {"lists": int(rows[0]) / 1e6, "services": int(rows[1]) / 1e6}
        told["words"] = rows[2]
        index, began, cpu = SearchIndex(), perf_counter(), process_time()
        async with databases.catalog.snapshot() as snapshot:
            await index.refresh(snapshot)
        told["load"] = {"seconds": perf_counter() - began, "cpu": process_time() - cpu}
        told["inside"] = await searches(databases, index, data, each)
        told["inside"] |= await others(databases, index, data, each)
        CONSOLE.print(_table("inside", told["inside"]))
        told["peak MB of this process"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        told |= await _served(databases, folder, url, data, each)
        return told


async def _with_places(databases: Databases, folder: Path) -> None:
    async with databases.catalog.snapshot() as snapshot:
        if len(await load_area_map(snapshot)) > PLACES.municipalities:  # the states are always there
            return
    areas, postcodes = write_places(folder, PLACES)
    lists = read_sources([areas], postcodes=[postcodes], today="2026-05-01")
    await databases.catalog.write(partial(import_areas, sources=lists))


async def _served(
    databases: Databases, folder: Path, url: str | None, data: Described, each: int
) -> dict[str, Any]:
    """What a hub says over HTTP, in quiet and while it takes changes over."""
    async with databases.catalog.snapshot() as snapshot:
        names = places(await load_area_map(snapshot), each)
    server = hub(folder, url)
    try:
        asking = Asking(server)
        told: dict[str, Any] = {"over HTTP": over_http(server, data, names, each)}
        CONSOLE.print(_table("over HTTP", told["over HTTP"]))
        told["peak MB of the hub"] = server.peak_megabytes()
        told["commit to found, ms"] = await found_after(databases, asking)
        told["while refreshing"] = await while_refreshing(databases, asking, data.title(5))
    finally:
        server.end()
    return told


async def _timed(databases: Databases, work: Callable[[Connection], None]) -> dict[str, float]:
    began, cpu = perf_counter(), process_time()
    await databases.catalog.write(work)
    return {"seconds": perf_counter() - began, "cpu": process_time() - cpu}


def show(console: Console, told: dict[str, Any]) -> None:
    """Print what was measured."""
    console.print(f"{told['database']}, {told['services']:,} services, {told['descriptions']:,} descriptions")
    for name in filter(told.__contains__, ("rows", "index", "load")):
        console.print(f"{name}: {told[name]['seconds']:.1f} s, {told[name]['cpu']:.1f} s of CPU")
    console.print(f"{told['words']:,} words; MB: {told['megabytes']}")
    for name in ("peak MB of this process", "peak MB of the hub", "commit to found, ms"):
        console.print(f"{name}: {told[name]}")
    console.print(_table("while refreshing", told["while refreshing"]))


def _table(name: str, rows: Rows) -> Table:
    columns = list(dict.fromkeys(column for row in rows.values() for column in row))
    table = Table(f"{name}, ms")
    for column in columns:
        table.add_column(column, justify="right")
    for kind, row in rows.items():
        table.add_row(kind, *(f"{row[column]:.2f}" if column in row else "" for column in columns))
    return table


if __name__ == "__main__":
    main()
