"""The table of ratios, and the same as JSON."""

import json
import os
import platform
import sqlite3
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.measuring import Result

WANTED = 2.5
"""How many times plain Strawberry the hub's page is to be."""


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


def ratios(results: dict[str, Result]) -> dict[str, float]:
    """Each hub target to its ceiling, and the page to the plain stack's."""
    rate = {name: result.per_cpu_second for name, result in results.items()}
    to_ceiling = {name: rate[name] / rate[f"{name} ceiling"] for name in rate if f"{name} ceiling" in rate}
    return to_ceiling | {f"page to {name}": rate["page"] / rate[name] for name in ("plain", "plain-cached")}


def show(told: dict[str, Any]) -> None:
    """Print the tables."""
    console = Console(width=max(Console().width, 110))
    if "deliveries" in told:
        _show_deliveries(console, told)
    if "readers" in told:
        _show_waits(console, told["readers"])
    if "overload" in told:
        _show_overload(console, told["overload"])
    if "results" in told:
        _show_loads(console, told)
        _show_comparison(console, told["ratios"])


def _show_loads(console: Console, told: dict[str, Any]) -> None:
    titles = ("what", "per CPU s", "ceiling", "ratio", "p50 ms", "p99 ms", "peak MB")
    table = _table(f"Tier {told['tier']}: requests per second of the server's CPU, on one core", titles)
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


def _table(title: str, columns: Sequence[str]) -> Table:
    table = Table(title=title)
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    return table


_WORDS = {
    "page": "page of 20 services",
    "service": "service page in full",
    "place": "place look-up",
    "plain": "page, plain stack",
    "plain-cached": "page, plain + caches",
    "again": "the same page again",
    "again by GET": "the same page by GET",
    "grant": "token grant",
}


def _show_deliveries(console: Console, told: dict[str, Any]) -> None:
    titles = ("delivery", "database", "cores", "objects", "MB", "seconds", "CPU s", "times lxml", "peak MB")
    table = _table(f"Tier {told['tier']}: deliveries beside lxml alone", titles)
    for row in told["deliveries"]:
        table.add_row(
            _WAYS[row["way"]],
            row["database"],
            str(row["cores"]),
            f"{row['objects']:,}",
            *(f"{row[column]:,.1f}" for column in ("megabytes", "seconds", "cpu")),
            f"{row['ratio']:.2f}",
            f"{row['peak_megabytes']:.0f}",
        )
    console.print(table)


_WAYS = {
    "first": "first import",
    "unchanged": "unchanged snapshot",
    "identical": "the same bytes again",
    "percent": "one percent changed",
}


def _show_waits(console: Console, found: dict[str, Any]) -> None:
    console.print(
        f"Readers of a service page, four connections: quiet p50 {found['quiet_p50']:.1f} ms, p99 "
        f"{found['quiet_p99']:.1f} ms; while {found['objects']:,} objects are changed in {found['seconds']:.1f} s "
        f"p50 {found['busy_p50']:.1f} ms, p99 {found['busy_p99']:.1f} ms: {found['ratio']:.1f} times."
    )


def _show_overload(console: Console, found: dict[str, Any]) -> None:
    console.print(
        f"Overload: peak {found['peak']:.0f} a second; of {found['offered']:.0f} offered {found['goodput']:.0f} were "
        f"answered ({found['kept_share']:.0%} of the peak), p50 {found['p50']:.0f} ms, p99 {found['p99']:.0f} ms; "
        f"{found['refused']:.0f} a second were told to come again; health p99 {found['health_p99']:.0f} ms."
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
