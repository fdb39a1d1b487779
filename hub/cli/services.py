"""``verbundhub services``: the LeiKa catalogue with its OZG bundles and situations."""

import json
from functools import partial
from pathlib import Path

import click
from sqlalchemy import Connection

from catalog_sync.leika.importing import Changes, ServiceReport, import_services
from catalog_sync.leika.listed import Catalogue
from catalog_sync.leika.reading import read_catalogue
from catalog_sync.search.indexing import indexed_keys, reindex_all, reindex_anew
from hub.cli.running import Databases, run
from hub.config import Settings

_BATCH = 500
"""Services of one transaction: deliveries get their turn in between."""


@click.group("services")
def services() -> None:
    """Services of the national catalogue (LeiKa)."""


@services.command("import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def import_command(files: tuple[Path, ...], as_json: bool) -> None:
    """Import CSV tables of services, OZG bundles and situations; recognised by their headers, in any order."""

    async def work(settings: Settings, databases: Databases) -> ServiceReport:
        catalogue = read_catalogue(files)
        return await databases.catalog.write(partial(_import, catalogue=catalogue))

    report = run(work)
    click.echo(json.dumps(report.as_json(), ensure_ascii=False) if as_json else _told(report))


def _import(connection: Connection, catalogue: Catalogue) -> ServiceReport:
    """Take it in and, in the same transaction, let the search find it by its new words."""
    report = import_services(connection, catalogue)
    if report.changed:
        reindex_all(connection)
    return report


@services.command("reindex")
def reindex_command() -> None:
    """Read all services anew for the search; a hub that serves goes on finding them meanwhile."""

    async def work(settings: Settings, databases: Databases) -> int:
        keys = await databases.catalog.read(indexed_keys)
        for start in range(0, len(keys), _BATCH):
            await databases.catalog.write(partial(reindex_anew, leika_keys=keys[start : start + _BATCH]))
        return len(keys)

    click.echo(f"{run(work)} services read anew.")


def _told(report: ServiceReport) -> str:
    return "\n".join(
        [
            _line("Services", report.services),
            _line("Bundles", report.bundles),
            _line("Situations", report.situations),
            *(f"Notice: {notice}" for notice in report.notices),
        ]
    )


def _line(word: str, changes: Changes) -> str:
    return f"{word}: {changes.added} added, {changes.changed} changed, {changes.unchanged} unchanged."
