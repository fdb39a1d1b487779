"""``verbundhub sources grant``, ``withdraw`` and ``grants``: who may see a source's page."""

import json
import time
from dataclasses import asdict
from functools import partial

import click

from catalog_sync.sources.registry import UnknownSource, source_by_key
from hub.cli.running import Databases, run
from hub.config import Settings
from identity.source_staff import SourceStaff, StaffMember, UnknownAccountError

# An account's id may begin with a hyphen, and is no option even then.
_IDS: dict[str, object] = {"ignore_unknown_options": True, "help_option_names": ["--help"]}


@click.command("grant", context_settings=_IDS)
@click.argument("source", metavar="SOURCE")
@click.argument("account", metavar="ACCOUNT")
def grant(*, source: str, account: str) -> None:
    """Let ACCOUNT see SOURCE's runs at /quellen/SOURCE, confirm and revert them.

    ACCOUNT is the id that the person finds at /account/data after they have logged in once.
    """

    async def work(settings: Settings, databases: Databases) -> bool:
        try:
            return await (await _staff(databases, source)).grant(source, account)
        except UnknownAccountError as error:
            raise click.UsageError(error.sentence) from error

    click.echo(f"{account} may see {source} now." if run(work) else f"{account} may see {source} already.")


@click.command("withdraw", context_settings=_IDS)
@click.argument("source", metavar="SOURCE")
@click.argument("account", metavar="ACCOUNT")
def withdraw(*, source: str, account: str) -> None:
    """Take back what `sources grant` gave; it holds from the next click on."""

    async def work(settings: Settings, databases: Databases) -> bool:
        return await (await _staff(databases, source)).withdraw(source, account)

    if not run(work):
        raise click.UsageError(f"{account} was not granted {source}.")
    click.echo(f"{account} may see {source} no more.")


@click.command("grants")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
@click.argument("source", metavar="SOURCE")
def grants(*, source: str, as_json: bool) -> None:
    """Say which accounts may see SOURCE."""

    async def work(settings: Settings, databases: Databases) -> list[StaffMember]:
        return await (await _staff(databases, source)).members(source)

    found = run(work)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one.account_id}  {one.name or '(no name)'}")
    if not found:
        click.echo(
            f"Nobody may see {source} yet; `verbundhub sources grant {source} ACCOUNT` lets somebody in."
        )


async def _staff(databases: Databases, source: str) -> SourceStaff:
    """The grants, where there is such a source."""
    try:
        await databases.catalog.read(partial(source_by_key, key=source))
    except UnknownSource as error:
        raise click.UsageError(error.sentence) from error
    return SourceStaff(databases.identity, time.time)
