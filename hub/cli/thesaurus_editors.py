"""``verbundhub thesaurus grant``, ``withdraw`` and ``grants``: who may change the thesaurus through the graph."""

import json
import time
from dataclasses import asdict

import click

from hub.cli.running import Databases, run
from hub.config import Settings
from identity.keys import load_keys
from identity.pairwise import Pairwise
from identity.source_staff import StaffMember, UnknownAccountError
from identity.thesaurus_editors import ThesaurusEditors, origin_of

# An account's id may begin with a hyphen, and is no option even then.
_IDS: dict[str, object] = {"ignore_unknown_options": True, "help_option_names": ["--help"]}


@click.command("grant", context_settings=_IDS)
@click.argument("account", metavar="ACCOUNT")
def grant(*, account: str) -> None:
    """Let ACCOUNT change the thesaurus through the graph.

    ACCOUNT is the id that the person finds at /account/data after they have logged in once.
    """

    async def work(settings: Settings, databases: Databases) -> bool:
        try:
            return await ThesaurusEditors(databases.identity, time.time).grant(account)
        except UnknownAccountError as error:
            raise click.UsageError(error.sentence) from error

    word = "now" if run(work) else "already"
    click.echo(f"{account} may change the thesaurus {word}.")


@click.command("withdraw", context_settings=_IDS)
@click.argument("account", metavar="ACCOUNT")
def withdraw(*, account: str) -> None:
    """Take back what `thesaurus grant` gave; it holds from the next request on, the entries stay."""

    async def work(settings: Settings, databases: Databases) -> bool:
        return await ThesaurusEditors(databases.identity, time.time).withdraw(account)

    if not run(work):
        raise click.UsageError(f"{account} was not let in.")
    click.echo(f"{account} may change the thesaurus no more.")


@click.command("grants")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def grants(*, as_json: bool) -> None:
    """Say which accounts may change the thesaurus, and under which origin their entries stand."""

    async def work(settings: Settings, databases: Databases) -> list[tuple[StaffMember, str]]:
        pairwise = Pairwise(load_keys(settings.data_dir).pairwise_salt)
        members = await ThesaurusEditors(databases.identity, time.time).members()
        return [(one, origin_of(pairwise, one.account_id)) for one in members]

    found = run(work)
    if as_json:
        told = [{**asdict(one), "origin": origin} for one, origin in found]
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for one, origin in found:
        click.echo(f"{one.account_id}  {origin}  {one.name or '(no name)'}")
    if not found:
        click.echo(
            "Nobody may change the thesaurus yet; `verbundhub thesaurus grant ACCOUNT` lets somebody in."
        )
