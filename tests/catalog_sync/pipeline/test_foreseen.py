"""A dry run tells what the same delivery would make of each object, field by field, and keeps that for a while."""

from typing import Any

import pytest

from catalog_sync.catalog.keys import parse_entry_id
from catalog_sync.catalog.turning import Turn, turn_of
from catalog_sync.pipeline.foreseen import NOT_ALL, foreseen_among, foreseen_turn
from catalog_sync.pipeline.retention import prune
from catalog_sync.sources.incoming import Sizes
from tests.catalog_sync.pipeline.hub import START, Hub, open_hub
from tests.conftest import Databases
from tests.makers import authority, carried_rule, message, service

MARCH, APRIL = "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"
NAMES = [
    "L100042.LB.same",
    "L100042.LB.title",
    "L100042.LB.gone",
    "L100042.LB.new",
    "L100042.OE.7",
    "L100042.ZS.r",
]


def before() -> bytes:
    unit = authority("7", "Bürgeramt", rules=[carried_rule("r", "same")])
    return message(
        created=MARCH,
        writes=[service("same"), service("title", title="Alt", fees=["37.00"]), service("gone"), unit],
    )


def after() -> bytes:
    return message(
        created=APRIL,
        writes=[
            service("same"),
            service("title", title="Zwischendurch", changed="2026-03-05T00:00:00Z"),
            service("title", title="Neu", fees=["39.00"], changed="2026-03-06T00:00:00Z"),
            service("new", modules={"05": "Kurz" * 500}),
            authority("7", "Bürgerbüro", changed="2026-03-05T00:00:00Z"),
        ],
    )


async def foreseen(hub: Hub, run: str, name: str) -> Turn | None:
    named = parse_entry_id(name)
    return await hub.databases.operations.read(lambda c: foreseen_turn(c, run, named))


async def turned(hub: Hub, run: str, name: str) -> Turn | None:
    named = parse_entry_id(name)
    return await hub.databases.catalog.read(lambda c: turn_of(c, run, named))


def differences(report: dict[str, Any]) -> dict[str, Any]:
    """By object what would be different, where something is said of that."""
    told = [(f"{one['agency']}.{one['kind']}.{one['id']}", one["difference"]) for one in report["objects"]]
    assert len([name for name, said in told if said]) == len({name for name, said in told if said})
    return {name: said for name, said in told if said}


async def test_a_dry_run_foresees_what_the_delivery_does(databases: Databases) -> None:
    hub = await open_hub(databases)
    await hub.deliver(before(), mode="snapshot")
    rehearsed = (await hub.deliver(after(), mode="snapshot", dry_run=True))["run"]
    told = {name: await foreseen(hub, rehearsed, name) for name in NAMES}
    assert [await turned(hub, rehearsed, name) for name in NAMES] == [None] * len(NAMES)
    run = (await hub.deliver(after(), mode="snapshot"))["run"]
    assert told == {name: await turned(hub, run, name) for name in NAMES}
    assert [name for name in NAMES if told[name] is None] == ["L100042.LB.same"]
    assert [await foreseen(hub, run, name) for name in NAMES] == [None] * len(NAMES)


async def test_the_report_of_a_dry_run_names_the_fields(databases: Databases) -> None:
    hub = await open_hub(databases)
    real = await hub.deliver(before(), mode="snapshot")
    assert not any("difference" in one for one in real["objects"])
    found = differences(await hub.deliver(after(), mode="snapshot", dry_run=True))
    assert set(found) == {*NAMES} - {"L100042.LB.same"}
    fields = {one["field"]: one for one in found["L100042.LB.title"]}
    assert set(fields) == {"modules", "fees", "version"}
    assert (fields["fees"]["before"][0]["amount"], fields["fees"]["after"][0]["amount"]) == ("37.00", "39.00")
    assert "Neu" in str(fields["modules"]["after"])
    assert "Alt" in str(fields["modules"]["before"])
    assert {one["before"] for one in found["L100042.LB.new"]} == {None}
    assert {one["after"] for one in found["L100042.LB.gone"]} == {None}


async def test_a_dry_run_that_changes_nothing_foresees_nothing(databases: Databases) -> None:
    hub = await open_hub(databases)
    await hub.deliver(before())
    report = await hub.deliver(before(), dry_run=True)
    assert differences(report) == {}
    assert report["notices"] == []


@pytest.mark.parametrize(
    ("sizes", "kept"),
    [
        (Sizes(foreseen_objects=2), 2),
        (Sizes(foreseen_bytes=10), 0),
        (Sizes(foreseen_objects=4), 4),
    ],
)
async def test_what_is_kept_of_a_dry_run_is_bounded_and_said(
    databases: Databases, sizes: Sizes, kept: int
) -> None:
    hub = await open_hub(databases, sizes=sizes)
    content = message(writes=[service(f"s{one}") for one in range(4)])
    report = await hub.deliver(content, dry_run=True)
    assert len(differences(report)) == kept
    assert [one["sentence"] for one in report["notices"]] == (
        [] if kept == report["counts"]["added"] else [NOT_ALL]
    )


async def test_what_is_foreseen_is_kept_as_long_as_deliveries_are(databases: Databases) -> None:
    hub = await open_hub(databases)
    run = (await hub.deliver(before(), dry_run=True))["run"]
    stores = (hub.databases.catalog, hub.databases.operations)

    async def kept() -> set[str]:
        return await hub.databases.operations.read(lambda c: foreseen_among(c, run, NAMES))

    await prune(*stores, 0)
    assert "L100042.LB.title" in await kept()
    await prune(*stores, int((START + 1_000_000) * 1_000_000))
    assert await kept() == set()
