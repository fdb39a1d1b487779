"""What came again as it is: decided without what was ever said of it, and all the same as if it had been."""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, select

from catalog_sync.catalog.tables import entry, version
from catalog_sync.journal import Outcome, OutcomeKind
from catalog_sync.pipeline.items import Item, Place, Same
from catalog_sync.pipeline.standing import Standing
from tests.catalog_sync.pipeline.hub import Hub, ends, open_hub
from tests.conftest import Databases
from tests.makers import authority, carried_rule, delete, message, rule, service

MARCH, APRIL, MAY, JUNE = (f"2026-{month:02}-01T00:00:00Z" for month in range(3, 7))
MESSAGE = partial(message, writes=[service("1"), authority("5"), rule("9", owner="5", service="1")])
ALL = {"1": "unchanged", "5": "unchanged", "9": "unchanged"}


async def delivered(databases: Databases, *created: str) -> Hub:
    hub = await open_hub(databases, recognised_from=0)
    for moment in created:
        await hub.deliver(MESSAGE(created=moment))
    return hub


def _same(connection: Connection, shift: int = 0) -> list[Item]:
    rows = connection.execute(
        select(entry.c.id, version.c.delivered_hash)
        .join(version, version.c.id == entry.c.version_id)
        .order_by(entry.c.id)
    )
    return [Same(row.id, Place(0, shift, 1, 7), row.delivered_hash) for row in rows]


async def standing(databases: Databases, *more: Item) -> tuple[Standing, list[list[Outcome]]]:
    def work(connection: Connection) -> Any:
        items = [*_same(connection), *more]
        found = Standing(connection, items)
        return found, [[*found.outcomes(place, ["a.xml"])] for place in range(len(items))]

    result: tuple[Standing, list[list[Outcome]]] = await databases.catalog.read(work)
    return result


async def test_what_stands_is_found_with_its_outcome(databases: Databases) -> None:
    await delivered(databases, MARCH)
    found, outcomes = await standing(databases)
    assert sorted(found.rows) == [0, 1, 2]
    assert [(one.kind, one.id, one.outcome, one.file, one.line) for some in outcomes for one in some] == [
        ("LB", "1", OutcomeKind.UNCHANGED, "a.xml", 7),
        ("OE", "5", OutcomeKind.UNCHANGED, "a.xml", 7),
        ("ZS", "9", OutcomeKind.UNCHANGED, "a.xml", 7),
    ]


async def test_what_waits_came_twice_or_came_in_other_bytes_takes_the_long_way(databases: Databases) -> None:
    hub = await delivered(databases, MARCH)
    await hub.deliver(message(created=APRIL, deletes=[delete("Leistung", "1")]))
    found, _ = await standing(databases)  # the description is deleted, and so its rule waits
    assert [row[3] for row in found.rows.values()] == ["5"]
    again = await databases.catalog.read(_same)
    found, _ = await standing(databases, *again)
    assert found.rows == {}
    number = next(one.number for one in again if isinstance(one, Same))
    found = await databases.catalog.read(lambda c: Standing(c, [Same(number, Place(0, 0, 1, 1), bytes(16))]))
    assert found.rows == {}


async def test_a_newer_message_that_brings_the_same_saves_objects_from_an_older_delete(
    databases: Databases,
) -> None:
    hub = await delivered(databases, MARCH)
    assert ends(await hub.deliver(MESSAGE(created=MAY), mode="snapshot")) == ALL
    late = await hub.deliver(message(created=APRIL, deletes=[delete("Leistung", "1")]))
    assert ends(late) == {"1": "unchanged"}
    newer = await hub.deliver(message(created=JUNE, deletes=[delete("Leistung", "1")]))
    assert ends(newer) == {"1": "gone"}


async def test_an_older_message_that_brings_the_same_changes_no_time(databases: Databases) -> None:
    hub = await delivered(databases, MAY, MARCH)
    report = await hub.deliver(message(created=APRIL, deletes=[delete("Leistung", "1")]))
    assert ends(report) == {"1": "unchanged"}


async def test_a_delete_behind_it_in_one_message_counts(databases: Databases) -> None:
    hub = await delivered(databases, MARCH)
    report = await hub.deliver(
        message(created=APRIL, writes=[service("1")], deletes=[delete("Leistung", "1")])
    )
    assert [one["outcome"] for one in report["objects"]] == ["unchanged", "gone"]


@pytest.mark.parametrize("taken_back", [0, 1])
async def test_either_run_can_be_taken_back_and_the_other_still_holds_all(
    databases: Databases, taken_back: int
) -> None:
    hub = await open_hub(databases, recognised_from=0)
    runs = [(await hub.deliver(MESSAGE(created=created)))["run"] for created in (MARCH, MAY)]
    await hub.pipeline.revert(runs[taken_back])
    assert await hub.live() == {"LB": 1, "OE": 1, "ZS": 1}
    survives = ends(await hub.deliver(message(created=APRIL, deletes=[delete("Leistung", "1")])))
    assert survives == {"1": "unchanged" if taken_back == 0 else "gone"}


UNIT = partial(authority, "5", rules=[carried_rule("a", "1", ["06"]), carried_rule("b", "1", ["06532"])])


async def test_the_rules_of_a_unit_stand_with_it(databases: Databases) -> None:
    hub = await open_hub(databases, recognised_from=0)
    await hub.deliver(message(created=MARCH, writes=[service("1"), UNIT()]))
    number = await databases.catalog.read(
        lambda c: c.execute(select(entry.c.id).where(entry.c.value == "5")).scalar_one()
    )
    found, outcomes = await standing(databases)
    (unit,) = [place for place, row in found.rows.items() if row[0] == number]
    assert [rule[3] for rule in found.rules[unit]] == ["a", "b"]
    assert [(one.kind, one.id, one.line) for one in outcomes[unit]] == [
        ("OE", "5", 7),
        ("ZS", "a", 7),
        ("ZS", "b", 7),
    ]


@pytest.mark.parametrize(
    "between",
    [
        message(created=APRIL, writes=[authority("6", rules=[carried_rule("a", "1", ["06"])])]),
        message(created=APRIL, writes=[rule("a", "5", "1", ["064"])]),
        message(created=APRIL, deletes=[delete("Zustaendigkeit", "a")]),
        message(created=APRIL, deletes=[delete("Leistung", "1")]),
        message(created="2026-02-01T00:00:00Z", writes=[authority("5", changed=None)]),
    ],
    ids=["another unit has one", "one came alone", "one was deleted", "they wait", "without them before"],
)
async def test_a_unit_with_a_rule_that_must_be_looked_at_takes_the_long_way(
    databases: Databases, between: bytes
) -> None:
    hub = await open_hub(databases, recognised_from=0)
    first = message(created=MARCH, writes=[service("1"), UNIT()])
    await hub.deliver(first)
    await hub.deliver(between)
    found, _ = await standing(databases)
    assert "5" not in [row[3] for row in found.rows.values()]


async def test_a_unit_is_looked_at_where_its_batch_says_something_of_a_rule(databases: Databases) -> None:
    hub = await open_hub(databases, recognised_from=0)
    await hub.deliver(message(created=MARCH, writes=[service("1"), UNIT()]))
    moved = message(
        created=APRIL,
        writes=[service("1"), authority("6", rules=[carried_rule("a", "1", ["06"])]), UNIT()],
    )
    assert ends(await hub.deliver(moved)) | {"a": ""} == {
        "1": "unchanged",
        "6": "added",
        "a": "",
        "5": "unchanged",
        "b": "unchanged",
    }
