"""Deletions that wait to be confirmed."""

from contextlib import suppress

import pytest

from catalog_sync.pipeline.confirm import NotConfirmed
from tests.catalog_sync.pipeline.hub import Hub, open_hub
from tests.catalog_sync.pipeline.test_resume import Killed, heir, mortal
from tests.catalog_sync.pipeline.test_runs import snapshot
from tests.conftest import Databases
from tests.makers import Name, message, service

MARCH, APRIL, MAY = "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z"


async def waiting(databases: Databases, left: int = 39) -> tuple[Hub, str]:
    """A hub with 60 objects, and a run that would leave so many."""
    hub = await open_hub(databases)
    await snapshot(hub, 60, MARCH)
    report = await snapshot(hub, left, APRIL)
    assert report["state"] == "to_confirm"
    return hub, report["run"]


async def test_a_confirmed_run_deletes_what_its_snapshot_lacks(databases: Databases) -> None:
    hub, run = await waiting(databases)
    report = await hub.pipeline.confirm(run)
    assert (report["run"], report["state"]) == (run, "finished")
    assert (report["counts"]["gone"], report["counts"]["unchanged"]) == (21, 39)
    assert await hub.live() == {"LB": 39}
    late = await hub.deliver(message(created=MARCH, writes=[service("older")]))
    assert late["counts"]["added"] == 0  # the snapshot counts as swept


async def test_only_a_run_that_waits_can_be_confirmed(databases: Databases) -> None:
    hub, run = await waiting(databases)
    await hub.pipeline.confirm(run)
    with pytest.raises(NotConfirmed, match="is finished; only a run that is to_confirm can be"):
        await hub.pipeline.confirm(run)
    with pytest.raises(LookupError):
        await hub.pipeline.confirm("20260101T000000Z-0")


async def test_a_dry_run_cannot_be_confirmed(databases: Databases) -> None:
    hub, _ = await waiting(databases)
    content = message(created=MAY, writes=[service("s1")])
    dry = await hub.deliver(content, mode="snapshot", dry_run=True)
    assert dry["state"] == "to_confirm"
    with pytest.raises(NotConfirmed, match="was a dry run"):
        await hub.pipeline.confirm(dry["run"])


async def test_other_numbers_than_those_seen_are_refused_and_can_be_confirmed_anew(
    databases: Databases,
) -> None:
    hub, run = await waiting(databases)
    await hub.deliver(message(created="2026-03-15T00:00:00Z", writes=[service("x1"), service("x2")]))
    with pytest.raises(NotConfirmed, match="now delete 23 of 62 objects of kind LB, and no longer 21 of 60"):
        await hub.pipeline.confirm(run)
    assert await hub.live() == {"LB": 62}
    assert (await hub.pipeline.confirm(run))["counts"]["gone"] == 23


async def test_a_kind_may_shrink_as_much_as_its_source_says(databases: Databases) -> None:
    hub = await open_hub(databases)
    await hub.add_source("other", ["O1"], ["06"], shares={"LB": 0.5, "*": 0.0})
    for left, at in ((60, MARCH), (35, APRIL)):
        content = message(created=at, writes=[service(Name("O1", f"s{one}")) for one in range(left)])
        report = await hub.deliver(content, source="other", mode="snapshot")
    assert (report["state"], report["counts"]["gone"]) == ("finished", 25)


@pytest.mark.parametrize("at", range(1, 9))
async def test_a_confirmation_that_dies_goes_on(sqlite_databases: Databases, at: int) -> None:
    hub, run = await waiting(sqlite_databases)
    process, _ = mortal(hub, at, after=True)
    with suppress(Killed):
        await process.confirm(run)
    for delivery in await heir(hub).accepted():
        await heir(hub).work(delivery)
    if (await hub.pipeline.report(run))["state"] == "to_confirm":
        await heir(hub).confirm(run)
    report = await hub.pipeline.report(run)
    assert (report["state"], report["counts"]["gone"]) == ("finished", 21)
    assert await hub.live() == {"LB": 39}
