"""``verbundhub areas``: official lists of areas and postcodes into the catalogue."""

import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from catalog_sync.areas.importing import AreaReport, import_areas
from catalog_sync.areas.recognition import read_sources
from catalog_sync.areas.storing import Changes
from hub.cli.running import Databases, run
from hub.config import Settings

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_LEVELS = {
    "MUNICIPALITY": "municipalities",
    "ASSOCIATION": "associations",
    "DISTRICT": "districts",
    "REGION": "regions",
    "STATE": "states",
}


@click.group("areas")
def areas() -> None:
    """Areas: states, regions, districts, associations, municipalities."""


@areas.command("import")
@click.argument("files", nargs=-1, type=_FILE)
@click.option("--postcodes", multiple=True, type=_FILE, help="CSV with plz and ags or ars (and ort).")
@click.option("--changes", multiple=True, type=_FILE, help="CSV with change,ars,old_name,new_name.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="YYYY-MM-DD, for lists that name no date themselves.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def import_command(
    files: tuple[Path, ...],
    postcodes: tuple[Path, ...],
    changes: tuple[Path, ...],
    as_of: datetime | None,
    as_json: bool,
) -> None:
    """Import official lists of areas: genericode XML, GV100AD, CSV with a header (ars,name); gzipped or not.

    Order does not matter: lists have dates, and an area that only older lists have is kept as one of the past.
    """
    if not (files or postcodes or changes):
        raise click.UsageError("Name at least one list: a file, --postcodes FILE or --changes FILE.")
    today = datetime.now(UTC).date().isoformat()

    async def work(settings: Settings, databases: Databases) -> AreaReport:
        sources = read_sources(
            files,
            postcodes=postcodes,
            changes=changes,
            as_of=as_of.date().isoformat() if as_of else None,
            today=today,
        )
        return await databases.catalog.write(partial(import_areas, sources=sources))

    report = run(work)
    click.echo(json.dumps(report.as_json(), ensure_ascii=False) if as_json else _told(report))


def _told(report: AreaReport) -> str:
    counts = ", ".join(f"{report.current[level]:,} {word}" for level, word in _LEVELS.items())
    return "\n".join(
        [
            _line("Areas", report.areas),
            f"Now: {counts}; {report.parts} parts of cities; {report.historic} areas of the past.",
            _line("Postcodes, one for each area that uses one", report.postcodes),
            *(f"Notice: {notice}" for notice in report.notices),
        ]
    )


def _line(words: str, changes: Changes) -> str:
    return (
        f"{words}: {changes.added} added, {changes.changed} changed, "
        f"{changes.removed} removed, {changes.unchanged} unchanged."
    )
