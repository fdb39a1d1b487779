"""What becomes of objects, seen in the report and in the catalogue."""

import pytest
from sqlalchemy import select, update

from catalog_sync.catalog.stored import service_head
from catalog_sync.catalog.tables import (
    edge,
    entry,
    entry_area,
    entry_leika,
    source,
    sync_batch,
    text_module,
    version,
)
from catalog_sync.pipeline.steps import BATCH
from tests.catalog_sync.pipeline.hub import Hub, ends, one, open_hub
from tests.conftest import Databases
from tests.makers import (
    Name,
    authority,
    carried_rule,
    delete,
    message,
    online_service,
    rule,
    service,
    specialisation,
)

MARCH, APRIL, MAY = "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z"
ALL = [
    service("1", areas=["06"]),
    authority("2"),
    online_service("3"),
    specialisation("4", "1", ["06532"]),
    rule("9", "2", "1", ["06", "06532"]),
    rule("10", "3", "1", ["06"], online=True),
]


async def test_a_delivery_is_added_and_the_same_again_changes_nothing(databases: Databases) -> None:
    hub = await open_hub(databases)
    before = await hub.position()
    first = await hub.deliver(message(writes=ALL))
    position = await hub.position()
    again = await hub.deliver(message(writes=ALL))
    assert first["counts"]["added"] == 6
    assert again["counts"] == {**dict.fromkeys(first["counts"], 0), "unchanged": 6}
    assert await hub.live() == {"LB": 1, "OE": 1, "OD": 1, "SP": 1, "ZS": 2}
    assert await hub.links() == {("1", "2", 1, 106), ("1", "2", 1, 106532), ("1", "3", 0, 106)}
    assert (position, await hub.position()) == (before + 1, before + 1)


async def test_known_bytes_are_recognised_before_they_are_converted(databases: Databases) -> None:
    hub = await open_hub(databases, recognised_from=0)
    await hub.deliver(message(created=MARCH, writes=ALL))
    again = await hub.deliver(message(created=APRIL, writes=ALL))
    assert again["counts"]["unchanged"] == 6
    late = await hub.deliver(message(created="2026-03-15T00:00:00Z", deletes=[delete("Leistung", "1")]))
    assert one(late, "1")["reason"] == "A newer message has written this object again."


@pytest.mark.parametrize("recognised_from", [0, 10**9])
async def test_what_was_told_about_an_object_is_told_again(
    databases: Databases, recognised_from: int
) -> None:
    hub = await open_hub(databases, recognised_from=recognised_from)
    noted = service("1", extra="<x:modulFrist><x:frist/></x:modulFrist>")
    without = service("3", areas=["06", "069"])
    unit = authority("2", rules=[carried_rule("9", "1", ["06"]), carried_rule("10", "1", ["14"])])
    sent = [service("0"), noted, without, unit]
    first = await hub.deliver(message(created=MARCH, writes=sent))
    again = await hub.deliver(message(created=APRIL, writes=sent))
    assert [told["sentence"] for told in first["notices"]] == [told["sentence"] for told in again["notices"]]
    assert len(again["notices"]) == 2
    assert ends(again) == {**dict.fromkeys("01239", "unchanged"), "10": "rejected"}
    assert [told["line"] for told in again["objects"]] == [told["line"] for told in first["objects"]]


async def test_an_object_is_judged_again_once_its_agency_is_taken_from_the_source(
    databases: Databases,
) -> None:
    hub = await open_hub(databases, recognised_from=0)
    await hub.add_source("two", ["L1", "L2"], ["06"])
    sent = [service(Name("L1", "1")), service(Name("L2", "2"))]
    await hub.deliver(message(created=MARCH, writes=sent), source="two")
    await databases.catalog.write(
        lambda c: c.execute(update(source).where(source.c.key == "two").values(agencies='["L1"]'))
    )
    again = await hub.deliver(message(created=APRIL, writes=sent), source="two")
    assert ends(again) == {"1": "unchanged", "2": "rejected"}


async def test_an_object_says_where_it_stood(databases: Databases) -> None:
    hub = await open_hub(databases)
    report = await hub.deliver(message(writes=ALL))
    told = one(report, "1")
    assert (told["kind"], told["agency"], told["file"], told["outcome"]) == (
        "LB",
        "L100042",
        "message.xml",
        "added",
    )
    assert told["line"] > 1
    assert (report["source"], report["mode"], report["dryRun"], report["state"]) == (
        "hessen",
        "delta",
        False,
        "finished",
    )


async def test_a_change_replaces_all_that_is_derived(databases: Databases) -> None:
    hub = await open_hub(databases)
    await hub.deliver(
        message(created=MARCH, writes=[service("1", "99008001012000", title="Alt", areas=["06"])])
    )
    newer = service("1", "99050012104000", title="Neu", areas=["06532"], changed="2026-03-09T00:00:00Z")
    report = await hub.deliver(message(created=APRIL, writes=[newer]))
    assert ends(report) == {"1": "changed"}
    head = await databases.catalog.read(lambda c: c.scalar(select(entry.c.head)))
    assert service_head(head or b"").titles == {"de": "Neu"}
    for query, expected in (
        (select(entry_leika.c.leika_key), ["99050012104000"]),
        (select(entry_area.c.area), [106532]),
        (select(text_module.c.html), ["Neu"]),
    ):
        found = await databases.catalog.read(lambda c, query=query: list(c.scalars(query)))  # type: ignore[misc]
        assert found == expected


async def test_an_older_version_is_kept_and_reported_as_unchanged(databases: Databases) -> None:
    hub = await open_hub(databases)
    await hub.deliver(
        message(created=MARCH, writes=[service("1", title="Neu", changed="2026-02-02T00:00:00Z")])
    )
    older = service("1", title="Alt", changed="2026-01-01T00:00:00Z")
    report = await hub.deliver(message(created=APRIL, writes=[older]))
    assert one(report, "1")["outcome"] == "unchanged"
    assert one(report, "1")["reason"].startswith("An older version")
    assert await databases.catalog.read(lambda c: len(c.execute(select(version)).all())) == 2


async def test_a_deleted_object_is_gone_and_its_rules_wait_until_it_comes_again(databases: Databases) -> None:
    hub = await open_hub(databases)
    await hub.deliver(message(created=MARCH, writes=ALL))
    gone = await hub.deliver(message(created=APRIL, deletes=[delete("Organisationseinheit", "2")]))
    assert ends(gone) == {"2": "gone"}
    assert await hub.links() == {("1", "3", 0, 106)}
    assert await waiting(hub) == ["9"]
    again = await hub.deliver(message(created=MAY, writes=[authority("2")]))
    assert ends(again) == {"2": "added"}
    assert len(await hub.links()) == 3
    assert await waiting(hub) == []


async def waiting(hub: Hub) -> list[str]:
    query = select(entry.c.value).where(entry.c.waiting).order_by(entry.c.value)
    return await hub.databases.catalog.read(lambda c: list(c.scalars(query)))


async def test_deleting_a_service_leaves_nothing_of_it_in_answers(databases: Databases) -> None:
    hub = await open_hub(databases)
    await hub.deliver(message(created=MARCH, writes=ALL))
    await hub.deliver(message(created=APRIL, deletes=[delete("Leistung", "1")]))
    for table in (edge, entry_leika):
        assert await databases.catalog.read(lambda c, table=table: c.execute(select(table)).all()) == []  # type: ignore[misc]
    assert await waiting(hub) == ["10", "4", "9"]


async def test_an_object_that_names_what_is_missing_waits_and_is_linked_when_that_comes(
    databases: Databases,
) -> None:
    hub = await open_hub(databases)
    early = await hub.deliver(
        message(writes=[rule("9", "2", "88888888", ["06"]), specialisation("4", "88888888", ["06532"])])
    )
    assert ends(early) == {"9": "waiting", "4": "waiting"}
    assert one(early, "4")["reason"] == "It names L100042.LB.88888888, which is not there."
    assert one(early, "9")["reason"] == "It names L100042.LB.88888888 and L100042.OE.2, which are not there."
    assert one(early, "9")["rule"] == "missing-reference"
    half = await hub.deliver(message(writes=[service("88888888", areas=["06"])]))
    assert ends(half) == {"88888888": "added"}
    assert (await hub.links(), await waiting(hub)) == (set(), ["9"])
    await hub.deliver(message(writes=[authority("2")]))
    assert (await hub.links(), await waiting(hub)) == ({("88888888", "2", 1, 106)}, [])


async def test_a_rule_before_its_service_in_one_delivery_does_not_wait_in_the_end(
    databases: Databases,
) -> None:
    hub = await open_hub(databases)
    rules = [rule(f"r{number}", "2", "1", ["06"]) for number in range(600)]  # more than one batch
    report = await hub.deliver(message(writes=[*rules, service("1", areas=["06"]), authority("2")]))
    assert report["counts"]["waiting"] == 0
    assert report["counts"]["added"] == 602
    assert len(await hub.links()) == 1


async def test_a_rule_whose_service_is_deleted_later_in_the_delivery_waits_in_the_end(
    databases: Databases,
) -> None:
    hub = await open_hub(databases)
    filler = [service(f"s{number}", areas=["06"]) for number in range(600)]
    report = await hub.deliver(
        message(created=MARCH, writes=[*ALL, *filler], deletes=[delete("Leistung", "1")]),
    )
    assert {one_["id"] for one_ in report["objects"] if one_["outcome"] == "waiting"} == {"4", "9", "10"}


async def test_a_delete_of_what_was_never_sent_is_no_error_and_is_remembered(databases: Databases) -> None:
    hub = await open_hub(databases)
    never = await hub.deliver(message(created=APRIL, deletes=[delete("Leistung", "1")]))
    assert ends(never) == {"1": "unchanged"}
    older = await hub.deliver(message(created=MARCH, writes=[service("1")]))
    assert one(older, "1")["reason"] == "A newer message has deleted this object."
    newer = await hub.deliver(message(created=MAY, writes=[service("1")]))
    assert ends(newer) == {"1": "added"}


async def test_a_foreign_object_is_rejected_alone(databases: Databases) -> None:
    hub = await open_hub(databases)
    report = await hub.deliver(
        message(
            writes=[service(Name("L2", "1")), service("1"), rule("9", Name("L2", "5"), "1", ["06"])],
            deletes=[delete("Leistung", Name("L2", "7"))],
        )
    )
    told = [(one_["id"], one_["outcome"], one_["rule"]) for one_ in report["objects"]]
    assert told == [
        ("1", "rejected", "foreign-agency"),
        ("1", "added", None),
        ("9", "rejected", "foreign-owner"),
        ("7", "rejected", "foreign-agency"),
    ]
    assert "L100042" in report["objects"][0]["reason"]
    assert report["objects"][0]["remedy"]


async def test_an_entry_without_areas_holds_where_its_source_writes(databases: Databases) -> None:
    hub = await open_hub(databases)
    await hub.deliver(message(writes=[service("1", areas=[])]))
    assert await databases.catalog.read(lambda c: list(c.scalars(select(entry_area.c.area)))) == [106]


async def test_rules_inside_a_unit_are_objects_of_their_own(databases: Databases) -> None:
    hub = await open_hub(databases)
    unit = authority("2", rules=[carried_rule("9", "1", ["06"]), carried_rule("10", "1", ["14"])])
    report = await hub.deliver(message(writes=[service("1"), unit]))
    assert ends(report) == {"1": "added", "2": "added", "9": "added", "10": "rejected"}
    assert await hub.links() == {("1", "2", 1, 106)}


async def test_a_unit_that_comes_again_replaces_only_the_rules_that_it_carried(databases: Databases) -> None:
    hub = await open_hub(databases, recognised_from=0)
    unit = authority("2", rules=[carried_rule("a", "1", ["06"]), carried_rule("b", "1", ["06532"])])
    await hub.deliver(message(created=MARCH, writes=[service("1"), unit, rule("own", "2", "1", ["064"])]))
    newer = authority("2", rules=[carried_rule("b", "1", ["06532"]), carried_rule("c", "1", ["06"])])
    report = await hub.deliver(message(created=APRIL, writes=[newer]))
    assert ends(report) == {"2": "changed", "b": "unchanged", "c": "added", "a": "gone"}
    assert {link[3] for link in await hub.links()} == {106, 106532, 1064}
    again = await hub.deliver(message(created=MAY, writes=[newer]))
    assert ends(again) == {"2": "unchanged", "b": "unchanged", "c": "unchanged"}
    late = await hub.deliver(message(created="2026-04-15T00:00:00Z", writes=[unit]))
    assert ends(late)["a"] == "unchanged"
    assert (await hub.live())["ZS"] == 3


async def test_two_offices_may_use_one_identifier(databases: Databases) -> None:
    hub = await open_hub(databases)
    await hub.add_source("sachsen", ["L2"], ["14"])
    await hub.deliver(message(writes=[service("1")]))
    await hub.deliver(message(writes=[service(Name("L2", "1"), areas=["14"])]), source="sachsen")
    assert await hub.live() == {"LB": 2}


async def test_a_message_without_a_time_counts_from_its_arrival(databases: Databases) -> None:
    hub = await open_hub(databases)
    report = await hub.deliver(message(created=None, writes=[service("1")]))
    assert ends(report) == {"1": "added"}
    assert "arrival" in report["notices"][0]["sentence"]


async def test_each_batch_leaves_its_marker_with_the_outcomes(databases: Databases) -> None:
    hub = await open_hub(databases)
    report = await hub.deliver(message(writes=[service(f"s{number}") for number in range(BATCH + 1)]))
    markers = await databases.catalog.read(
        lambda c: c.execute(select(sync_batch.c.run, sync_batch.c.batch)).all()
    )
    assert [tuple(marker) for marker in markers] == [(report["run"], 0), (report["run"], 1)]


async def test_the_search_learns_which_services_changed_in_the_same_transaction(databases: Databases) -> None:
    told: list[set[str]] = []
    hub = await open_hub(databases, reindex=lambda _, keys: told.append(set(keys)))
    await hub.deliver(message(created=MARCH, writes=[service("1", "99008001012000"), authority("2")]))
    await hub.deliver(message(created=APRIL, writes=[service("1", "99050012104000", changed=APRIL)]))
    await hub.deliver(message(created=APRIL, writes=[service("1", "99050012104000", changed=APRIL)]))
    assert told == [{"99008001012000"}, {"99008001012000", "99050012104000"}]
