"""Taking a run back: the catalogue is as if its messages had never come."""

from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from catalog_sync.catalog.tables import change, deletion, metadata, version
from catalog_sync.operations import metadata as operations
from catalog_sync.pipeline import revert as reverting
from catalog_sync.pipeline.revert import NotReverted
from tests.catalog_sync.pipeline.hub import Hub, ends, file, open_hub
from tests.catalog_sync.pipeline.test_order import catalogue_after, emptied, messages, seen
from tests.catalog_sync.pipeline.test_resume import Killed, heir, mortal
from tests.conftest import Databases
from tests.makers import delete, message, rule, service

MARCH, APRIL, MAY = "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z"
BOTH = message(created=MARCH, writes=[service("1"), service("2")])


async def look(hub: Hub) -> Any:
    return await hub.databases.catalog.read(seen)


async def test_a_revert_brings_back_what_was_changed_deleted_and_takes_away_what_was_added(
    databases: Databases,
) -> None:
    hub = await open_hub(databases)
    await hub.deliver(BOTH)
    before = await look(hub)
    bad = message(
        created=APRIL,
        writes=[service("1", title="Wrong"), service("3"), rule("9", "u", "1", ["06"])],
        deletes=[delete("Leistung", "2")],
    )
    run = (await hub.deliver(bad))["run"]
    assert await look(hub) != before
    report = await hub.pipeline.revert(run)
    assert (report["mode"], report["state"]) == ("revert", "finished")
    assert ends(report) == {"1": "changed", "2": "added", "3": "gone", "9": "gone"}
    assert report["counts"]["gone"] == 2
    assert await look(hub) == before
    fed = await databases.catalog.read(
        lambda c: list(c.scalars(select(change.c.action).where(change.c.run == report["run"])))
    )
    assert sorted(fed) == [1, 2, 3, 3]
    marked = await databases.catalog.read(
        lambda c: list(c.scalars(select(version.c.run).where(version.c.reverted)))
    )
    assert set(marked) == {run}
    struck = await databases.catalog.read(lambda c: c.execute(select(deletion)).one())
    assert (struck.run, struck.reverted) == (run, True)


async def test_a_sweep_is_taken_back_with_its_snapshot(databases: Databases) -> None:
    hub = await open_hub(databases)
    await hub.deliver(BOTH)
    run = (await hub.deliver(message(created=APRIL, writes=[service("1")]), mode="snapshot"))["run"]
    late = await hub.deliver(message(created=MARCH, writes=[service("late")]))
    assert ends(late) == {"late": "unchanged"}
    report = await hub.pipeline.revert(run)
    assert ends(report) == {"2": "added", "late": "added"}
    later = await hub.deliver(message(created=MARCH, writes=[service("later")]))
    assert ends(later) == {"later": "added"}


async def test_what_another_run_brought_again_stays(databases: Databases) -> None:
    hub = await open_hub(databases)
    run = (await hub.deliver(BOTH))["run"]
    await hub.deliver(message(created=APRIL, writes=[service("1")]))
    assert ends(await hub.pipeline.revert(run)) == {"2": "gone"}
    assert await hub.live() == {"LB": 1}


async def test_what_was_reverted_can_be_delivered_again(databases: Databases) -> None:
    hub = await open_hub(databases)
    await hub.pipeline.revert((await hub.deliver(BOTH))["run"])
    assert await hub.live() == {}
    assert ends(await hub.deliver(BOTH)) == {"1": "added", "2": "added"}


async def test_what_cannot_be_reverted_is_refused(databases: Databases) -> None:
    hub = await open_hub(databases)
    run = (await hub.deliver(BOTH))["run"]
    dry = (await hub.deliver(BOTH, dry_run=True))["run"]
    refused = (await hub.deliver(b"<no"))["run"]
    waiting = await hub.pipeline.accept("hessen", [file(message(writes=[service("5")]))])
    taken_back = (await hub.pipeline.revert(run))["run"]
    for number, sentence in (
        (run, f"was reverted by {taken_back} already"),
        (taken_back, "is itself a revert"),
        (dry, "changed nothing"),
        (refused, "changed nothing"),
        (waiting.run.id, "has not come to its end"),
    ):
        with pytest.raises(NotReverted, match=sentence):
            await hub.pipeline.revert(number)
    with pytest.raises(LookupError):
        await hub.pipeline.revert("unknown")


async def test_a_revert_that_dies_goes_on(
    sqlite_databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    databases = sqlite_databases
    monkeypatch.setattr(reverting, "_TOGETHER", 1)
    at, alive = 0, False
    while not alive:
        at += 1
        await databases.catalog.write(partial(emptied, tables=metadata))
        await databases.operations.write(partial(emptied, tables=operations))
        hub = await open_hub(databases)
        await hub.deliver(BOTH)
        before = await look(hub)
        run = (await hub.deliver(message(created=APRIL, writes=[service("1")]), mode="snapshot"))["run"]
        process, fuse = mortal(hub, at, after=True)
        try:
            await process.revert(run)
            alive = True
        except Killed:
            for delivery in await heir(hub).accepted():
                await heir(hub).work(delivery)
        assert await look(hub) == before, at
        assert fuse.commits >= at or alive
    assert at > 6


@given(data=st.data())
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_after_a_revert_the_catalogue_is_that_of_the_other_messages(
    sqlite_databases: Databases, data: st.DataObject
) -> None:
    sent = data.draw(st.lists(messages(), min_size=1, max_size=4), label="messages")
    order = data.draw(st.permutations(range(len(sent))), label="order")
    out = data.draw(st.sampled_from(range(len(sent))), label="reverted")
    others = [at for at in order if at != out]
    expected = await catalogue_after(sqlite_databases, sent, others, recognised_from=10**9)
    await sqlite_databases.catalog.write(partial(emptied, tables=metadata))
    await sqlite_databases.operations.write(partial(emptied, tables=operations))
    hub = await open_hub(sqlite_databases, recognised_from=1)
    runs = {at: (await hub.deliver(sent[at].content(at), mode=sent[at].mode))["run"] for at in order}
    await hub.pipeline.revert(runs[out])
    assert await look(hub) == expected
