"""``verbundhub export``: the catalogue as files for others."""

import gzip
import sys
from pathlib import Path
from typing import BinaryIO, Literal

import click

from catalog_sync.catalog.keys import parse_ars
from catalog_sync.errors import BadArs
from catalog_sync.exporting.message import NoSuchSource, Wanted, opened
from hub.cli.running import Databases, run
from hub.config import Settings


@click.group("export")
def export() -> None:
    """The catalogue as files for others."""


@export.command("xzufi")
@click.option("--version", type=click.Choice(["2.2", "2.3.1"]), default="2.3.1", show_default=True)
@click.option("--area", metavar="ARS", help="Only what holds or acts there, above or below.")
@click.option("--source", metavar="ID", help="Only what this source delivered.")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
def xzufi(*, version: Literal["2.2", "2.3.1"], area: str | None, source: str | None, path: Path) -> None:
    """Write one XZuFi message of all live objects, to be taken as a snapshot; packed where PATH ends in .gz."""
    try:
        wanted = Wanted(version, None if area is None else parse_ars(area), source)
    except BadArs as error:
        raise click.UsageError(error.sentence) from error

    async def work(settings: Settings, databases: Databases) -> int:
        part = path.with_name(path.name + ".part")
        size = 0
        try:
            async with opened(databases.catalog, wanted, settings.issuer or "verbundhub") as message:
                with _file(part, packed=path.suffix == ".gz") as file:
                    async for chunk in message.chunks():
                        size += file.write(chunk)
        except NoSuchSource as error:
            raise click.UsageError(error.sentence) from error
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        part.replace(path)
        return size

    click.echo(f"{path}: {run(work)} bytes of XML", file=sys.stderr)


def _file(path: Path, *, packed: bool) -> gzip.GzipFile | BinaryIO:
    return gzip.open(path, "wb") if packed else path.open("wb")
