"""``python -m bench.search.speed``: how quickly the search answers over many descriptions, on both databases."""

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, text

from bench.data.described import Described
from bench.postgres import postgres_database
from bench.report import machine
from bench.search.asked import kinds_of_questions
from bench.search.hub import opened
from bench.search.timing import Times
from catalog_sync.search.filtering import Filters
from catalog_sync.search.finding import find_services
from catalog_sync.search.indexing import reindex_all
from catalog_sync.search.memory import SearchIndex
from hub.cli.running import Databases

_SIZES = """
SELECT sum(length(services)) FROM posting UNION ALL SELECT sum(length(words)) FROM indexed_service
UNION ALL SELECT count(*) FROM posting
"""
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
    show(Console(width=110), told)
    if json_file is not None:
        json_file.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")


async def _measured(data: Described, folder: Path, url: str | None, each: int) -> dict[str, Any]:
    async with opened(folder, url) as databases:
        told: dict[str, Any] = {"services": data.services, "descriptions": data.descriptions}
        if not await databases.catalog.read(lambda connection: connection.execute(text(_FILLED)).first()):
            told["rows"] = await _timed(databases, data.write)
            told["index"] = await _timed(databases, reindex_all)
        rows = await databases.catalog.read(
            lambda connection: connection.execute(text(_SIZES)).scalars().all()
        )
        told["megabytes"] = {"lists": int(rows[0]) / 1e6, "services": int(rows[1]) / 1e6}
        told["words"] = rows[2]
        index, began, cpu = SearchIndex(), perf_counter(), process_time()
        async with databases.catalog.snapshot() as snapshot:
            await index.refresh(snapshot)
        told["load"] = {"seconds": perf_counter() - began, "cpu": process_time() - cpu}
        told["search"] = await _searches(databases, index, data, each)
        return told


async def _timed(databases: Databases, work: Callable[[Connection], None]) -> dict[str, float]:
    began, cpu = perf_counter(), process_time()
    await databases.catalog.write(work)
    return {"seconds": perf_counter() - began, "cpu": process_time() - cpu}


async def _searches(
    databases: Databases, index: SearchIndex, data: Described, each: int
) -> dict[str, dict[str, float]]:
    """Each kind of question, none of them asked before: the lists of words come from the database where they must."""
    told, all_times = {}, (Times(), Times(time.process_time))
    for kind, questions in kinds_of_questions(data, each).items():
        elapsed, cpu = Times(), Times(time.process_time)
        hits = 0
        for question in questions:
            async with databases.catalog.snapshot() as snapshot:
                with elapsed.one(), cpu.one():
                    found = await find_services(snapshot, index, question, Filters())
            hits += bool(found.keys)
        told[kind] = _row(elapsed, cpu) | {"answered": hits / len(questions)}
        all_times[0].seconds.extend(elapsed.seconds)
        all_times[1].seconds.extend(cpu.seconds)
    told["all"] = _row(*all_times)
    return told


def _row(elapsed: Times, cpu: Times) -> dict[str, float]:
    return {
        "p50": elapsed.milliseconds(0.5),
        "p95": elapsed.milliseconds(0.95),
        "cpu p50": cpu.milliseconds(0.5),
        "cpu p95": cpu.milliseconds(0.95),
    }


def show(console: Console, told: dict[str, Any]) -> None:
    """Print what was measured."""
    console.print(f"{told['database']}, {told['services']:,} services, {told['descriptions']:,} descriptions")
    for name in filter(told.__contains__, ("rows", "index", "load")):
        console.print(f"{name}: {told[name]['seconds']:.1f} s, {told[name]['cpu']:.1f} s of CPU")
    console.print(f"{told['words']:,} words; MB: {told['megabytes']}")
    table = Table("ms")
    for name in ("p50", "p95", "cpu p50", "cpu p95", "answered"):
        table.add_column(name, justify="right")
    for kind, row in told["search"].items():
        table.add_row(
            kind,
            *(
                f"{row[name]:.2f}" if name in row else ""
                for name in ("p50", "p95", "cpu p50", "cpu p95", "answered")
            ),
        )
    console.print(table)


if __name__ == "__main__":
    main()
