import asyncio
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select

from catalog_sync.catalog.reading import Statement, listed
from catalog_sync.catalog.tables import entry
from hub.errors import SnapshotEndedError
from tests.conftest import Databases

VALUES = Statement(
    select(entry.c.value)
    .where(listed(entry.c.id, "ids"), listed(entry.c.agency, "agencies"))
    .order_by(entry.c.value)
)


def _five(connection: Connection) -> None:
    connection.execute(insert(entry), [{"kind": 1, "agency": "A", "value": f"{n}"} for n in range(5)])


async def test_a_snapshot_reads_lists_of_numbers_and_texts(databases: Databases) -> None:
    await databases.catalog.write(_five)
    async with databases.catalog.snapshot() as snapshot:
        found = await snapshot.rows(VALUES, ids=[1, 3, 99], agencies=["A", "B"])
    assert [row[0] for row in found] == ["0", "2"]


async def test_a_snapshot_does_not_see_what_is_written_after_its_first_read(databases: Databases) -> None:
    async with databases.catalog.snapshot() as snapshot:
        before = await snapshot.rows(VALUES, ids=[1], agencies=["A"])
        await databases.catalog.write(_five)
        after = await snapshot.rows(VALUES, ids=[1], agencies=["A"])
    assert (list(before), list(after)) == ([], [])


async def test_work_that_fails_leaves_nothing_written(databases: Databases) -> None:
    def broken(connection: Connection) -> None:
        _five(connection)
        raise ValueError("halfway")

    with pytest.raises(ValueError, match="halfway"):
        await databases.catalog.write(broken)
    assert await databases.catalog.read(lambda c: c.execute(select(entry.c.id)).all()) == []


async def test_names_are_ordered_by_code_point_on_both_databases(databases: Databases) -> None:
    rows = [{"kind": 1, "agency": "A", "value": value} for value in ("b", "Z", "a-b", "aa", "ä", "A")]
    await databases.catalog.write(lambda c: c.execute(insert(entry), rows))
    async with databases.catalog.snapshot() as snapshot:
        found = await snapshot.rows(VALUES, ids=list(range(1, 7)), agencies=["A"])
    assert [row[0] for row in found] == ["A", "Z", "a-b", "aa", "b", "ä"]


async def test_a_snapshot_ends_well_while_reads_still_run_and_wait(databases: Databases) -> None:
    """GraphQL's executor answers when a field that must not be null fails, and leaves its neighbours reading."""
    await databases.catalog.write(_five)
    async with databases.catalog.snapshot() as snapshot:
        reads = [asyncio.create_task(snapshot.rows(VALUES, ids=[1], agencies=["A"])) for _ in range(3)]
        await asyncio.sleep(0)
    ended: list[Any] = await asyncio.gather(*reads, return_exceptions=True)
    assert {str(end) if isinstance(end, SnapshotEndedError) else str(end[0][0]) for end in ended} <= {
        "0",
        "The request that this read belongs to has been answered.",
    }


async def test_a_read_after_the_end_is_refused_and_hurts_no_later_snapshot(databases: Databases) -> None:
    await databases.catalog.write(_five)
    async with databases.catalog.snapshot() as ended:
        pass
    async with databases.catalog.snapshot() as later:
        with pytest.raises(SnapshotEndedError, match="answered"):
            await ended.rows(VALUES, ids=[1], agencies=["A"])
        found = await later.rows(VALUES, ids=[1], agencies=["A"])
    assert [row[0] for row in found] == ["0"]
