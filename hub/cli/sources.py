"""``verbundhub sources``: the editorial offices' connections."""

import json
import secrets
import time
from functools import partial

import click

from catalog_sync.errors import BadArs
from catalog_sync.sources.registry import BadSource, add_source
from hub.cli import sources_words as words
from hub.cli.running import Databases, run
from hub.cli.sources_change import change
from hub.cli.sources_check import check
from hub.cli.sources_show import list_command, show
from hub.cli.sources_staff import grant, grants, withdraw
from hub.config import Settings
from identity.opaque import micros
from identity.source_tokens import SourceTokens


@click.group("sources")
def sources() -> None:
    """Sources: an editorial office's connection to the hub."""


@sources.command("add")
@click.argument("key", metavar="ID")
@click.option("--name", required=True, help="As people read it.")
@click.option("--agency", required=True, metavar="A,B", help="Agency ids (schemeAgencyID) of its objects.")
@click.option(
    "--areas", required=True, metavar="06,07", help="Where it may write (ARS); 00 is all of Germany."
)
@click.option("--index", metavar="URL", help="Address of its index.txt, if it is fetched.")
@click.option("--every", default="24h", show_default=True, help="How often it is fetched: 30m, 24h, 7d.")
@click.option(
    "--shrink",
    default="5",
    show_default=True,
    metavar="PERCENT",
    help="How much a snapshot may delete unasked: 10, or LB=10,OE=2 by kind of object.",
)
@click.option("--json", "as_json", is_flag=True, help='Print {"source", "token"}.')
def add(
    *, key: str, name: str, agency: str, areas: str, index: str | None, every: str, shrink: str, as_json: bool
) -> None:
    """Make a source and the token with which it pushes; the token is printed this once only."""
    seconds, shares = words.period(every), words.shares(shrink)
    index = None if index is None else words.address(index)

    async def work(settings: Settings, databases: Databases) -> str:
        made = partial(
            add_source,
            key=key,
            name=name,
            agencies=words.listed(agency),
            areas=words.listed(areas),
            now=micros(time.time),
            index_url=index,
            every_seconds=seconds if index else None,
            shares=shares,
        )
        try:
            await databases.catalog.write(made)
        except (BadSource, BadArs) as error:
            raise click.UsageError(error.sentence) from error
        return await SourceTokens(databases.identity, time.time, secrets.token_bytes).issue(key)

    token = run(work)
    if as_json:
        click.echo(json.dumps({"source": key, "token": token}))
        return
    click.echo(f"source: {key}\ntoken: {token}\nKeep the token: it can't be shown again.")


for _command in (change, check, grant, grants, list_command, show, withdraw):
    sources.add_command(_command)
