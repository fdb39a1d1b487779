"""Changing and showing sources by command."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hub.cli.sources import sources
from hub.cli.sources_words import span
from tests.catalog_sync.sources.faulty import host
from tests.hub.cli.test_sync import add, deliver, ready, written
from tests.hub.cli.test_sync_runs import APRIL, MARCH, say, snapshot
from tests.makers import message, service

__all__ = ["ready"]


def sources_say(*arguments: str) -> Result:
    return CliRunner().invoke(sources, [*arguments])


def told(*arguments: str) -> Any:
    return json.loads(sources_say(*arguments, "--json").stdout)


def test_each_part_of_a_source_can_be_changed(ready: Path) -> None:
    before = told("show", "hessen")
    assert before["shrink"] == {"*": 0.05}
    index = "https://x.example/index.txt"
    wishes = ("--name", "Redaktion", "--agency", "L100042,L100043", "--areas", "06532", "--index", index)
    after = told("change", "hessen", *wishes, "--every", "2h", "--shrink", "LB=10")
    assert after == told("show", "hessen")
    assert after | {"ageSeconds": None} == before | {
        "name": "Redaktion",
        "agencies": ["L100042", "L100043"],
        "areas": ["065320000000"],
        "index": index,
        "everySeconds": 7200,
        "shrink": {"*": 0.05, "LB": 0.1},
        "breaker": "closed",
    }
    shown = sources_say("show", "hessen").stdout
    assert f"index: {index}, every 2 h" in shown
    assert "shrink: 5,LB=10" in shown
    assert told("change", "hessen", "--no-index")["index"] is None


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nirgends", "--name", "x"), "There is no source 'nirgends'"),
        (("hessen",), "Say what is to be different"),
        (("hessen", "--areas", "0653"), "regional key"),
        (("hessen", "--areas", "06999"), "does not exist"),
        (("hessen", "--agency", "L 1"), "is no agency id"),
        (("hessen", "--index", "ftp://x"), "http or https"),
        (("hessen", "--index", "https://x.example/i", "--no-index"), "opposite"),
        (("hessen", "--every", "2h"), "needs an index address"),
        (("hessen", "--every", "often"), "like 24h"),
        (("hessen", "--shrink", "all"), "--shrink is a percentage"),
    ],
)
def test_a_change_that_cannot_be_is_told_why(ready: Path, arguments: tuple[str, ...], sentence: str) -> None:
    before = told("list")
    result = sources_say("change", *arguments)
    assert (result.exit_code, sentence in result.stderr) == (2, True), result.stderr
    assert told("list") == before


def test_a_source_that_is_not_there_cannot_be_shown(ready: Path) -> None:
    result = sources_say("show", "nirgends")
    assert (result.exit_code, "There is no source 'nirgends'" in result.stderr) == (2, True)


def test_the_list_tells_age_and_last_run(ready: Path) -> None:
    assert add("sachsen", agency="L100017", areas="14").exit_code == 0
    assert "nothing delivered" in sources_say("list").stdout
    assert deliver(written(ready, "a.xml", message(writes=[service("1")]))).exit_code == 0
    hessen, sachsen = told("list")
    assert (hessen["source"], sachsen["source"]) == ("hessen", "sachsen")
    assert 0 <= hessen["ageSeconds"] < 60
    assert hessen["lastRun"]["state"] == "finished"
    assert (sachsen["ageSeconds"], sachsen["lastRun"], sachsen["breaker"]) == (None, None, None)


def test_what_waits_for_a_yes_is_told(ready: Path) -> None:
    snapshot(ready, 60, MARCH)
    snapshot(ready, 30, APRIL)
    (waiting,) = told("show", "hessen")["toConfirm"]
    assert f"to confirm: {waiting}" in sources_say("show", "hessen").stdout


async def test_the_breaker_is_told_with_its_reason(ready: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with host() as there:
        monkeypatch.setenv("HUB_EGRESS_ALLOW", f"127.0.0.1:{there.port}")
        await asyncio.to_thread(add, "fetched", index=there.index)
        for breaker in ("retrying", "retrying", "open"):
            await asyncio.to_thread(say, "pull", "fetched")
            shown = await asyncio.to_thread(told, "show", "fetched")
            assert shown["breaker"] == breaker
        assert (shown["failures"], "answered 404" in shown["reason"]) == (3, True)
        words = (await asyncio.to_thread(sources_say, "show", "fetched")).stdout
        assert "breaker open, 3 failures in a row" in words
        changed = await asyncio.to_thread(told, "change", "fetched", "--index", f"{there.index}?new")
        assert (changed["breaker"], changed["failures"]) == ("closed", 0)


def test_runs_are_listed_and_shown_at_any_time(ready: Path) -> None:
    first = json.loads(deliver("--json", written(ready, "a.xml", message(writes=[service("1")]))).stdout)
    bad = message(created=APRIL, writes=[service("1", title="Neu"), service("2", "nonsense")])
    second = json.loads(deliver("--json", written(ready, "b.xml", bad)).stdout)
    listed = json.loads(say("runs", "hessen", "--json").stdout)
    assert [one["run"] for one in listed] == [second["run"], first["run"]]
    assert listed[0]["counts"] == second["counts"]
    assert json.loads(say("runs", "--limit", "1", "--json").stdout) == listed[:1]
    assert json.loads(say("runs", "hessen", "--json").stdout)[0]["notices"] == []
    first_line, counted, *_ = say("runs").stdout.splitlines()
    assert first_line.startswith(f"{second['run']}  hessen  delta  finished")
    assert counted.strip() == "1 changed, 1 rejected"
    assert json.loads(say("show", second["run"], "--json").stdout) == second
    table = say("show", second["run"])
    assert (table.exit_code, "rejected" in table.stdout, "L100042.LB.1" in table.stdout) == (0, True, False)
    changed = json.loads(say("show", second["run"], "--json", "--outcome", "changed").stdout)
    assert [one["id"] for one in changed["objects"]] == ["1"]
    assert "L100042.LB.1" in say("show", second["run"], "--outcome", "changed").stdout


def test_a_run_or_source_that_is_not_there_is_named(ready: Path) -> None:
    assert "There is no run nothing" in say("show", "nothing").stderr
    assert "There is no source 'nirgends'" in say("runs", "nirgends").stderr
    assert say("runs", "--limit", "0").exit_code == 2


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (59, "59 s"), (3600, "1 h"), (90_061, "1 d 1 h"), (-5, "0 s")]
)
def test_spans_have_their_two_largest_units(seconds: int, words: str) -> None:
    assert span(seconds) == words
