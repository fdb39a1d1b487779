"""``python -m bench``: how quick the hub is, as ratios to ceilings that are measured in the same run."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from bench.data.tiers import QUICK, TIERS, Tier
from bench.measuring import Result, measure
from bench.queries import questions
from bench.report import Imports, as_json, show, write_json
from bench.servers import ROOT, cores, pinned
from bench.stage import Stage


@click.command()
@click.option("--tier", "tier_name", type=click.Choice(sorted(TIERS)), default="s", show_default=True)
@click.option("--quick", is_flag=True, help="A small catalogue and short rounds: does it run at all?")
@click.option("--rounds", type=click.IntRange(1, 50), help="How often each target is measured.")
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="Keep the result.")
def main(*, tier_name: str, quick: bool, rounds: int | None, json_file: Path | None) -> None:
    """Benchmark the hub on this machine; takes some minutes."""
    if not Path("/proc/self/stat").exists():
        raise click.ClickException("The benchmark reads CPU time from /proc: it needs Linux.")
    tier = QUICK if quick else TIERS[tier_name]
    rounds, seconds = (rounds or 2, 0.5) if quick else (rounds or 5, 2.0)
    with TemporaryDirectory(prefix="verbundhub-bench-") as temporary:
        folder = Path(temporary)
        imports = _imports(folder, tier, 1 if quick else 3)
        results = asyncio.run(_loads(folder, tier, rounds, seconds))
    told = as_json(tier.name, results, imports)
    show(told)
    if json_file is not None:
        write_json(json_file, told)


def _imports(folder: Path, tier: Tier, times: int) -> Imports:
    """Import into fresh databases several times; the first stays for the loads."""
    pipeline = [_import("hub", folder, tier, folder / f"hub-{number}") for number in range(times)]
    refused = sum(run["outcomes"].get(word, 0) for run in pipeline for word in ("rejected", "waiting"))
    if refused:
        raise click.ClickException(f"{refused} objects of the benchmark's own data were not taken.")
    return Imports(pipeline, [_import("lxml", folder, tier, folder) for _ in range(times)])


def _import(way: str, folder: Path, tier: Tier, hub_folder: Path) -> dict[str, Any]:
    click.echo(f"Importing tier {tier.name} by {way} …", err=True)
    command = [
        sys.executable,
        "-m",
        "bench.importing",
        way,
        tier.name,
        str(folder / "material"),
        str(hub_folder),
    ]
    with pinned(cores().server):
        run = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(run.stdout)
    return found


async def _loads(folder: Path, tier: Tier, rounds: int, seconds: float) -> dict[str, Result]:
    stage = Stage(folder, folder / "hub-0", questions(tier), grants=60 if tier is QUICK else 300)
    try:
        click.echo("Starting the servers and comparing their answers …", err=True)
        targets = await stage.prepare(rounds)
        click.echo(f"Measuring {len(targets)} targets, {rounds} rounds …", err=True)
        with pinned(cores().load):
            return await measure(targets, rounds, seconds)
    finally:
        stage.close()


if __name__ == "__main__":
    main()
