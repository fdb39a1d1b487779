"""What a delivery costs: first, again unchanged, byte for byte the same, one object in a hundred changed.

Each beside lxml alone over the same bytes, on the same cores, read just before: on one core by CPU time, on all by the
clock.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import click
from sqlalchemy import make_url

from bench.data.tiers import Tier
from bench.importing import AGAIN
from bench.servers import ROOT, cores, pinned
from tests.postgres import postgres_server

WAYS = ("first", *AGAIN)


@dataclass(frozen=True, slots=True)
class Row:
    """One delivery of all sources.

    Attributes:
        cores: how many it could use.
        ratio: to lxml alone: of CPU time on one core, of the clock's on several.
        cpu: of the importing process and of those that read for it; PostgreSQL's own is not in it.
        peak_megabytes: of the importing process and the largest that reads for it, together.
    """

    database: str
    cores: int
    way: str
    objects: int
    megabytes: float
    seconds: float
    cpu: float
    ratio: float
    peak_megabytes: float


def measure_deliveries(folder: Path, tier: Tier, *, keep: str) -> list[Row]:
    """All ways on SQLite on one core and on all, and on PostgreSQL; the first hub stays in the folder ``keep``."""
    one, every = cores().server, os.cpu_count() or 1
    rows = list(_rows(folder, tier, keep, one))
    if every > 1:
        rows += _rows(folder, tier, "hub-all-cores", None)
    with postgres_server() as address, _databases(address) as environ:
        rows += _rows(folder, tier, "hub-postgresql", None, environ=environ)
    return rows


def _rows(
    folder: Path,
    tier: Tier,
    hub: str,
    core: int | None,
    *,
    environ: Mapping[str, str] | None = None,
) -> Iterator[Row]:
    database = "sqlite" if environ is None else "postgresql"
    for way in WAYS:
        bare = run_import("lxml", folder, tier, core)
        told = run_import(way, folder, tier, core, hub=hub, environ=environ)
        refused = sum(told["outcomes"].get(word, 0) for word in ("rejected", "waiting"))
        if refused:
            raise click.ClickException(f"{refused} objects of the benchmark's own data were not taken.")
        used = "seconds" if core is None else "cpu"
        yield Row(
            database,
            1 if core is not None else os.cpu_count() or 1,
            way,
            told["objects"],
            told["bytes"] / 1e6,
            told["seconds"],
            told["cpu"],
            told[used] / bare[used],
            told["peak_megabytes"],
        )


def run_import(
    way: str,
    folder: Path,
    tier: Tier,
    core: int | None,
    *,
    hub: str = "hub",
    environ: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """One way in a process of its own; what `bench.importing` printed."""
    click.echo(f"Tier {tier.name}: {way} …", err=True)
    material = str(folder / "material")
    command = [sys.executable, "-m", "bench.importing", way, tier.name, material, str(folder / hub)]
    with pinned(core):
        run = subprocess.run(
            command, cwd=ROOT, stdout=subprocess.PIPE, check=True, env={**os.environ, **(environ or {})}
        )
    found: dict[str, Any] = json.loads(run.stdout)
    return found


@contextmanager
def _databases(address: str) -> Iterator[dict[str, str]]:
    """A database for each of the hub's three, as its settings name them; dropped afterwards."""
    url = make_url(address)
    names = {name: f"bench_{os.getpid()}_{name}" for name in ("catalog", "identity", "operations")}
    asyncio.run(
        _administer(address, [f"CREATE DATABASE {name} TEMPLATE template0" for name in names.values()])
    )
    try:
        yield {
            f"HUB_{name.upper()}_URL": url.set(database=database).render_as_string(hide_password=False)
            for name, database in names.items()
        }
    finally:
        asyncio.run(_administer(address, [f"DROP DATABASE {name} WITH (FORCE)" for name in names.values()]))


async def _administer(address: str, statements: Sequence[str]) -> None:
    connection = await asyncpg.connect(address)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()
