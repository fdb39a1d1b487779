"""Who may see a source's page: granted, listed and taken back by command."""

import asyncio
import json
import secrets
import time
from pathlib import Path

from click.testing import CliRunner, Result

from hub.cli.sources import sources
from hub.database import open_database
from identity.account import Accounts
from identity.assurance import AssuranceLevel
from identity.person import Identified, Person
from tests.hub.cli.test_sync import ready

__all__ = ["ready"]


def say(*arguments: str) -> Result:
    return CliRunner().invoke(sources, [*arguments])


def account(folder: Path) -> str:
    """An account as a first login makes it."""

    async def made() -> str:
        database = open_database(f"sqlite:///{folder / 'identity.db'}")
        accounts = Accounts(database, time.time, secrets.token_bytes)
        erika = Identified("https://idp.example", "e", "demo", AssuranceLevel.HIGH, 0, Person(name="Erika"))
        found = await accounts.find_or_create(erika)
        await database.close()
        return found.id

    return asyncio.run(made())


def test_an_account_is_let_in_listed_and_shut_out(ready: Path) -> None:
    erika = account(ready)
    assert "Nobody may see hessen yet" in say("grants", "hessen").stdout
    assert say("grant", "hessen", erika).stdout == f"{erika} may see hessen now.\n"
    assert say("grant", "hessen", erika).stdout == f"{erika} may see hessen already.\n"
    assert say("grants", "hessen").stdout == f"{erika}  Erika\n"
    (listed,) = json.loads(say("grants", "hessen", "--json").stdout)
    assert (listed["account_id"], listed["name"]) == (erika, "Erika")
    assert say("withdraw", "hessen", erika).exit_code == 0
    assert say("withdraw", "hessen", erika).exit_code == 2
    assert json.loads(say("grants", "hessen", "--json").stdout) == []


def test_a_source_or_account_that_is_not_there_is_named(ready: Path) -> None:
    erika = account(ready)
    for arguments in (("grant", "nowhere", erika), ("grants", "nowhere"), ("withdraw", "nowhere", erika)):
        result = say(*arguments)
        assert (result.exit_code, "There is no source 'nowhere'" in result.stderr) == (2, True)
    result = say("grant", "hessen", "nobody")
    assert (result.exit_code, "There is no account 'nobody'" in result.stderr) == (2, True)


def test_an_id_that_begins_with_a_hyphen_is_no_option(ready: Path) -> None:
    for strange in ("-habc-", "--help-me", "-j"):
        assert f"There is no account '{strange}'" in say("grant", "hessen", strange).stderr
        assert f"{strange} was not granted hessen" in say("withdraw", "hessen", strange).stderr
    assert say("grant", "--help").exit_code == 0
