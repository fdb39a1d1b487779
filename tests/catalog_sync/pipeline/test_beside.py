"""Deliveries read in a process beside this one end as if they were read in it; a process that is lost fails its run."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from catalog_sync.catalog.keys import parse_ars
from catalog_sync.pipeline.beside import Readers, ReadingProcessError
from catalog_sync.pipeline.check import Scope
from catalog_sync.pipeline.contents import KnownContents
from catalog_sync.pipeline.growth import StoppedError
from catalog_sync.pipeline.read import Reader
from catalog_sync.pipeline.spool import Spool
from catalog_sync.sources.files import files_of
from catalog_sync.sources.incoming import Sizes
from tests.catalog_sync.pipeline.hub import file, open_hub, packed
from tests.conftest import Databases
from tests.makers import authority, carried_rule, delete, message, rule, service

MARCH, APRIL = "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"
FIRST = message(
    created=MARCH,
    writes=[service("1"), authority("2", rules=[carried_rule("9", "1", ["06"])]), service("3", "12")],
)
SECOND = message(
    created=APRIL, writes=[service("1"), rule("5", "2", "1", ["06"])], deletes=[delete("Leistung", "3")]
)


def told(report: dict[str, Any]) -> dict[str, Any]:
    """A report without what differs between two runs of the same."""
    return {name: report[name] for name in ("state", "counts", "refused", "notices", "objects")}


async def reports(databases: Databases, readers: Readers | None, folder: Path) -> list[dict[str, Any]]:
    hub = await open_hub(databases, recognised_from=0, readers=readers)
    (folder / "index.txt").write_text("there.xml\nmissing.xml\n")
    (folder / "there.xml").write_bytes(message(created=APRIL, writes=[service("7")]))
    return [
        told(await hub.deliver(FIRST)),
        told(await hub.deliver(packed(FIRST), file(SECOND, "second.xml"))),
        told(await hub.deliver(b"<broken", file(SECOND, "second.xml"), packed(b"<x/>"), mode="snapshot")),
        told(await hub.deliver(*files_of([folder / "index.txt"]), mode="snapshot")),
        told(await hub.deliver(SECOND, mode="snapshot", dry_run=True)),
    ]


@pytest.mark.parametrize("beside", [False, True])
async def test_where_a_delivery_is_read_makes_no_difference(
    sqlite_databases: Databases, tmp_path: Path, *, beside: bool
) -> None:
    found = await reports(sqlite_databases, Readers(1, large=0) if beside else None, tmp_path)
    assert [one["state"] for one in found] == ["finished"] * 5
    assert [one["counts"]["unchanged"] for one in found] == [0, 5, 3, 0, 2]
    assert [len(one["refused"]) for one in found] == [0, 0, 2, 1, 0]
    assert found[3]["refused"][0]["rule"] == "unreadable-file"
    assert found[0]["objects"][-1]["line"] == 6


async def test_the_same_items_come_back(tmp_path: Path) -> None:
    area = parse_ars("06")
    scope = Scope(frozenset({"L100042"}), (area,), frozenset({area}), frozenset())
    content = message(
        writes=[service("1"), service("2", "12"), authority("3", rules=[carried_rule("9", "1")])]
    )
    files = [file(content), file(b"<broken"), packed(SECOND), *files_of([tmp_path / "missing.xml"])]
    reader = Reader(scope, KnownContents(), 7, Sizes(), lambda *_: None)
    with Spool() as here, Spool() as there:
        by_this = reader.read(files, here)
        by_other = await Readers(1, large=0).read(reader, files, there)
        assert list(there.batches(2)) == list(here.batches(2))
        assert replace(by_other, spool=here) == by_this
        assert [one.rule for one in by_this.refused] == ["not-well-formed", "unreadable-file"]


@pytest.mark.parametrize(("known", "cores"), [(False, 2), (True, 2), (False, 1)])
async def test_they_come_ahead_where_all_is_new(cores: int, *, known: bool) -> None:
    area = parse_ars("06")
    scope = Scope(frozenset({"L100042"}), (area,), frozenset({area}), frozenset())
    content = message(
        writes=[service(str(number)) for number in range(700)], deletes=[delete("Leistung", "x")]
    )
    files = [file(b"<broken"), file(content), file(content[:-20]), packed(SECOND)]
    contents = KnownContents([(bytes(15) + b"1", 1)] if known else [])
    reader = Reader(scope, contents, 7, Sizes(), lambda *_: None)
    with Spool() as here, Spool() as there:
        by_this = reader.read(files, here)
        async with Readers(1, large=0, cores=cores).read_ahead(reader, files, there) as reading:
            assert (there.growth is None) == (known or cores == 1)
            assert reading.refused == by_this.refused
            assert list(there.batches(2)) == list(here.batches(2))
            assert replace(reading, spool=here) == by_this
    assert [one.rule for one in by_this.refused] == ["not-well-formed"] * 2


async def test_what_nobody_takes_any_more_is_not_read_further() -> None:
    scope = Scope(frozenset({"L100042"}), (), frozenset(), frozenset())
    files = [file(message(writes=[service(str(number)) for number in range(700)]))]
    reader = Reader(scope, KnownContents(), 7, Sizes(), lambda *_: None)
    with Spool() as spool:
        async with Readers(1, large=0, cores=2).read_ahead(reader, files, spool) as reading:
            batches = reading.spool.batches(1)
            first = next(batches)
        assert first.until == 2
        with pytest.raises(StoppedError):
            list(batches)


async def test_it_says_how_far_it_is(sqlite_databases: Databases) -> None:
    hub = await open_hub(sqlite_databases, readers=Readers(1, large=0))
    steps: list[tuple[str, int, int]] = []
    content = message(writes=[service(str(number)) for number in range(300)])
    await hub.pipeline.deliver("hessen", [file(content)], progress=lambda *step: steps.append(step))
    assert {step for step, _, _ in steps} == {"read", "write"}
    assert all(total == len(content) for step, _, total in steps if step == "read")


@pytest.mark.parametrize(
    "dies",
    [
        "import os; os.kill(os.getpid(), 9)",
        "import sys; sys.stdin.buffer.read(); print('{\"step\": \"re', end='')",
        "import sys; sys.stdin.buffer.read(); sys.exit(3)",
        "import sys; sys.stdin.buffer.read()",
    ],
)
async def test_a_run_whose_process_is_lost_fails_and_goes_on_when_the_call_comes_again(
    sqlite_databases: Databases, dies: str
) -> None:
    lost = Readers(1, large=0, command=(sys.executable, "-c", dies))
    hub = await open_hub(sqlite_databases, readers=lost)
    with pytest.raises(ReadingProcessError):
        await hub.deliver(FIRST)
    assert await hub.live() == {}
    lost_run = await hub.pipeline.accept("hessen", [file(FIRST)])
    assert lost_run.files is None  # the same run, taken up from the journal
    object.__setattr__(lost, "command", Readers().command)
    report = await hub.deliver(FIRST)
    assert (report["run"], report["counts"]["added"]) == (lost_run.run.id, 3)


async def test_a_process_that_is_lost_while_its_items_are_written_costs_nothing(
    sqlite_databases: Databases,
) -> None:
    """Another process stands between: it hands on what the real one says, and kills it in the middle."""
    between = (
        "import subprocess, sys\n"
        f"real = subprocess.Popen({list(Readers().command)!r}, stdout=-1, close_fds=False)\n"
        "for number, line in enumerate(real.stdout):\n"
        "    sys.stdout.buffer.write(line)\n"
        "    sys.stdout.buffer.flush()\n"
        "    if number > 20:\n"
        "        real.kill()\n"
        "sys.exit(real.wait())"
    )
    content = message(writes=[service(str(number)) for number in range(3000)])
    readers = Readers(1, large=0, command=(sys.executable, "-c", between), cores=2)
    hub = await open_hub(sqlite_databases, readers=readers)
    with pytest.raises(ReadingProcessError):
        await hub.deliver(content, mode="snapshot")
    lost = await hub.pipeline.accept("hessen", [file(content)], mode="snapshot")
    object.__setattr__(readers, "command", Readers().command)
    report = await hub.deliver(content, mode="snapshot")
    assert (report["run"], report["state"], report["counts"]["added"]) == (lost.run.id, "finished", 3000)
    assert await hub.live() == {"LB": 3000}


async def test_small_deliveries_are_read_here(sqlite_databases: Databases) -> None:
    nowhere = Readers(1, large=len(FIRST) + 1, command=("/nowhere",))
    hub = await open_hub(sqlite_databases, readers=nowhere)
    assert (await hub.deliver(FIRST))["counts"]["added"] == 3
    with pytest.raises(FileNotFoundError):
        await hub.deliver(packed(SECOND), packed(SECOND))
