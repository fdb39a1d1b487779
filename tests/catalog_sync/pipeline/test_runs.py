"""Runs: files, limits, snapshots, dry runs, and what is kept of them."""

import asyncio
import gzip
import io
import zlib
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table, func, select

from catalog_sync.catalog.tables import metadata, source
from catalog_sync.journal import RunState, runs_of
from catalog_sync.operations import sync_chunk, sync_file, sync_lease
from catalog_sync.pipeline.process import own_process
from catalog_sync.pipeline.turns import LostTurnError, Turns
from catalog_sync.sources.files import BadIndex, files_of
from catalog_sync.sources.incoming import Incoming, Sizes
from tests.catalog_sync.pipeline.hub import Hub, ends, file, one, open_hub, packed
from tests.conftest import Databases
from tests.makers import authority, delete, message, rule, service

MARCH, APRIL, MAY = "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z"


async def contents(hub: Hub, *but: Table) -> dict[str, list[Any]]:
    """All rows of the catalogue."""

    def read(connection: Connection) -> dict[str, list[Any]]:
        tables = [table for table in metadata.sorted_tables if table not in but]
        return {table.name: sorted(map(repr, connection.execute(select(table)).all())) for table in tables}

    return await hub.databases.catalog.read(read)


async def test_a_file_that_is_not_well_formed_is_refused_whole_and_costs_its_neighbours_nothing(
    databases: Databases,
) -> None:
    hub = await open_hub(databases)
    broken = message(writes=[service("1"), service("2")]).replace(b"</x:transfer", b"</x:tansfer")
    report = await hub.deliver(file(broken, "a.xml"), file(message(writes=[service("3")]), "b.xml"))
    assert ends(report) == {"3": "added"}
    assert [(told["file"], told["rule"]) for told in report["refused"]] == [("a.xml", "not-well-formed")]
    assert report["state"] == "finished"
    assert await hub.live() == {"LB": 1}


async def test_a_run_of_refused_files_only_changes_nothing(databases: Databases) -> None:
    hub = await open_hub(databases)
    before = await contents(hub)
    report = await hub.deliver(b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>')
    assert (report["state"], report["refused"][0]["rule"], report["objects"]) == ("refused", "doctype", [])
    assert await contents(hub) == before


async def test_packed_files_are_unpacked_and_hidden_packing_is_refused(databases: Databases) -> None:
    hub = await open_hub(databases)
    content = message(writes=[service("1")])
    assert ends(await hub.deliver(packed(content))) == {"1": "added"}
    hidden = await hub.deliver(file(gzip.compress(content), "message.xml"))
    assert hidden["refused"][0]["rule"] == "gzip-inside"
    said = await hub.deliver(file(content, "message.xml.gz"))
    assert said["refused"][0]["rule"] == "not-gzip"
    cut = await hub.deliver(file(gzip.compress(content)[:-20], "message.xml.gz"))
    assert cut["refused"][0]["rule"] == "broken-gzip"


async def test_a_bomb_is_refused_by_its_ratio(sqlite_databases: Databases) -> None:
    hub = await open_hub(sqlite_databases)
    bomb = gzip.compress(message(writes=[service("1")]) + b" " * 20_000_000)
    report = await hub.deliver(file(bomb, "message.xml.gz"))
    assert report["refused"][0]["rule"] == "limit-passed"
    assert "200 bytes of XML for each packed byte" in report["refused"][0]["reason"]


async def test_limits_of_size(sqlite_databases: Databases) -> None:
    hub = await open_hub(sqlite_databases, sizes=Sizes(wire=300, unpacked=3_000))
    small = packed(message(writes=[service("1")]))
    assert small.size > 300
    assert (await hub.deliver(small))["refused"][0][
        "reason"
    ] == "The file has more than 300 bytes as delivered."
    many = await hub.deliver(message(writes=[service(str(number)) for number in range(9)]))
    assert many["refused"][0]["rule"] == "limit-passed"
    assert ends(await hub.deliver(message(writes=[service("1")]))) == {"1": "added"}


async def test_bytes_and_run_are_kept_as_they_came(databases: Databases) -> None:
    hub = await open_hub(databases)
    content = message(writes=[service("1")])
    report = await hub.deliver(packed(content, "a.xml.gz"), file(content, "b.xml"))

    def kept(connection: Connection) -> list[bytes]:
        rows = connection.execute(select(sync_chunk).order_by(sync_chunk.c.file, sync_chunk.c.ordinal))
        return [zlib.decompress(row.content) for row in rows if row.run == report["run"]]

    first, second = await databases.operations.read(kept)
    assert (gzip.decompress(first), second) == (content, content)
    names = await databases.operations.read(lambda c: list(c.scalars(select(sync_file.c.name))))
    assert sorted(names) == ["a.xml.gz", "b.xml"]


async def test_a_run_is_kept_even_when_working_it_fails(databases: Databases) -> None:
    def broken(connection: Connection, keys: object) -> None:
        raise RuntimeError("the index is broken")

    hub = await open_hub(databases, reindex=broken)
    with pytest.raises(RuntimeError, match="broken"):
        await hub.deliver(message(writes=[service("1")]))
    runs = await databases.operations.read(lambda c: runs_of(c, "hessen"))
    assert [run.state for run in runs] == [RunState.FAILED]
    assert await hub.live() == {}
    assert (
        await databases.operations.read(lambda c: c.scalar(select(func.count()).select_from(sync_lease))) == 0
    )


async def test_a_dry_run_tells_the_difference_and_writes_nothing(databases: Databases) -> None:
    hub = await open_hub(databases)
    await hub.deliver(message(created=MARCH, writes=[service("1"), authority("2")]))
    before = await contents(hub)
    next_one = message(
        created=APRIL, writes=[rule("9", "2", "7", ["06"]), service("7")], deletes=[delete("Leistung", "1")]
    )
    rehearsed = await hub.deliver(next_one, dry_run=True)
    assert ends(rehearsed) == {"9": "added", "7": "added", "1": "gone"}
    assert (rehearsed["dryRun"], rehearsed["state"]) == (True, "finished")
    assert await contents(hub) == before
    assert (
        await databases.operations.read(
            lambda c: c.scalar(
                select(func.count()).select_from(sync_file).where(sync_file.c.run == rehearsed["run"])
            )
        )
        == 0
    )
    assert ends(await hub.deliver(next_one)) == ends(rehearsed)


async def test_a_snapshot_sweeps_what_it_does_not_hold(databases: Databases) -> None:
    hub = await open_hub(databases)
    await hub.deliver(
        message(created=MARCH, writes=[service("1"), service("2"), rule("9", "5", "1", ["06"])])
    )
    report = await hub.deliver(message(created=APRIL, writes=[service("2"), service("3")]), mode="snapshot")
    assert ends(report) == {"2": "unchanged", "3": "added", "1": "gone", "9": "gone"}
    assert one(report, "1")["reason"] == "The snapshot does not hold it any more."
    assert await hub.live() == {"LB": 2}


async def test_a_snapshot_of_several_files_is_judged_by_all_of_them(databases: Databases) -> None:
    hub = await open_hub(databases)
    await hub.deliver(message(created=MARCH, writes=[service("1"), service("2"), service("3")]))
    report = await hub.deliver(
        message(created=APRIL, writes=[service("1")]),
        message(created=MAY, writes=[service("2")]),
        mode="snapshot",
    )
    assert ends(report) == {"1": "unchanged", "2": "unchanged", "3": "gone"}


async def test_a_snapshot_spares_what_a_newer_message_wrote(databases: Databases) -> None:
    hub = await open_hub(databases)
    await hub.deliver(message(created=MAY, writes=[service("1")]))
    await hub.deliver(message(created=APRIL, writes=[service("2")]), mode="snapshot")
    assert await hub.live() == {"LB": 2}


async def test_a_snapshot_spares_an_object_that_it_names_but_that_is_rejected(databases: Databases) -> None:
    hub = await open_hub(databases)
    await hub.deliver(message(created=MARCH, writes=[service("1", areas=["06"])]))
    report = await hub.deliver(message(created=APRIL, writes=[service("1", areas=["14"])]), mode="snapshot")
    assert ends(report) == {"1": "rejected"}
    assert await hub.live() == {"LB": 1}


async def test_a_snapshot_spares_other_sources(databases: Databases) -> None:
    hub = await open_hub(databases)
    await hub.add_source("bund", ["B1"], ["00"])
    await hub.deliver(message(writes=[service("1")]))
    await hub.deliver(message(writes=[]), source="bund", mode="snapshot")
    assert await hub.live() == {"LB": 1}


async def test_a_snapshot_with_a_refused_file_deletes_nothing(databases: Databases) -> None:
    hub = await open_hub(databases)
    await hub.deliver(message(created=MARCH, writes=[service("1")]))
    report = await hub.deliver(message(created=APRIL, writes=[service("2")]), b"<no", mode="snapshot")
    assert ends(report) == {"2": "added"}
    assert report["notices"][0]["sentence"] == "The snapshot is not complete: nothing was deleted."
    assert await hub.live() == {"LB": 2}


async def snapshot(hub: Hub, number: int, at: str) -> dict[str, Any]:
    content = message(created=at, writes=[service(f"s{one_}") for one_ in range(number)])
    return await hub.deliver(content, mode="snapshot")


async def test_a_snapshot_that_would_delete_much_waits_to_be_confirmed(databases: Databases) -> None:
    hub = await open_hub(databases)
    assert (await snapshot(hub, 60, MARCH))["state"] == "finished"
    report = await snapshot(hub, 39, APRIL)
    assert (report["state"], report["counts"]["gone"]) == ("to_confirm", 0)
    assert "would delete 21 of 60 objects of kind LB" in report["notices"][0]["sentence"]
    assert f"sync confirm {report['run']}" in report["notices"][0]["sentence"]
    assert await hub.live() == {"LB": 60}


async def test_a_snapshot_may_delete_a_few_objects_and_a_small_share(databases: Databases) -> None:
    hub = await open_hub(databases)
    await snapshot(hub, 60, MARCH)
    assert (await snapshot(hub, 40, APRIL))["counts"]["gone"] == 20
    await snapshot(hub, 600, "2026-04-02T00:00:00Z")
    assert (await snapshot(hub, 570, MAY))["counts"]["gone"] == 30


async def test_the_first_snapshot_is_never_guarded(databases: Databases) -> None:
    hub = await open_hub(databases)
    await hub.deliver(message(created=MARCH, writes=[service(f"s{number}") for number in range(30)]))
    assert (await snapshot(hub, 1, APRIL))["counts"]["gone"] == 29


async def test_a_write_older_than_a_snapshot_that_did_not_hold_it_stays_away(databases: Databases) -> None:
    hub = await open_hub(databases)
    await hub.deliver(message(created=APRIL, writes=[service("1")]), mode="snapshot")
    late = await hub.deliver(message(created=MARCH, writes=[service("2")]))
    assert ends(late) == {"2": "unchanged"}
    newer = await hub.deliver(message(created=MAY, writes=[service("2")]))
    assert ends(newer) == {"2": "added"}


async def test_the_source_knows_its_last_run(databases: Databases) -> None:
    hub = await open_hub(databases)
    report = await hub.deliver(message(writes=[service("1")]))
    row = await databases.catalog.read(
        lambda c: c.execute(select(source.c.last_run, source.c.fresh_at)).one()
    )
    assert row.last_run == report["run"]
    assert row.fresh_at > 0


async def test_two_deliveries_of_one_source_never_interleave(databases: Databases) -> None:
    hub = await open_hub(databases)
    await hub.add_source("bund", ["B1"], ["00"])
    first, second = (
        message(created=MARCH, writes=[service("1")]),
        message(created=APRIL, writes=[service("1")]),
    )
    reports = await asyncio.gather(
        hub.deliver(first), hub.deliver(second), hub.deliver(first), hub.deliver(second)
    )
    by_run = {report["run"]: ends(report)["1"] for report in reports}  # the same call again may join its run
    assert sorted(by_run.values()) == ["added", *["unchanged"] * (len(by_run) - 1)]
    assert len(by_run) >= 2


async def test_a_turn_is_waited_for_and_taken_from_a_holder_that_is_gone(databases: Databases) -> None:
    hub = await open_hub(databases)
    now = [1000.0]
    mine, others = (Turns(databases.operations, lambda: now[0], own_process()) for _ in range(2))
    async with others.turn("hessen", "theirs") as turn:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5), mine.turn("hessen", "mine"):
                pass
        await turn.check()
        now[0] += 6
        async with mine.turn("hessen", "mine"):
            with pytest.raises(LostTurnError):
                await turn.check()
    report = await hub.deliver(message(writes=[service("1")]))
    assert report["state"] == "finished"


def test_an_index_stands_for_what_it_names(tmp_path: Path) -> None:
    (tmp_path / "index.txt").write_text("b.xml\n\na.xml.gz\n")
    (tmp_path / "b.xml").write_bytes(b"<x/>")
    files = files_of([tmp_path / "index.txt", tmp_path / "b.xml"])
    assert [(one_.name, one_.packed) for one_ in files] == [
        ("b.xml", False),
        ("a.xml.gz", True),
        ("b.xml", False),
    ]


@pytest.mark.parametrize(
    ("content", "sentence"), [("\n \n", "is empty"), ("../secret.xml", "outside its folder")]
)
def test_an_index_that_names_nothing_or_something_elsewhere_is_refused(
    tmp_path: Path, content: str, sentence: str
) -> None:
    (tmp_path / "index.txt").write_text(content)
    with pytest.raises(BadIndex, match=sentence):
        files_of([tmp_path / "index.txt"])


async def test_a_file_that_an_index_names_but_is_not_there_is_refused_and_nothing_is_swept(
    databases: Databases, tmp_path: Path
) -> None:
    hub = await open_hub(databases)
    await hub.deliver(message(created=MARCH, writes=[service("1")]))
    (tmp_path / "index.txt").write_text("there.xml\nmissing.xml\n")
    (tmp_path / "there.xml").write_bytes(message(created=APRIL, writes=[service("2")]))
    report = await hub.deliver(*files_of([tmp_path / "index.txt"]), mode="snapshot")
    assert [(told["file"], told["rule"]) for told in report["refused"]] == [
        ("missing.xml", "unreadable-file")
    ]
    assert await hub.live() == {"LB": 2}


async def test_progress_is_told(sqlite_databases: Databases) -> None:
    hub = await open_hub(sqlite_databases)
    told: list[tuple[str, int, int]] = []
    content = message(writes=[service(str(number)) for number in range(300)])
    incoming = Incoming("a.xml", lambda: io.BytesIO(content), packed=False, size=len(content))
    await hub.pipeline.deliver("hessen", [incoming], progress=lambda *step: told.append(step))
    assert {step for step, _, _ in told} == {"read", "write"}
    assert told[-1] == ("write", 300, 300)
    assert all(done <= total for _, done, total in told)


async def test_the_same_object_twice_in_other_bytes_is_taken_twice(databases: Databases) -> None:
    """The first makes the hub forget the bytes by which it was to know the second."""
    hub = await open_hub(databases, recognised_from=1)
    await hub.deliver(message(created=MARCH, writes=[service("1")]))
    spaced = service("1")("2.2").replace("><", "> <", 1)
    again = message(created=APRIL, writes=[spaced, service("1")])
    report = await hub.deliver(again, mode="snapshot")
    assert [told["outcome"] for told in report["objects"]] == ["unchanged", "unchanged"]
