"""``verbundhub sources change``: another name, other agencies, areas, another address, later."""

import time

import click

from catalog_sync.errors import BadArs
from catalog_sync.pipeline.changing import Change, SourceChanger
from catalog_sync.pipeline.process import own_process
from catalog_sync.sources.registry import BadSource, UnknownSource
from hub.cli import sources_words as words
from hub.cli.running import Databases, run
from hub.cli.sources_show import Told, show_source, told
from hub.config import Settings


@click.command("change")
@click.argument("key", metavar="SOURCE")
@click.option("--name", help="As people read it.")
@click.option("--agency", metavar="A,B", help="All agency ids of its objects, in place of those it has.")
@click.option("--areas", metavar="06,07", help="All areas it may write (ARS), in place of those it has.")
@click.option("--index", metavar="URL", help="Address of its index.txt.")
@click.option("--no-index", is_flag=True, help="Fetch it no more.")
@click.option("--every", help="How often it is fetched: 30m, 24h, 7d.")
@click.option(
    "--shrink", metavar="PERCENT", help="How much a snapshot may delete unasked: 10, or LB=10,OE=2."
)
@click.option("--json", "as_json", is_flag=True, help="Print the source as JSON.")
def change(
    *,
    key: str,
    name: str | None,
    agency: str | None,
    areas: str | None,
    index: str | None,
    no_index: bool,
    every: str | None,
    shrink: str | None,
    as_json: bool,
) -> None:
    """Change SOURCE; what is not named stays as it is.

    Waits for a delivery of SOURCE that is going on. Objects that name no area hold in the new areas at once. What was
    taken before stays until it comes again; it is then judged by the new agencies and areas. A new address or period
    is tried at the hub's next look.
    """
    wish = Change(
        name=name,
        agencies=None if agency is None else words.listed(agency),
        areas=None if areas is None else words.listed(areas),
        index_url=_index(index, gone=no_index),
        every_seconds=None if every is None else words.period(every),
        shares=None if shrink is None else words.shares(shrink),
    )
    if wish == Change():
        raise click.UsageError("Say what is to be different: --name, --agency, --areas, --index, ...")

    async def work(settings: Settings, databases: Databases) -> Told:
        changer = SourceChanger(databases.catalog, databases.operations, time.time, own_process())
        try:
            await changer.change(key, wish)
        except (BadSource, BadArs, UnknownSource) as error:
            raise click.UsageError(error.sentence) from error
        return await told(databases, key)

    show_source(run(work), as_json=as_json)


def _index(index: str | None, *, gone: bool) -> str | None:
    if gone and index is not None:
        raise click.UsageError("--index and --no-index are each other's opposite.")
    return "" if gone else (None if index is None else words.address(index))
