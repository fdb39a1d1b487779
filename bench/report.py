"""The table of ratios, and the same as JSON."""

import json
import os
import platform
import sqlite3
import subprocess
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.measuring import Result

WANTED = 2.5
"""How many times plain Strawberry the hub's page is to be."""


@dataclass(frozen=True, slots=True)
class Imports:
    """Several imports of the same bytes, by the pipeline and by lxml alone; each as `bench.importing` printed it."""

    pipeline: list[dict[str, Any]]
    bare: list[dict[str, Any]]

    def summary(self) -> dict[str, float]:
        """Objects and megabytes per second of CPU, the ratio to lxml alone, seconds, megabytes held."""
        one = self.pipeline[0]
        cpu = median(run["cpu"] for run in self.pipeline)
        bare = median(run["cpu"] for run in self.bare)
        return {
            "objects": one["objects"],
            "megabytes": one["bytes"] / 1e6,
            "objects_per_cpu_second": one["objects"] / cpu,
            "megabytes_per_cpu_second": one["bytes"] / 1e6 / cpu,
            "ceiling_megabytes_per_cpu_second": one["bytes"] / 1e6 / bare,
            "ratio": bare / cpu,
            "seconds": median(run["seconds"] for run in self.pipeline),
            "peak_megabytes": max(run["peak_megabytes"] for run in self.pipeline),
        }


def machine() -> dict[str, Any]:
    """Where and when this ran, and which commit."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"],  # noqa: S607 - whichever git is there
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit.stdout.strip(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def as_json(tier: str, results: dict[str, Result], imports: Imports) -> dict[str, Any]:
    """Everything that was measured."""
    return {
        "machine": machine(),
        "tier": tier,
        "results": {name: asdict(result) for name, result in results.items()},
        "ratios": ratios(results) | {"import": imports.summary()["ratio"]},
        "import": imports.summary(),
    }


def ratios(results: dict[str, Result]) -> dict[str, float]:
    """Each hub target to its ceiling, and the page to the plain stack's."""
    rate = {name: result.per_cpu_second for name, result in results.items()}
    to_ceiling = {name: rate[name] / rate[f"{name} ceiling"] for name in rate if f"{name} ceiling" in rate}
    return to_ceiling | {f"page to {name}": rate["page"] / rate[name] for name in ("plain", "plain-cached")}


def show(told: dict[str, Any]) -> None:
    """Print the tables."""
    console = Console(width=max(Console().width, 110))
    table = Table(title=f"Tier {told['tier']}: requests per second of the server's CPU, on one core")
    for column in ("what", "per CPU s", "ceiling", "ratio", "p50 ms", "p99 ms", "peak MB"):
        table.add_column(column, justify="left" if column == "what" else "right")
    results = told["results"]
    for name, result in results.items():
        if name.endswith("ceiling"):
            continue
        ceiling = results.get(f"{name} ceiling", {}).get("per_cpu_second")
        table.add_row(
            _WORDS.get(name, name),
            f"{result['per_cpu_second']:,.0f}",
            f"{ceiling:,.0f}" if ceiling else "",
            f"{told['ratios'][name]:.3f}" if ceiling else "",
            *(f"{result[column]:,.1f}" for column in ("p50", "p99", "peak_megabytes")),
        )
    console.print(table)
    _show_import(console, told["import"])
    _show_comparison(console, told["ratios"])


_WORDS = {
    "page": "page of 20 services",
    "service": "service page in full",
    "place": "place look-up",
    "plain": "page, plain stack",
    "plain-cached": "page, plain + caches",
    "grant": "token grant",
}


def _show_import(console: Console, found: dict[str, float]) -> None:
    console.print(
        f"Import: {found['objects']:,.0f} objects, {found['megabytes']:.0f} MB in {found['seconds']:.1f} s; "
        f"{found['objects_per_cpu_second']:,.0f} objects and {found['megabytes_per_cpu_second']:.1f} MB per CPU s, "
        f"lxml alone {found['ceiling_megabytes_per_cpu_second']:.0f} MB: ratio {found['ratio']:.3f}; "
        f"peak {found['peak_megabytes']:.0f} MB."
    )


def _show_comparison(console: Console, found: dict[str, float]) -> None:
    times = found["page to plain"]
    verdict = "holds" if times >= WANTED else "does not hold"
    console.print(
        f"The page is {times:.1f} times plain Strawberry with SQLAlchemy sessions and DataLoaders "
        f"(wanted: {WANTED} times; {verdict}), {found['page to plain-cached']:.1f} times the same with its caches."
    )


def write_json(path: Path, told: dict[str, Any]) -> None:
    """Keep everything for programs."""
    path.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
