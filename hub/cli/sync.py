"""``verbundhub sync``: deliveries by hand."""

import json
import secrets
import sys
import time
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from catalog_sync.pipeline.pull import Puller
from catalog_sync.pipeline.read import Progress as Report
from catalog_sync.pipeline.report import exit_status
from catalog_sync.pipeline.run import Pipeline
from catalog_sync.search.indexing import reindex
from catalog_sync.sources.files import files_of
from catalog_sync.sources.registry import UnknownSource, source_by_key
from hub.cli.running import Databases, run
from hub.cli.sync_compare import compare
from hub.config import Settings
from hub.egress import Egress

_SHOWN = 200
_PLAIN = ("added", "changed", "unchanged", "gone")


@click.group("sync")
def sync() -> None:
    """Deliveries of the editorial offices."""


sync.add_command(compare)


@sync.command("import")
@click.option("--source", required=True, metavar="ID", help="Whose delivery it is; see `sources add`.")
@click.option("--snapshot", is_flag=True, help="The delivery is all there is: what it lacks is deleted.")
@click.option("--dry-run", is_flag=True, help="Say what would become of each object; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the run's report as JSON.")
@click.argument(
    "paths",
    nargs=-1,
    required=True,
    metavar="PATH...",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
)
def import_command(
    *, source: str, snapshot: bool, dry_run: bool, as_json: bool, paths: tuple[Path, ...]
) -> None:
    """Read XZuFi messages (.xml, .xml.gz), or an index.txt that names them, as one delivery in the order given.

    Exit status: 0 all taken, 1 some objects rejected or waiting, 2 a file refused whole, 64 wrong usage.
    """

    async def work(settings: Settings, databases: Databases) -> dict[str, Any]:
        try:
            await databases.catalog.read(partial(source_by_key, key=source))
        except UnknownSource as error:
            raise click.UsageError(error.sentence) from error
        with _progress() as progress:
            return await _pipeline(databases).deliver(
                source,
                files_of(paths),
                mode="snapshot" if snapshot else "delta",
                dry_run=dry_run,
                progress=progress,
            )

    _tell(run(work), as_json=as_json)


@sync.command("confirm")
@click.option("--json", "as_json", is_flag=True, help="Print the run's report as JSON.")
@click.argument("number", metavar="RUN")
def confirm_command(*, number: str, as_json: bool) -> None:
    """Make the deletions of a snapshot that waits to be confirmed.

    Refused where RUN does not wait, or would delete other numbers of objects by now. Exit status as of `sync import`.
    """

    async def work(settings: Settings, databases: Databases) -> dict[str, Any]:
        with _progress() as progress:
            return await _known(number, _pipeline(databases).confirm(number, progress))

    _tell(run(work), as_json=as_json)


@sync.command("revert")
@click.option("--json", "as_json", is_flag=True, help="Print the new run's report as JSON.")
@click.argument("number", metavar="RUN")
def revert_command(*, number: str, as_json: bool) -> None:
    """Bring back what RUN changed, by a run of its own: the catalogue is then as if RUN's messages had never come.

    A run can be reverted once, and a revert cannot be. Exit status as of `sync import`.
    """

    async def work(settings: Settings, databases: Databases) -> dict[str, Any]:
        with _progress() as progress:
            return await _known(number, _pipeline(databases).revert(number, progress))

    _tell(run(work), as_json=as_json)


@sync.command("pull")
@click.option("--json", "as_json", is_flag=True, help="Print the run's report as JSON.")
@click.argument("source", metavar="SOURCE")
def pull_command(*, source: str, as_json: bool) -> None:
    """Fetch SOURCE now, whatever its schedule says.

    Exit status as of `sync import`; 2 also where it could not be fetched.
    """

    async def work(settings: Settings, databases: Databases) -> dict[str, Any] | None:
        egress = Egress(settings.egress_allow)
        try:
            pulled = await Puller(_pipeline(databases), egress).pull(source, by_hand=True)
        finally:
            await egress.aclose()
        return None if pulled is None else pulled.report

    report = run(work)
    if report is not None:
        _tell(report, as_json=as_json)
    click.echo("null" if as_json else "Nothing has changed since the last delivery.")


async def _known(number: str, work: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    try:
        return await work
    except LookupError as error:
        raise click.UsageError(f"There is no run {number}.") from error


def _pipeline(databases: Databases) -> Pipeline:
    return Pipeline(
        databases.catalog,
        databases.operations,
        clock=time.time,
        random=secrets.token_bytes,
        reindex=reindex,
    )


def _tell(report: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
    else:
        _show(report)
    sys.exit(exit_status(report))


@contextmanager
def _progress() -> Iterator[Report]:
    """A bar on stderr, where a person looks at it."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        tasks = {step: bar.add_task(step, total=None) for step in ("read", "write")}
        yield lambda step, done, total: bar.update(tasks[step], completed=done, total=total)


def _show(report: dict[str, Any]) -> None:
    console = Console()
    rehearsed = " (dry run: nothing was changed)" if report["dryRun"] else ""
    console.print(
        Text(f"Run {report['run']} of {report['source']}, {report['mode']}: {report['state']}{rehearsed}")
    )
    counts = Table(*report["counts"])
    counts.add_row(*(str(count) for count in report["counts"].values()))
    console.print(counts)
    for refused in report["refused"]:
        where = refused["file"] if refused["line"] is None else f"{refused['file']}:{refused['line']}"
        console.print(Text(f"Refused: {where}: {refused['reason']} {refused['remedy']}"))
    _show_objects(console, [one for one in report["objects"] if one["outcome"] not in _PLAIN])
    for notice in report["notices"][:_SHOWN]:
        where = f"{notice['file']}:{notice['line']}: " if notice["file"] else ""
        console.print(Text(f"Notice: {where}{notice['sentence']}"))


def _show_objects(console: Console, objects: list[dict[str, Any]]) -> None:
    if not objects:
        return
    table = Table("outcome", "object", "where", "reason")
    for one in objects[:_SHOWN]:
        name = ".".join(one[key] or "?" for key in ("agency", "kind", "id"))
        reason = f"{one['reason']} {one['remedy'] or ''}".strip()
        table.add_row(one["outcome"], Text(name), Text(f"{one['file']}:{one['line']}"), Text(reason))
    console.print(table)
    if len(objects) > _SHOWN:
        console.print(f"... and {len(objects) - _SHOWN} more; --json lists all.")
