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

from catalog_sync.pipeline.beside import Readers
from catalog_sync.pipeline.pull import Puller
from catalog_sync.pipeline.read import Progress as Report
from catalog_sync.pipeline.report import exit_status
from catalog_sync.pipeline.run import Pipeline
from catalog_sync.search.indexing import reindex
from catalog_sync.sources.files import files_of
from catalog_sync.sources.registry import UnknownSource, source_by_key
from hub.cli.running import Databases, run
from hub.cli.sync_compare import compare
from hub.cli.sync_report import show_report
from hub.cli.sync_runs import runs, show
from hub.config import Settings
from hub.egress import Egress


@click.group("sync")
def sync() -> None:
    """Deliveries of the editorial offices."""


for _command in (compare, runs, show):
    sync.add_command(_command)


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
            return await _pipeline(settings, databases).deliver(
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
            return await _known(number, _pipeline(settings, databases).confirm(number, progress))

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
            return await _known(number, _pipeline(settings, databases).revert(number, progress))

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
            pulled = await Puller(_pipeline(settings, databases), egress).pull(source, by_hand=True)
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


def _pipeline(settings: Settings, databases: Databases) -> Pipeline:
    return Pipeline(
        databases.catalog,
        databases.operations,
        clock=time.time,
        random=secrets.token_bytes,
        reindex=reindex,
        readers=Readers(int(settings.sync_processes)),
    )


def _tell(report: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
    else:
        show_report(report)
    sys.exit(exit_status(report))


@contextmanager
def _progress() -> Iterator[Report]:
    """A bar on stderr, where a person looks at it."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        tasks = {step: bar.add_task(step, total=None) for step in ("read", "write")}
        yield lambda step, done, total: bar.update(tasks[step], completed=done, total=total)
