"""``verbundhub sources``: the editorial offices' connections."""

import json
import re
import secrets
import time
from functools import partial
from urllib.parse import urlsplit

import click

from catalog_sync.catalog.keys import EntryKind
from catalog_sync.errors import BadArs
from catalog_sync.sources.registry import BadSource, add_source
from hub.cli.running import Databases, run
from hub.cli.sources_check import check
from hub.cli.sources_staff import grant, grants, withdraw
from hub.config import Settings
from identity.opaque import micros
from identity.source_tokens import SourceTokens

_PERIOD = re.compile(r"([1-9][0-9]{0,5})([smhd])")
_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]+)?")
_ALL = 100
_KINDS = {"", *(kind.value for kind in EntryKind)}
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


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
    seconds, shares = _period(every), _shares(shrink)
    if index is not None and urlsplit(index).scheme not in ("http", "https"):
        raise click.UsageError("--index is an http or https address.")

    async def work(settings: Settings, databases: Databases) -> str:
        made = partial(
            add_source,
            key=key,
            name=name,
            agencies=_listed(agency),
            areas=_listed(areas),
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


sources.add_command(check)
for _command in (grant, grants, withdraw):
    sources.add_command(_command)


def _listed(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _shares(text: str) -> dict[str, float]:
    """Parts by kind of object; ``*`` stands for every other kind."""
    shares = {}
    for word in _listed(text):
        kind, _, percent = word.rpartition("=")
        if kind not in _KINDS or not _PERCENT.fullmatch(percent) or float(percent) > _ALL:
            raise click.UsageError(
                "--shrink is a percentage, like 10, or one by kind of object, like LB=10,OE=2."
            )
        shares[kind or "*"] = float(percent) / _ALL
    return shares


def _period(text: str) -> int:
    found = _PERIOD.fullmatch(text)
    if found is None:
        raise click.UsageError("--every is a number and s, m, h or d, like 24h.")
    return int(found[1]) * _SECONDS[found[2]]
