"""A rule inside a unit is said by the unit: it goes when the unit comes without it, but not where it moved to."""

from functools import partial
from itertools import permutations
from typing import Any

import pytest

from catalog_sync.catalog.tables import metadata
from catalog_sync.operations import metadata as operations
from catalog_sync.pipeline.steps import Mode
from tests.catalog_sync.pipeline.hub import Hub, ends, one, open_hub
from tests.catalog_sync.pipeline.test_order import emptied
from tests.catalog_sync.pipeline.test_revert import look
from tests.conftest import Databases
from tests.makers import Write, authority, carried_rule, message, online_service, rule, service

DAY, OLD = "2026-03-{:02}T00:00:00Z", "2020-01-01T00:00:00Z"
WETZLAR = ["06532"]


def unit(name: str, *rules: str) -> Write:
    return authority(name, rules=[carried_rule(one, "1", WETZLAR) for one in rules])


def alone(name: str, owner: str, areas: list[str] = WETZLAR, changed: str | None = None) -> Write:
    return rule(name, owner, "1", areas, changed=changed)


def online(name: str) -> Write:
    return online_service("o", rules=[carried_rule(name, "1", WETZLAR, online=True)])


MOVE = (
    (1, [unit("u", "a"), unit("w")]),
    (3, [unit("w", "a")]),
    (5, [unit("u")]),
)


async def anew(databases: Databases) -> Hub:
    await databases.catalog.write(partial(emptied, tables=metadata))
    await databases.operations.write(partial(emptied, tables=operations))
    return await open_hub(databases)


async def delivered(hub: Hub, day: int, writes: list[Write], mode: Mode = "delta") -> dict[str, Any]:
    return await hub.deliver(message(created=DAY.format(day), writes=[service("1"), *writes]), mode=mode)


async def owners(hub: Hub) -> set[str]:
    return {owner for _, owner, _, _ in await hub.links()}


@pytest.mark.parametrize(
    ("days", "left"),
    [
        (((1, [unit("u", "a")]), (3, [unit("u")])), set()),
        (((1, [unit("u")]), (3, [unit("u", "a")])), {"u"}),
        (MOVE, {"w"}),
        ((*MOVE, (7, [unit("w"), unit("u", "a")])), {"u"}),
        (((1, [unit("u", "a")]), (3, [alone("a", "u")]), (5, [unit("u")])), {"u"}),
        (((1, [unit("u", "a")]), (3, [unit("u"), online("a")])), {"o"}),
    ],
    ids=["left out", "added", "moved", "moved and back", "on its own", "to an online service"],
)
async def test_a_rule_that_its_unit_leaves_out_goes_unless_others_say_it(
    databases: Databases, days: tuple[tuple[int, list[Write]], ...], left: set[str]
) -> None:
    seen = []
    for order in list(permutations(days))[:8]:
        hub = await anew(databases)
        for day, writes in order:
            await delivered(hub, day, writes)
        assert await owners(hub) == left, order
        seen.append(await look(hub))
    assert all(one == seen[0] for one in seen)


async def test_what_a_unit_left_out_is_told(databases: Databases) -> None:
    hub = await open_hub(databases)
    await delivered(hub, 1, [unit("u", "a", "b"), alone("b", "w", areas=["064"], changed=OLD)])
    report = await delivered(hub, 3, [unit("u")])
    assert ends(report) == {"1": "unchanged", "u": "changed", "a": "gone", "b": "waiting"}
    assert one(report, "a")["reason"] == "The object that carried this rule came again without it."


async def test_a_rule_that_comes_on_its_own_as_it_was_is_unchanged(databases: Databases) -> None:
    hub = await open_hub(databases)
    await delivered(hub, 1, [unit("u", "a")])
    assert ends(await delivered(hub, 3, [alone("a", "u")]))["a"] == "unchanged"
    assert ends(await delivered(hub, 5, [unit("u")])) == {"1": "unchanged", "u": "changed"}
    assert await owners(hub) == {"u"}


@pytest.mark.parametrize("taken_back", [0, 1, 2])
@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_a_revert_finds_the_unit_that_carried_a_rule_before(
    sqlite_databases: Databases, taken_back: int, order: tuple[int, ...]
) -> None:
    hub = await anew(sqlite_databases)
    others = [at for at in order if at != taken_back]
    for at in others:
        await delivered(hub, *MOVE[at])
    expected = await look(hub)
    hub = await anew(sqlite_databases)
    runs = {at: (await delivered(hub, *MOVE[at]))["run"] for at in order}
    await hub.pipeline.revert(runs[taken_back])
    assert await look(hub) == expected
    await delivered(hub, 9, [unit("w")])
    assert await owners(hub) == ({"u"} if taken_back == 2 else set())


async def test_what_a_unit_left_out_again_does_not_keep_a_rule_from_being_swept(databases: Databases) -> None:
    hub = await open_hub(databases)
    await delivered(hub, 1, [unit("u"), *(alone(f"r{number}", "u") for number in range(30))], mode="snapshot")
    await delivered(hub, 7, [unit("u", *(f"r{number}" for number in range(30)))])
    await delivered(hub, 8, [unit("u")])
    report = await delivered(hub, 5, [unit("u")], mode="snapshot")
    assert report["state"] == "to_confirm"
    assert "would delete 30 of 30 objects of kind ZS" in report["notices"][-1]["sentence"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_a_rule_that_is_rejected_inside_its_unit_stays_as_the_unit_said_it_before(
    databases: Databases, order: tuple[int, ...]
) -> None:
    broken = authority("u", rules=[carried_rule("a", "1", ["039999999999"])])
    days = ((1, [unit("u", "a")]), (3, [broken]), (5, [unit("w")]))
    hub = await open_hub(databases)
    runs = [(await delivered(hub, *days[at]))["run"] for at in order]
    assert await owners(hub) == {"u"}
    await hub.pipeline.revert(runs[order.index(2)])
    assert await owners(hub) == {"u"}
    gone = (await delivered(hub, 4, [unit("u")]))["run"]
    assert await owners(hub) == set()
    await hub.pipeline.revert(gone)
    assert await owners(hub) == {"u"}
