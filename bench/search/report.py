"""The scorer's figures as tables: each engine in one row, the hub by kind of query, and all engines by kind."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

_METRICS = ("ndcg@10", "success@1", "success@3", "mrr@10", "exact@1", "exact@3", "zero")
_FALSE = "false answers"


def show(console: Console, engines: Mapping[str, Mapping[str, Any]]) -> None:
    """Print the tables; the first engine is the one that is shown by kind in full."""
    overall = _table("engine")
    for number, (name, report) in enumerate(engines.items(), 1):
        overall.add_row(f"{number} {name}", *_figures(report["overall"]), _false(report["none"]))
    console.print(overall)
    first = next(iter(engines))
    kinds = _table(first)
    for kind, row in engines[first]["kinds"].items():
        kinds.add_row(kind, *_figures(row), "")
    console.print(kinds)
    console.print(_by_kind(engines, list(engines[first]["kinds"])))


def _by_kind(engines: Mapping[str, Mapping[str, Any]], kinds: Sequence[str]) -> Table:
    table = Table("ndcg@10")
    for number in range(1, len(engines) + 1):
        table.add_column(str(number), justify="right")
    for kind in kinds:
        figures = (report["kinds"][kind]["ndcg@10"] for report in engines.values())
        table.add_row(kind, *(f"{figure:.3f}" for figure in figures))
    return table


def _table(title: str) -> Table:
    table = Table()
    for name in (title, "n", *_METRICS, _FALSE):
        table.add_column(name, justify="left" if name == title else "right")
    return table


def _figures(row: Mapping[str, Any] | None) -> list[str]:
    if row is None:
        return [""] * (len(_METRICS) + 1)
    return [str(row["n"]), *(f"{row[name]:.3f}" for name in _METRICS)]


def _false(none: Mapping[str, Any] | None) -> str:
    return f"{none['false_answer_rate']:.3f} of {none['n']}" if none else ""
