"""What a snapshot may not do: delete everything because it is empty, and be confirmed as a dry run."""

from functools import partial

import pytest
from sqlalchemy import select

from catalog_sync.catalog.tables import spared
from tests.catalog_sync.pipeline.hub import Hub, open_hub
from tests.catalog_sync.pipeline.test_runs import snapshot
from tests.conftest import Databases
from tests.makers import Write, delete, message, service

MARCH, APRIL, MAY = "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z"
NOTHING = "The snapshot holds no object that could be taken: nothing was deleted."


async def filled(databases: Databases) -> Hub:
    hub = await open_hub(databases)
    await hub.deliver(message(created=MARCH, writes=[service("1"), service("2"), service("3")]))
    return hub


@pytest.mark.parametrize("writes", [[], [service("9", areas=["14"])], ["<x:leistung/>"]])
async def test_a_snapshot_without_an_object_deletes_nothing(
    databases: Databases, writes: list[Write | str]
) -> None:
    hub = await filled(databases)
    report = await hub.deliver(message(created=APRIL, writes=writes), mode="snapshot")
    assert (report["state"], report["counts"]["gone"]) == ("finished", 0)
    assert [told["sentence"] for told in report["notices"]][-1] == NOTHING
    assert await hub.live() == {"LB": 3}
    late = await hub.deliver(message(created=MARCH, writes=[service("late")]))
    assert late["counts"]["added"] == 1  # it does not count as a snapshot later either


async def test_a_snapshot_of_deletes_only_deletes_what_it_says(databases: Databases) -> None:
    hub = await filled(databases)
    content = message(created=APRIL, deletes=[delete("Leistung", "1")])
    report = await hub.deliver(content, mode="snapshot")
    assert (report["counts"]["gone"], report["notices"][-1]["sentence"]) == (1, NOTHING)
    assert await hub.live() == {"LB": 2}


async def test_a_snapshot_with_one_object_deletes_the_others(databases: Databases) -> None:
    hub = await filled(databases)
    writes: list[Write | str] = [service("1"), service("9", areas=["14"])]
    report = await hub.deliver(message(created=APRIL, writes=writes), mode="snapshot")
    assert (report["counts"]["gone"], report["notices"]) == (2, [])
    assert await hub.live() == {"LB": 1}


async def test_a_file_that_is_refused_does_not_count_as_an_object(databases: Databases) -> None:
    hub = await filled(databases)
    cut = message(created=APRIL, writes=[service("1")])[:-9]
    report = await hub.deliver(cut, message(created=APRIL), mode="snapshot")
    assert "not complete" in report["notices"][-1]["sentence"]
    assert await hub.live() == {"LB": 3}


async def test_only_a_run_that_can_be_confirmed_says_how(databases: Databases) -> None:
    hub = await open_hub(databases)
    await snapshot(hub, 60, MARCH)
    content = message(created=APRIL, writes=[service("s1")])
    dry = await hub.deliver(content, mode="snapshot", dry_run=True)
    (told,) = dry["notices"]
    assert "would delete 59 of 60" in told["sentence"]
    assert "dry run" in told["sentence"]
    assert "sync confirm" not in told["sentence"]
    wet = await hub.deliver(content, mode="snapshot")
    assert wet["notices"][0]["sentence"].endswith(f"See `verbundhub sync confirm {wet['run']}`.")


@pytest.mark.parametrize("held", [True, False])
async def test_what_a_snapshot_of_many_hours_did_not_hold_stays_away_also_between_its_messages(
    databases: Databases, held: bool
) -> None:
    hub = await open_hub(databases)
    day = "2026-04-01T{:02}:00:00Z"
    writes: list[Write | str] = [service("other"), *([service("1")] if held else [])]
    whole = (
        message(created=day.format(8), writes=writes),
        message(created=day.format(20), writes=[service("2")]),
    )
    await hub.deliver(message(created=day.format(12), writes=[service("1", title="A")]))
    await hub.deliver(message(created=day.format(13), deletes=[delete("Leistung", "1")]))
    await hub.deliver(*whole, mode="snapshot")
    await hub.deliver(message(created=day.format(15), writes=[service("1", title="B")]))
    assert await hub.live() == {"LB": 3 if held else 2}


DAYS = "2026-04-{:02}T00:00:00Z"


@pytest.mark.parametrize("first", [True, False])
async def test_what_a_snapshot_names_but_cannot_take_is_not_missing_in_whatever_order(
    databases: Databases, first: bool
) -> None:
    hub = await open_hub(databases)
    broken = [service("1", changed="once"), service("9")]
    whole = partial(hub.deliver, message(created=DAYS.format(5), writes=broken), mode="snapshot")
    if first:
        await whole()
    await hub.deliver(message(created=DAYS.format(1), writes=[service("1"), service("2")]))
    if not first:
        await whole()
    assert await hub.live() == {"LB": 2}
    await hub.deliver(message(created=DAYS.format(3), deletes=[delete("Leistung", "1")]))
    await hub.deliver(message(created=DAYS.format(4), writes=[service("1", title="B")]))
    assert await hub.live() == {"LB": 2}


@pytest.mark.parametrize("newest", ["taken", "held"])
async def test_an_older_snapshot_counts_where_the_newest_holds_the_object(
    databases: Databases, newest: str
) -> None:
    hub = await open_hub(databases)
    one = service("1", changed="once") if newest == "held" else service("1", title="B")
    await hub.deliver(message(created=DAYS.format(5), writes=[service("9")]), mode="snapshot")
    late = message(created=DAYS.format(20), deletes=[delete("Leistung", "1")])
    run = (await hub.deliver(late))["run"]
    await hub.deliver(message(created=DAYS.format(9), writes=[service("9"), one]), mode="snapshot")
    await hub.pipeline.revert(run)
    before = await hub.live()
    assert before == {"LB": 2 if newest == "taken" else 1}
    await hub.deliver(message(created=DAYS.format(3), writes=[service("1", changed="2030-01-01T00:00:00Z")]))
    assert await hub.live() == before
    await hub.deliver(message(created=DAYS.format(6), writes=[service("1", title="C")]))
    assert await hub.live() == {"LB": 2}


@pytest.mark.parametrize("first", [True, False])
async def test_what_a_snapshot_only_deletes_it_does_not_hold(databases: Databases, first: bool) -> None:
    hub = await open_hub(databases)
    files = (
        message(created=DAYS.format(1), deletes=[delete("Leistung", "1")]),
        message(created=DAYS.format(5), writes=[service("9")]),
    )
    between = message(created=DAYS.format(3), writes=[service("1")])
    if first:
        await hub.deliver(*files, mode="snapshot")
    await hub.deliver(between)
    if not first:
        await hub.deliver(*files, mode="snapshot")
    assert await hub.live() == {"LB": 1}


async def test_a_snapshot_that_is_taken_back_spares_nothing(databases: Databases) -> None:
    hub = await open_hub(databases)
    one = service("1", changed="once")
    broken = await hub.deliver(message(created=DAYS.format(5), writes=[service("9"), one]), mode="snapshot")
    await hub.deliver(message(created=DAYS.format(6), writes=[service("9")]), mode="snapshot")
    await hub.deliver(message(created=DAYS.format(1), writes=[service("1")]))
    assert await hub.live() == {"LB": 1}
    await hub.pipeline.revert(broken["run"])
    assert await databases.catalog.read(lambda c: c.execute(select(spared)).all()) == []
    assert await hub.live() == {"LB": 1}
