"""What can be done about a run by command: confirm, revert, fetch by hand."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hub.cli.sync import sync
from tests.catalog_sync.sources.faulty import host
from tests.hub.cli.test_sync import add, deliver, live, ready, report, written
from tests.makers import message, service

__all__ = ["ready"]

MARCH, APRIL = "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"


def say(*arguments: str) -> Result:
    return CliRunner().invoke(sync, [*arguments])


def snapshot(folder: Path, number: int, at: str) -> Result:
    content = message(created=at, writes=[service(f"s{one}") for one in range(number)])
    return deliver("--snapshot", "--json", written(folder, f"{number}.xml", content))


def test_a_run_that_waits_is_confirmed_once(ready: Path) -> None:
    snapshot(ready, 60, MARCH)
    waiting = snapshot(ready, 30, APRIL)
    assert (waiting.exit_code, report(waiting)["state"], live(ready)) == (1, "to_confirm", 60)
    run = report(waiting)["run"]
    confirmed = say("confirm", run, "--json")
    assert (confirmed.exit_code, report(confirmed)["counts"]["gone"], live(ready)) == (0, 30, 30)
    again = say("confirm", run)
    assert (again.exit_code, "only a run that is to_confirm" in again.stderr) == (2, True)
    assert say("confirm", "nothing").exit_code == 2


def test_a_run_is_reverted_once(ready: Path) -> None:
    snapshot(ready, 3, MARCH)
    run = report(snapshot(ready, 1, APRIL))["run"]
    reverted = say("revert", run, "--json")
    assert (reverted.exit_code, report(reverted)["counts"]["added"], live(ready)) == (0, 2, 3)
    again = say("revert", run)
    assert (again.exit_code, "was reverted by" in again.stderr) == (2, True)
    assert "There is no run nothing" in say("revert", "nothing").stderr


@pytest.mark.parametrize(
    ("shrink", "kept"), [("10", '{"*": 0.1}'), ("LB=50,OE=2.5", '{"LB": 0.5, "OE": 0.025}')]
)
def test_a_source_says_how_much_may_go_unasked(ready: Path, shrink: str, kept: str) -> None:
    assert add("other", shrink=shrink).exit_code == 0
    connection = sqlite3.connect(ready / "catalog.db")
    found = connection.execute("SELECT shrink FROM source WHERE key = 'other'").fetchone()
    connection.close()
    assert found == (kept,)


@pytest.mark.parametrize("shrink", ["all", "101", "XX=5", "-3", "LB="])
def test_a_share_that_is_none_is_refused(ready: Path, shrink: str) -> None:
    refused = add("other", shrink=shrink)
    assert (refused.exit_code, "--shrink is a percentage" in refused.stderr) == (2, True)


async def test_a_source_is_fetched_by_hand(ready: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with host(index_txt=b"a.xml\n", a_xml=message(writes=[service("1")])) as there:
        monkeypatch.setenv("HUB_EGRESS_ALLOW", f"127.0.0.1:{there.port}")
        made = await asyncio.to_thread(add, "fetched", index=there.index)
        assert made.exit_code == 0
        first = await asyncio.to_thread(say, "pull", "fetched", "--json")
        assert (first.exit_code, report(first)["counts"]["added"]) == (0, 1)
        second = await asyncio.to_thread(say, "pull", "fetched")
        assert (second.exit_code, second.stdout) == (0, "Nothing has changed since the last delivery.\n")
        there.files.clear()
        failed = await asyncio.to_thread(say, "pull", "fetched")
        assert (failed.exit_code, "it answered 404" in failed.stderr) == (2, True)
    unfetched = await asyncio.to_thread(say, "pull", "hessen")
    assert "has no index address" in unfetched.stderr
