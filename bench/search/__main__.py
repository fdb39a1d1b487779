"""``python -m bench.search``: how well the search finds what people look for, beside what plain engines find."""

import json
import sys
from pathlib import Path

import click
from rich.console import Console

from bench.report import machine
from bench.search.given import VARIABLE, MissingDataError, given
from bench.search.judging import run
from bench.search.report import show


@click.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help=f"Folder with search/ and ozg/; else {VARIABLE}, else ../shared/data.",
)
@click.option("--no-postgresql", is_flag=True, help="Only SQLite: the hub and FTS5.")
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="Keep the result.")
def main(*, data: Path | None, no_postgresql: bool, json_file: Path | None) -> None:
    """Judge the search by queries whose right answers are known."""
    try:
        judged_set = given(data)
    except MissingDataError as error:
        click.echo(str(error), err=True)
        sys.exit(64)
    console = Console(width=max(Console().width, 130))
    told = {"machine": machine()}
    for queries in judged_set.queries:
        engines, notes = run(judged_set, queries, with_postgresql=not no_postgresql)
        console.print(f"[bold]{queries.name}[/bold], {told['machine']['date']}, {told['machine']['commit']}")
        show(console, engines)
        for note in notes:
            console.print(note, highlight=False)
        told[queries.name] = {"engines": engines, "notes": notes}
    if json_file is not None:
        json_file.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
