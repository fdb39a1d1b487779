"""A run's report on the screen."""

import json
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

_SHOWN = 200
_LONGEST = 300
"""Characters of a value in the table."""
_PLAIN = ("added", "changed", "unchanged", "gone")


def show_report(report: dict[str, Any], *, plain: bool = False) -> None:
    """Print a report: totals, what was refused, objects and notices.

    Args:
        report: see `catalog_sync.pipeline.report`.
        plain: also the objects that were simply taken.
    """
    console = Console()
    rehearsed = " (dry run: nothing was changed)" if report["dryRun"] else ""
    console.print(
        Text(f"Run {report['run']} of {report['source']}, {report['mode']}: {report['state']}{rehearsed}")
    )
    if report["sameAs"]:
        console.print(
            Text(f"The very bytes of run {report['sameAs']}, nothing happened since: not read again.")
        )
    counts = Table(*report["counts"])
    counts.add_row(*(str(count) for count in report["counts"].values()))
    console.print(counts)
    for refused in report["refused"]:
        where = refused["file"] if refused["line"] is None else f"{refused['file']}:{refused['line']}"
        console.print(Text(f"Refused: {where}: {refused['reason']} {refused['remedy']}"))
    _show_objects(console, [one for one in report["objects"] if plain or one["outcome"] not in _PLAIN])
    _show_differences(console, report["objects"])
    for notice in report["notices"][:_SHOWN]:
        where = f"{notice['file']}:{notice['line']}: " if notice["file"] else ""
        console.print(Text(f"Notice: {where}{notice['sentence']}"))


def _show_objects(console: Console, objects: list[dict[str, Any]]) -> None:
    if not objects:
        return
    table = Table("outcome", "object", "where", "reason")
    for one in objects[:_SHOWN]:
        name = ".".join(one[key] or "?" for key in ("agency", "kind", "id"))
        reason = f"{one['reason'] or ''} {one['remedy'] or ''}".strip()
        where = f"{one['file']}:{one['line']}" if one["file"] else ""
        table.add_row(one["outcome"], Text(name), Text(where), Text(reason))
    console.print(table)
    if len(objects) > _SHOWN:
        console.print(f"... and {len(objects) - _SHOWN} more; --json lists all.")


def _show_differences(console: Console, objects: list[dict[str, Any]]) -> None:
    """Of a dry run: field by field what would be different."""
    rows = [(one, field) for one in objects for field in one.get("difference") or ()]
    if not rows:
        return
    table = Table("object", "field", "before", "after")
    for one, field in rows[:_SHOWN]:
        name = ".".join(one[key] or "?" for key in ("agency", "kind", "id"))
        table.add_row(
            Text(name), field["field"], *(Text(_short(field[side])) for side in ("before", "after"))
        )
    console.print(table)
    if len(rows) > _SHOWN:
        console.print(f"... and {len(rows) - _SHOWN} more fields; --json lists all.")


def _short(value: object) -> str:
    text = "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
