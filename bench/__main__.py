"""``python -m bench``: how quick the hub is, as ratios to ceilings that are measured in the same run."""

import asyncio
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from bench.data.tiers import QUICK, TIERS, Tier
from bench.deliveries import measure_deliveries, run_import
from bench.measuring import Result, measure
from bench.overload import measure_overload
from bench.queries import questions
from bench.readers import measure_waits
from bench.report import machine, ratios, show, write_json
from bench.servers import cores, pinned
from bench.stage import Stage

_HUB = "hub"
_PARTS = ("deliveries", "readers", "overload", "loads")


@click.command()
@click.option("--tier", "tier_name", type=click.Choice(sorted(TIERS)), default="s", show_default=True)
@click.option("--quick", is_flag=True, help="A small catalogue and short rounds: does it run at all?")
@click.option(
    "--only",
    type=click.Choice(_PARTS),
    help="One part: imports, readers during an import, overload, or requests.",
)
@click.option("--rounds", type=click.IntRange(1, 50), help="How often each target is measured.")
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="Keep the result.")
@click.option("--work", type=click.Path(path_type=Path, file_okay=False), help="Where data and databases go.")
def main(
    *,
    tier_name: str,
    quick: bool,
    only: str | None,
    rounds: int | None,
    json_file: Path | None,
    work: Path | None,
) -> None:
    """Benchmark the hub on this machine; takes some minutes, at tier l hours and 20 GB."""
    if not Path("/proc/self/stat").exists():
        raise click.ClickException("The benchmark reads CPU time from /proc: it needs Linux.")
    tier = QUICK if quick else TIERS[tier_name]
    rounds, seconds = (rounds or 2, 0.5) if quick else (rounds or 5, 2.0)
    with TemporaryDirectory(prefix="verbundhub-bench-", dir=work) as temporary:
        told = _measured(Path(temporary), tier, only, (rounds, seconds))
    show(told)
    if json_file is not None:
        write_json(json_file, told)


def _measured(folder: Path, tier: Tier, only: str | None, how: tuple[int, float]) -> dict[str, Any]:
    told: dict[str, Any] = {"machine": machine(), "tier": tier.name}
    if only in (None, "deliveries"):
        rows = measure_deliveries(folder, tier, keep=_HUB)
        told["deliveries"] = [asdict(row) for row in rows]
    else:
        run_import("first", folder, tier, None, hub=_HUB)
    if only in (None, "readers"):
        click.echo("Measuring how long readers wait …", err=True)
        waits = measure_waits(folder, tier, questions(tier)[1], folder / _HUB)
        told["readers"] = asdict(waits) | {"ratio": waits.ratio}
    if only in (None, "overload"):
        click.echo("Asking ten times as much as the hub can bear …", err=True)
        told["overload"] = measure_overload(folder, questions(tier)[0], folder / _HUB, 2.0 + 4 * how[1])
    if only in (None, "loads"):
        results = asyncio.run(_loads(folder, tier, *how))
        told |= {"results": {name: asdict(result) for name, result in results.items()}}
        told |= {"ratios": ratios(results)}
    return told


async def _loads(folder: Path, tier: Tier, rounds: int, seconds: float) -> dict[str, Result]:
    stage = Stage(folder, folder / _HUB, questions(tier), grants=60 if tier is QUICK else 300)
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
