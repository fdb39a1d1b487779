"""Deliveries that are lost while they come in: their runs fail; never one that is still coming."""

import asyncio
import os
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from catalog_sync.journal import Run, RunState, run_of, runs_of
from catalog_sync.operations import sync_chunk, sync_file, sync_lease
from catalog_sync.pipeline.keep import Keeper
from catalog_sync.pipeline.receiving import SILENT_AFTER_SECONDS, NotReceived, give_up_lost
from catalog_sync.pipeline.turns import Turns
from catalog_sync.pipeline.upkeep import Upkeep
from catalog_sync.sources.incoming import Incoming
from hub.housekeeping import Housekeeping
from tests.catalog_sync.pipeline.hub import START, Hub, file, open_hub
from tests.catalog_sync.pipeline.test_resume import Killed, Named, mortal
from tests.conftest import Databases
from tests.makers import message, service

LARGE = os.urandom(1024 * 1024) * 17
SECOND = Named("second", buried="first")
TURN_TAKEN, FIRST_PIECES, MORE_PIECES, RECEIVED = 1, 2, 3, 4
"""The commits of a large delivery, by number."""


def large() -> Incoming:
    """A delivery that is kept in several transactions."""
    return file(LARGE, "a.xml.gz")


async def the_run(hub: Hub) -> Run:
    (found,) = await hub.databases.operations.read(lambda c: runs_of(c, "hessen"))
    return found


async def rows(hub: Hub) -> list[int]:
    def count(connection: Connection) -> list[int]:
        tables = (sync_chunk, sync_file, sync_lease)
        return [connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables]

    return await hub.databases.operations.read(count)


async def died(hub: Hub, at: int) -> None:
    """A process that dies right behind a commit."""
    pipeline, _ = mortal(hub, at, after=True)
    with pytest.raises(Killed):
        await pipeline.accept("hessen", [large()])


async def given_up(hub: Hub, process: Named, clock: Callable[[], float] | None = None) -> list[str]:
    return await give_up_lost(hub.databases.operations, clock or hub.now, process)


@pytest.mark.parametrize("at", [FIRST_PIECES, MORE_PIECES])
async def test_a_run_whose_process_died_fails_and_says_so(databases: Databases, at: int) -> None:
    hub = await open_hub(databases)
    await died(hub, at)
    assert (await the_run(hub)).state is RunState.RECEIVING
    assert await hub.pipeline.accepted() == []
    upkeep = Upkeep(databases.catalog, databases.operations, hub.now, process=SECOND)
    await upkeep.tidy()
    run = await the_run(hub)
    assert run.state is RunState.FAILED
    assert run.finished_at is not None
    assert run.notices == (
        "The hub stopped while this delivery came in: nothing of it was taken. Send it again.",
    )
    assert await rows(hub) == [0, 0, 0]


async def test_a_run_that_came_whole_is_left(databases: Databases) -> None:
    hub = await open_hub(databases)
    await died(hub, RECEIVED)
    assert await given_up(hub, SECOND) == []
    assert (await the_run(hub)).state is RunState.RECEIVED
    assert len(await hub.pipeline.accepted()) == 1


async def test_before_the_first_piece_there_is_nothing_to_give_up(databases: Databases) -> None:
    hub = await open_hub(databases)
    await died(hub, TURN_TAKEN)
    assert await given_up(hub, SECOND) == []
    assert await databases.operations.read(lambda c: runs_of(c, "hessen")) == []


async def test_a_run_of_another_machine_is_given_up_after_long_silence_only(databases: Databases) -> None:
    hub = await open_hub(databases)
    await died(hub, FIRST_PIECES)
    elsewhere = Named("elsewhere")
    assert await given_up(hub, elsewhere) == []
    assert (await the_run(hub)).state is RunState.RECEIVING
    late = START + SILENT_AFTER_SECONDS + 100
    assert await given_up(hub, elsewhere, lambda: late) == [(await the_run(hub)).id]


class Slow:
    """A store that asks somebody after every commit."""

    def __init__(self, inner: Any, look: Callable[[], Any]) -> None:
        self.inner, self.look = inner, look
        self.read = inner.read

    async def write(self, work: Callable[[Connection], Any]) -> Any:
        done = await self.inner.write(work)
        await self.look()
        return done


async def test_a_run_that_is_still_coming_is_never_given_up(databases: Databases) -> None:
    hub = await open_hub(databases)
    seen: list[RunState] = []

    async def look() -> None:
        seen.extend(run.state for run in await databases.operations.read(lambda c: runs_of(c, "hessen")))
        assert await given_up(hub, Named("second", buried="nobody")) == []

    keeper = Keeper(Slow(databases.operations, look), Turns(databases.operations, hub.now, Named("first")))
    run = hub.pipeline.new_run("hessen", "delta")
    await keeper.keep(run, [large()])
    assert seen == [RunState.RECEIVING, RunState.RECEIVING, RunState.RECEIVED]
    assert (await rows(hub))[2] == 0


async def test_a_receiver_that_was_given_up_does_not_acknowledge(databases: Databases) -> None:
    hub = await open_hub(databases)

    async def look() -> None:
        await given_up(hub, Named("second", buried="first"))

    keeper = Keeper(Slow(databases.operations, look), Turns(databases.operations, hub.now, Named("first")))
    run = hub.pipeline.new_run("hessen", "delta")
    with pytest.raises(NotReceived, match="given up while its delivery came in"):
        await keeper.keep(run, [large()])
    found = await databases.operations.read(partial(run_of, run=run.id))
    assert found is not None
    assert found.state is RunState.FAILED
    await Upkeep(databases.catalog, databases.operations, hub.now, process=SECOND).tidy()
    assert await rows(hub) == [0, 0, 0]


async def test_a_receiver_that_failed_leaves_a_run_that_fails_soon(databases: Databases) -> None:
    hub = await open_hub(databases)

    async def full() -> None:
        raise OSError("disk full")

    keeper = Keeper(Slow(databases.operations, full), Turns(databases.operations, hub.now, Named("first")))
    with pytest.raises(OSError, match="disk full"):
        await keeper.keep(hub.pipeline.new_run("hessen", "delta"), [large()])
    keeping_house = Housekeeping(
        Upkeep(databases.catalog, databases.operations, hub.now, process=Named("first")), every_seconds=0.05
    )
    keeping_house.start()
    async with asyncio.timeout(20):
        while (await the_run(hub)).state is not RunState.FAILED:  # noqa: ASYNC110 - another task writes it
            await asyncio.sleep(0.05)
    await keeping_house.stop()


async def test_a_small_delivery_takes_one_transaction_and_no_turn(databases: Databases) -> None:
    hub = await open_hub(databases)
    pipeline, fuse = mortal(hub, 99, after=True)
    await pipeline.accept("hessen", [file(message(writes=[service("1")]))])
    assert fuse.commits == 1
