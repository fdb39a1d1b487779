"""The very bytes of the last run again: recognised without being read, and taken back like any other run."""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from catalog_sync.catalog.tables import change, holding, metadata, source, sync_batch
from catalog_sync.journal import OutcomeKind, Run, run_of
from catalog_sync.journal_pages import counts_of, outcomes_of
from catalog_sync.operations import metadata as operations
from catalog_sync.operations import sync_chunk
from catalog_sync.pipeline.changing import Change, SourceChanger
from catalog_sync.pipeline.process import own_process
from catalog_sync.pipeline.retention import prune
from catalog_sync.pipeline.revert import NotReverted
from catalog_sync.pipeline.steps import Mode
from tests.catalog_sync.pipeline.hub import Hub, ends, file, open_hub
from tests.catalog_sync.pipeline.test_order import emptied, seen
from tests.catalog_sync.pipeline.test_resume import Killed, heir, mortal
from tests.conftest import Databases
from tests.makers import Name, authority, carried_rule, delete, message, rule, service

MARCH, APRIL, MAY = "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z"
EVER = 2**62
THEIRS = Name("L999999", "9")
ONE = message(
    created=MARCH,
    writes=[service("1"), service("2"), authority("u", "U", rules=[carried_rule("a", "1", ["06"])])],
)
TWO = message(created=APRIL, writes=[service("1", title="New"), service("3")])


async def journal(hub: Hub, run: str) -> Run:
    found = await hub.databases.operations.read(partial(run_of, run=run))
    assert found is not None
    return found


async def number_of(hub: Hub, table: Any, **where: Any) -> int:
    query = select(func.count()).select_from(table).filter_by(**where)
    store = hub.databases.operations if table.metadata is operations else hub.databases.catalog
    found: int = await store.read(lambda c: c.execute(query).scalar_one())
    return found


@pytest.mark.parametrize("mode", ["delta", "snapshot"])
async def test_the_same_bytes_are_recognised_and_leave_one_record(databases: Databases, mode: Mode) -> None:
    hub = await open_hub(databases)
    first = await hub.deliver(ONE, mode=mode)
    before, held = await databases.catalog.read(seen), await number_of(hub, holding)
    fed = await number_of(hub, change)
    again = await hub.deliver(ONE, mode=mode)
    assert (again["state"], again["sameAs"], again["refused"]) == ("finished", first["run"], [])
    assert again["counts"] | {"added": 4, "unchanged": 0} == first["counts"]
    assert (again["counts"]["unchanged"], again["counts"]["added"]) == (4, 0)
    assert ends(again) == dict.fromkeys(("1", "2", "u", "a"), "unchanged")
    assert await databases.catalog.read(seen) == before
    assert (await number_of(hub, holding), await number_of(hub, change)) == (held, fed)
    assert await number_of(hub, sync_batch, run=again["run"]) == 0
    assert await number_of(hub, sync_chunk, run=again["run"]) == 0
    third = await hub.deliver(ONE, mode=mode)
    assert third["sameAs"] == first["run"]


async def test_its_objects_are_told_page_by_page(databases: Databases) -> None:
    hub = await open_hub(databases)
    await hub.deliver(ONE)
    run = (await hub.deliver(ONE))["run"]
    read = partial(outcomes_of, run=run, skip=1, limit=2)
    every = await databases.operations.read(partial(read, kinds=list(OutcomeKind)))
    assert [(one.id, one.outcome.value) for one in every] == [("2", "unchanged"), ("u", "unchanged")]
    unchanged = await databases.operations.read(partial(read, kinds=[OutcomeKind.UNCHANGED]))
    assert unchanged == every
    assert await databases.operations.read(partial(read, kinds=[OutcomeKind.ADDED])) == []
    counts = await databases.operations.read(partial(counts_of, runs=[run]))
    assert counts == {run: {"unchanged": 4}}


async def test_it_makes_the_source_fresh(databases: Databases) -> None:
    hub = await open_hub(databases)
    await hub.deliver(ONE, mode="snapshot")
    fresh = select(source.c.last_run, source.c.fresh_at)
    before = await databases.catalog.read(lambda c: c.execute(fresh).one())
    again = await hub.deliver(ONE, mode="snapshot")
    after = await databases.catalog.read(lambda c: c.execute(fresh).one())
    assert again["sameAs"] == before.last_run
    assert after.last_run == again["run"]
    assert after.fresh_at > before.fresh_at


async def test_several_files_are_recognised_together(databases: Databases) -> None:
    hub = await open_hub(databases)
    files = [file(ONE, "one.xml"), file(TWO, "two.xml")]
    first = await hub.deliver(*files, mode="snapshot")
    again = await hub.deliver(*files, mode="snapshot")
    assert again["sameAs"] == first["run"]
    assert again["counts"]["unchanged"] == sum(first["counts"].values())
    for others in (files[::-1], files[:1], [*files, file(TWO, "three.xml")]):
        assert (await hub.deliver(*others))["sameAs"] is None


async def test_other_bytes_of_the_same_size_are_read_wherever_they_differ(databases: Databases) -> None:
    hub = await open_hub(databases)
    big = message(created=MARCH, writes=[service(str(number), title="x" * 1000) for number in range(1200)])
    assert len(big) > 2**20
    await hub.deliver(big)
    end = big.rindex(b"xx")
    report = await hub.deliver(big[:end] + b"yy" + big[end + 2 :])
    assert (report["sameAs"], report["counts"]["changed"]) == (None, 1)
    assert (await hub.deliver(big.replace(MARCH.encode(), APRIL.encode())))["sameAs"] is None


@pytest.mark.parametrize(
    "said",
    [
        message(created=MARCH, writes=[service("1"), service("2", changed="once")]),
        message(created=MARCH, writes=[service("1"), rule("9", "u", "1", ["06"])]),
        message(created=None, writes=[service("1")]),
        message(created=MARCH, writes=[service("1")], deletes=[delete("Leistung", "1")]),
        message(created=MARCH, writes=[service("1", areas=["06", "99"])]),
    ],
    ids=["rejected", "waiting", "without a time", "gone", "partly"],
)
async def test_where_more_is_to_be_said_than_unchanged_it_is_read_again(
    databases: Databases, said: bytes
) -> None:
    hub = await open_hub(databases)
    await hub.deliver(said)
    assert (await hub.deliver(said))["sameAs"] is None


async def test_a_snapshot_that_deleted_is_read_once_more_and_then_known(databases: Databases) -> None:
    hub = await open_hub(databases)
    await hub.deliver(ONE, mode="snapshot")
    await hub.deliver(TWO, mode="snapshot")
    again = await hub.deliver(TWO, mode="snapshot")
    assert again["sameAs"] is None
    assert (await hub.deliver(TWO, mode="snapshot"))["sameAs"] == again["run"]


async def test_it_is_read_where_the_mode_is_another_or_another_run_came_between(databases: Databases) -> None:
    hub = await open_hub(databases)
    await hub.deliver(ONE)
    assert (await hub.deliver(ONE, mode="snapshot"))["sameAs"] is None
    await hub.deliver(TWO)
    report = await hub.deliver(ONE)
    assert report["sameAs"] is None
    assert [one["reason"] for one in report["objects"] if one["id"] == "1"] == [
        "An older version: the hub holds one that was changed later."
    ]


async def test_it_is_read_where_another_source_has_changed_how_an_object_stands(databases: Databases) -> None:
    hub = await open_hub(databases)
    await hub.add_source("other", ["L999999"], ["06"])
    theirs = message(created=MARCH, writes=[service(THEIRS)])
    await hub.deliver(theirs, source="other")
    ours = message(created=MARCH, writes=[authority("u", "U"), rule("r", "u", THEIRS, ["06"])])
    assert (await hub.deliver(ours))["counts"]["waiting"] == 0
    assert (await hub.deliver(ours))["sameAs"] is not None
    await hub.deliver(message(created=APRIL, writes=[service(Name("L999999", "8"))]), source="other")
    assert (await hub.deliver(ours))["sameAs"] is not None
    gone = message(created=MAY, deletes=[delete("Leistung", THEIRS)])
    await hub.deliver(gone, source="other")
    report = await hub.deliver(ours)
    assert (report["sameAs"], report["counts"]["waiting"]) == (None, 1)


async def test_it_is_judged_anew_where_the_source_may_deliver_something_else(databases: Databases) -> None:
    hub = await open_hub(databases)
    await hub.deliver(ONE)
    changer = SourceChanger(databases.catalog, databases.operations, hub.now, own_process())
    await changer.change("hessen", Change(name="Hessen"))
    assert (await hub.deliver(ONE))["sameAs"] is not None
    await changer.change("hessen", Change(agencies=["L999999"]))
    report = await hub.deliver(ONE)
    assert (report["sameAs"], report["counts"]["rejected"]) == (None, 3)


async def test_a_repeat_that_is_taken_back_changes_nothing(databases: Databases) -> None:
    hub = await open_hub(databases)
    first = (await hub.deliver(ONE))["run"]
    before = await databases.catalog.read(seen)
    again = (await hub.deliver(ONE))["run"]
    report = await hub.pipeline.revert(again)
    assert (report["state"], sum(report["counts"].values())) == ("finished", 0)
    assert [one["sentence"] for one in report["notices"]] == [
        f"The same bytes came with run {first} too, which stands: nothing changed."
    ]
    assert await databases.catalog.read(seen) == before
    assert ends(await hub.pipeline.revert(first)) == dict.fromkeys(("1", "2", "u", "a"), "gone")
    assert await hub.live() == {}


@pytest.mark.parametrize("mode", ["delta", "snapshot"])
async def test_what_came_again_stays_when_the_first_is_taken_back(databases: Databases, mode: Mode) -> None:
    hub = await open_hub(databases)
    await hub.deliver(TWO, mode=mode)
    old = await databases.catalog.read(seen)
    second = (await hub.deliver(ONE, mode=mode))["run"]
    before = await databases.catalog.read(seen)
    runs = [(await hub.deliver(ONE, mode=mode)) for _ in range(2)]
    assert [one["sameAs"] for one in runs] == [second, second]
    await hub.pipeline.revert(second)
    assert await databases.catalog.read(seen) == before
    once_more = await hub.deliver(ONE, mode=mode)
    assert once_more["sameAs"] == second
    for one in (*runs, once_more):
        with pytest.raises(NotReverted):
            await hub.pipeline.revert(second)
        await hub.pipeline.revert(one["run"])
    if mode == "delta":
        assert await databases.catalog.read(seen) == old
        assert (await hub.deliver(ONE, mode=mode))["sameAs"] is None


async def test_killed_anywhere_it_ends_as_if_it_had_not_been(databases: Databases) -> None:
    at, alive = 0, False
    while not alive:
        at += 1
        for after in (False, True):
            await databases.catalog.write(partial(emptied, tables=metadata))
            await databases.operations.write(partial(emptied, tables=operations))
            hub = await open_hub(databases, recognised_from=1)
            first = (await hub.deliver(ONE))["run"]
            before = await databases.catalog.read(seen)
            process, _ = mortal(hub, at, after=after)
            try:
                await process.deliver("hessen", [file(ONE)])
                alive = True
            except Killed:
                pass
            report = await heir(hub).deliver("hessen", [file(ONE)])
            assert (report["state"], report["sameAs"]) == ("finished", first)
            assert await databases.catalog.read(seen) == before
    assert at > 3


async def test_a_run_that_shares_its_bytes_is_read_from_them_where_something_came_between(
    databases: Databases,
) -> None:
    hub = await open_hub(databases)
    await hub.deliver(ONE)
    waiting = await hub.pipeline.accept("hessen", [file(ONE)])
    await hub.deliver(TWO)
    resumed = heir(hub)
    for delivery in await resumed.accepted():
        await resumed.work(delivery)
    report = await hub.pipeline.report(waiting.run.id)
    assert (report["state"], report["sameAs"], report["counts"]["unchanged"]) == ("finished", None, 4)
    assert (await journal(hub, waiting.run.id)).bytes_of is not None
    again = await hub.deliver(ONE)
    assert again["sameAs"] == waiting.run.id


async def test_shared_bytes_are_kept_for_as_long_as_one_needs_them(databases: Databases) -> None:
    hub = await open_hub(databases)
    first = (await hub.deliver(ONE))["run"]
    ended = (await journal(hub, first)).finished_at
    assert ended is not None
    again = (await hub.deliver(ONE))["run"]
    pruned = partial(prune, databases.catalog, databases.operations)
    assert await pruned(ended + 1) == []
    await hub.pipeline.revert(first)
    assert await pruned(ended + 1) == []
    assert await number_of(hub, sync_chunk, run=first) == 1
    assert await pruned(EVER) != []
    while await pruned(EVER):
        pass
    assert not (await journal(hub, again)).kept
    assert await number_of(hub, sync_chunk) == 0
    assert ends(await hub.pipeline.report(again)) == dict.fromkeys(("1", "2", "u", "a"), "unchanged")
    assert (await hub.deliver(ONE))["sameAs"] is None


async def test_a_dry_run_is_read(databases: Databases) -> None:
    hub = await open_hub(databases)
    await hub.deliver(ONE)
    report = await hub.deliver(ONE, dry_run=True)
    assert (report["sameAs"], report["counts"]["unchanged"]) == (None, 4)
    assert (await hub.deliver(ONE))["sameAs"] is not None
