"""Raw deliveries and markers are removed after their time; what may still be needed never is."""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, update

from catalog_sync.catalog.tables import sync_batch
from catalog_sync.journal import RETENTION_PRUNING, RunState, run_of
from catalog_sync.operations import sync_chunk, sync_file, sync_run
from catalog_sync.pipeline.confirm import NotConfirmed
from catalog_sync.pipeline.retention import prune
from catalog_sync.pipeline.revert import NotReverted
from catalog_sync.pipeline.upkeep import Upkeep
from tests.catalog_sync.pipeline.hub import START, Hub, file, open_hub
from tests.catalog_sync.pipeline.test_order import seen
from tests.catalog_sync.pipeline.test_resume import Killed, heir, mortal
from tests.conftest import Databases
from tests.makers import message, service

MARCH, APRIL, MAY = "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z"
DAY = 24 * 3600
EVER = 2**62
ONE, TWO = (message(created=at, writes=[service("1", title=at)]) for at in (MARCH, APRIL))


def snapshot(number: int, at: str) -> bytes:
    return message(created=at, writes=[service(f"s{one}") for one in range(number)])


async def left_of(hub: Hub, run: str) -> tuple[int, int, int]:
    """Markers, files and pieces of a run."""

    def counted(connection: Connection, table: Any) -> int:
        return connection.scalar(select(func.count()).select_from(table).where(table.c.run == run)) or 0

    operations = hub.databases.operations
    return (
        await hub.databases.catalog.read(partial(counted, table=sync_batch)),
        await operations.read(partial(counted, table=sync_file)),
        await operations.read(partial(counted, table=sync_chunk)),
    )


async def pruned(hub: Hub, before: int = EVER) -> list[str]:
    return await prune(hub.databases.catalog, hub.databases.operations, before)


async def deliver(hub: Hub, *contents: bytes, **more: Any) -> str:
    return str((await hub.deliver(*contents, **more))["run"])


async def test_an_old_run_loses_its_bytes_and_markers_and_keeps_its_report(databases: Databases) -> None:
    hub = await open_hub(databases)
    run = await deliver(hub, ONE)
    report, before = await hub.pipeline.report(run), await databases.catalog.read(seen)
    assert await left_of(hub, run) == (1, 1, 1)
    assert await pruned(hub) == [run]
    assert await left_of(hub, run) == (0, 0, 0)
    assert await hub.pipeline.report(run) == report
    assert await databases.catalog.read(seen) == before
    assert await pruned(hub) == []


async def test_a_young_run_keeps_all(databases: Databases) -> None:
    hub = await open_hub(databases)
    old = await deliver(hub, ONE)
    ended = await databases.operations.read(partial(run_of, run=old))
    young = await deliver(hub, TWO)
    assert ended is not None
    assert ended.finished_at is not None
    assert await pruned(hub, ended.finished_at) == []
    assert await pruned(hub, ended.finished_at + 1) == [old]
    assert await left_of(hub, young) == (1, 1, 1)
    assert (await hub.pipeline.revert(young))["state"] == "finished"


async def test_a_revert_that_is_too_late_says_so_and_changes_nothing(databases: Databases) -> None:
    hub = await open_hub(databases)
    await deliver(hub, ONE)
    run = await deliver(hub, TWO)
    await pruned(hub)
    before = await databases.catalog.read(seen)
    with pytest.raises(NotReverted, match="is too old: what is needed"):
        await hub.pipeline.revert(run)
    assert await databases.catalog.read(seen) == before


async def test_the_catalogue_goes_on_after_it_as_without(databases: Databases) -> None:
    hub = await open_hub(databases)
    await hub.deliver(snapshot(3, MARCH), mode="snapshot")
    await pruned(hub)
    assert (await hub.deliver(snapshot(3, MARCH), mode="snapshot"))["counts"]["unchanged"] == 3
    again = await hub.deliver(snapshot(2, APRIL), mode="snapshot")
    assert again["counts"]["gone"] == 1
    assert (await hub.pipeline.revert(again["run"]))["counts"]["added"] == 1


async def test_a_run_that_waits_to_be_confirmed_keeps_all(databases: Databases) -> None:
    hub = await open_hub(databases)
    first = await deliver(hub, snapshot(60, MARCH), mode="snapshot")
    waits = await deliver(hub, snapshot(30, APRIL), mode="snapshot")
    assert await pruned(hub) == [first]
    assert (await hub.pipeline.confirm(waits))["counts"]["gone"] == 30
    assert await pruned(hub) == [waits]


async def test_a_run_that_died_keeps_all_until_it_went_on(databases: Databases) -> None:
    hub = await open_hub(databases)
    pipeline, _ = mortal(hub, 3, after=True)
    with pytest.raises(Killed):
        await pipeline.deliver("hessen", [file(ONE)])
    assert await pruned(hub) == []
    report = await heir(hub).deliver("hessen", [file(ONE)])
    assert (report["state"], report["counts"]["added"]) == ("finished", 1)
    assert await pruned(hub) == [report["run"]]


async def test_a_failed_run_keeps_its_bytes_until_it_is_reverted(databases: Databases) -> None:
    hub = await open_hub(databases)
    run = await deliver(hub, ONE)
    state = update(sync_run).where(sync_run.c.id == run).values(state=RunState.FAILED.value)
    await databases.operations.write(lambda c: c.execute(state))
    assert await pruned(hub) == []
    reverted = (await hub.pipeline.revert(run))["run"]
    assert sorted(await pruned(hub)) == sorted([run, reverted])


async def test_a_revert_that_has_begun_keeps_what_it_reads(databases: Databases) -> None:
    hub = await open_hub(databases)
    await deliver(hub, ONE)
    run = await deliver(hub, TWO)
    pipeline, _ = mortal(hub, 2, after=True)
    with pytest.raises(Killed):
        await pipeline.revert(run)
    assert run not in await pruned(hub)
    assert (await heir(hub).revert(run))["counts"]["changed"] == 1


async def test_a_prune_that_was_cut_short_is_brought_to_its_end(databases: Databases) -> None:
    hub = await open_hub(databases)
    run = await deliver(hub, ONE)
    marked = update(sync_run).where(sync_run.c.id == run).values(retention=RETENTION_PRUNING)
    await databases.operations.write(lambda c: c.execute(marked))
    with pytest.raises(NotReverted, match="is too old"):
        await hub.pipeline.revert(run)
    await Upkeep(databases.catalog, databases.operations, hub.now).tidy()
    assert await left_of(hub, run) == (0, 0, 0)


async def test_the_setting_decides_how_long(databases: Databases) -> None:
    hub = await open_hub(databases)
    run = await deliver(hub, ONE)

    async def after(days: float, keep_seconds: int | None) -> tuple[int, int, int]:
        stores = databases.catalog, databases.operations
        await Upkeep(*stores, lambda: START + days * DAY, keep_seconds).prune()
        return await left_of(hub, run)

    assert await after(10_000, None) == (1, 1, 1)
    assert await after(89, 90 * DAY) == (1, 1, 1)
    assert await after(91, 90 * DAY) == (0, 0, 0)


async def test_a_large_delivery_goes_in_pieces(databases: Databases) -> None:
    hub = await open_hub(databases)
    run = await deliver(hub, bytes(20 * 1024 * 1024))
    assert await left_of(hub, run) == (0, 1, 20)
    assert await pruned(hub) == [run]
    assert await left_of(hub, run) == (0, 0, 0)


async def test_deletions_that_nobody_confirms_are_given_up_after_as_long_as_deliveries_are_kept(
    databases: Databases,
) -> None:
    hub = await open_hub(databases)
    await deliver(hub, snapshot(60, MARCH), mode="snapshot")
    waits = await deliver(hub, snapshot(30, APRIL), mode="snapshot")
    now = [hub.now()]
    upkeep = Upkeep(databases.catalog, databases.operations, lambda: now[0], keep_seconds=30 * DAY)
    now[0] += 29 * DAY
    await upkeep.prune()
    assert (await hub.pipeline.report(waits))["state"] == "to_confirm"
    now[0] += 2 * DAY
    await upkeep.prune()
    report = await hub.pipeline.report(waits)
    assert (report["state"], report["counts"]["gone"]) == ("finished", 0)
    assert "they are not made any more" in report["notices"][0]["sentence"]
    assert await hub.live() == {"LB": 60}
    with pytest.raises(NotConfirmed):
        await hub.pipeline.confirm(waits)
    assert await left_of(hub, waits) == (1, 1, 1)
    now[0] += 31 * DAY
    await upkeep.prune()
    assert await left_of(hub, waits) == (0, 0, 0)
