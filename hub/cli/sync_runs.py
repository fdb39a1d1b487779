"""``verbundhub sync runs`` and ``show``: which deliveries came, and what became of their objects."""

import json
from functools import partial
from typing import Any

import click

from catalog_sync.journal import OutcomeKind, Run, newest_runs, runs_of
from catalog_sync.pipeline.report import report, summary
from catalog_sync.sources.registry import UnknownSource, source_by_key
from hub.cli.running import Databases, run
from hub.cli.sync_report import show_report
from hub.config import Settings

_MICROSECONDS = 1_000_000
_MOST = 1000


@click.command("runs")
@click.option("--json", "as_json", is_flag=True, help="Print an array for programs.")
@click.option(
    "--limit", type=click.IntRange(1, _MOST), default=20, show_default=True, help="How many, newest first."
)
@click.argument("source", required=False, metavar="[SOURCE]")
def runs(*, source: str | None, as_json: bool, limit: int) -> None:
    """Say which runs SOURCE had, or all sources, newest first."""

    async def work(settings: Settings, databases: Databases) -> list[Run]:
        if source is None:
            return await databases.operations.read(partial(newest_runs, limit=limit))
        try:
            await databases.catalog.read(partial(source_by_key, key=source))
        except UnknownSource as error:
            raise click.UsageError(error.sentence) from error
        return await databases.operations.read(partial(runs_of, source=source, limit=limit))

    found = run(work)
    if as_json:
        click.echo(json.dumps([_told(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        took = "" if one.finished_at is None else f"  {_took(one)}"
        click.echo(f"{one.id}  {one.source}  {_mode(one)}  {one.state.value}{took}")
        click.echo(f"    {_counts(one)}{f', the very bytes of {one.same_as}' if one.same_as else ''}")


def _told(one: Run) -> dict[str, Any]:
    return {**summary(one), "notices": list(one.notices), "reverts": one.reverts}


def _mode(one: Run) -> str:
    return f"{one.mode}, dry run" if one.dry_run else one.mode


def _took(one: Run) -> str:
    return f"{((one.finished_at or one.created_at) - one.created_at) / _MICROSECONDS:.1f} s"


def _counts(one: Run) -> str:
    told = [f"{one.counts[kind.value]} {kind.value}" for kind in OutcomeKind if one.counts[kind.value]]
    return ", ".join(told) or "no objects"


@click.command("show")
@click.option("--json", "as_json", is_flag=True, help="Print the run's report as JSON.")
@click.option(
    "--outcome",
    type=click.Choice([kind.value for kind in OutcomeKind]),
    multiple=True,
    help="Only objects that ended so; else in the table those rejected or waiting, in JSON all.",
)
@click.argument("number", metavar="RUN")
def show(*, number: str, outcome: tuple[str, ...], as_json: bool) -> None:
    """Say what became of RUN and its objects, at any time after it."""

    async def work(settings: Settings, databases: Databases) -> dict[str, Any]:
        told = await databases.operations.read(partial(report, run=number))
        if told is None:
            raise click.UsageError(f"There is no run {number}.")
        return told

    told = run(work)
    if outcome:
        told["objects"] = [one for one in told["objects"] if one["outcome"] in outcome]
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        show_report(told, plain=bool(outcome))
