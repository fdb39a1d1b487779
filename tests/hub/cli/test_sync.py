import gzip
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine

from hub.cli.sources import sources
from hub.cli.sync import sync
from hub.migrations import METADATA
from tests.catalog_sync.pipeline.hub import AREAS, add_areas
from tests.makers import Name, delete, message, rule, service

AREA = ["06"]


@pytest.fixture
def ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Empty databases that the settings name, with some areas and the source ``hessen``."""
    monkeypatch.setenv("HUB_DATA_DIR", str(tmp_path))
    for name, tables in METADATA.items():
        engine = create_engine(f"sqlite:///{tmp_path / name}.db")
        with engine.begin() as connection:
            tables.create_all(connection)
            if name == "catalog":
                add_areas(connection, AREAS)
        engine.dispose()
    assert add().exit_code == 0
    return tmp_path


def add(key: str = "hessen", **options: str) -> Result:
    asked = {"name": "Hessen", "agency": "L100042", "areas": "06", **options}
    words = [word for name, value in asked.items() for word in (f"--{name}", value)]
    return CliRunner().invoke(sources, ["add", key, *words, "--json"])


def deliver(*arguments: object) -> Result:
    return CliRunner().invoke(sync, ["import", "--source", "hessen", *map(str, arguments)])


def report(result: Result) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def live(folder: Path) -> int:
    connection = sqlite3.connect(folder / "catalog.db")
    try:
        found: int = connection.execute("SELECT count(*) FROM entry WHERE live").fetchone()[0]
    finally:
        connection.close()
    return found


def test_a_source_is_made_and_its_token_is_told_once(ready: Path) -> None:
    result = add("sachsen", agency="L100017, L100018", areas="14,00")
    told = json.loads(result.stdout)
    assert told["source"] == "sachsen"
    assert told["token"].startswith("vhs_")
    connection = sqlite3.connect(ready / "catalog.db")
    row = connection.execute("SELECT agencies, areas FROM source WHERE key = 'sachsen'").fetchone()
    connection.close()
    assert (json.loads(row[0]), json.loads(row[1])) == (["L100017", "L100018"], ["14", ""])
    assert told["token"].encode() not in (ready / "identity.db").read_bytes()


@pytest.mark.parametrize(
    ("key", "options", "sentence"),
    [
        ("hessen", {}, "There is a source hessen already."),
        ("Große", {}, "cannot name a source"),
        ("a", {"agency": "L 1"}, "is no agency id"),
        ("a", {"agency": ","}, "at least one agency id"),
        ("a", {"areas": "0653"}, "regional key"),
        ("a", {"areas": "06999"}, "does not exist"),
        ("a", {"index": "ftp://x.example/index.txt"}, "http or https"),
        ("a", {"index": "https://x.example/index.txt", "every": "often"}, "like 24h"),
        ("a", {"name": " "}, "A source has a name"),
    ],
)
def test_a_source_that_cannot_be_is_told_why(
    ready: Path, key: str, options: dict[str, str], sentence: str
) -> None:
    result = add(key, **options)
    assert result.exit_code != 0
    assert sentence in result.stderr


def test_a_delivery_is_reported_as_json(ready: Path) -> None:
    path = written(ready, "a.xml", message(writes=[service("1", areas=AREA)]))
    result = deliver(path, "--json")
    told = report(result)
    assert result.exit_code == 0
    assert set(told) >= {"run", "source", "mode", "dryRun", "state", "counts", "objects", "notices"}
    assert told["counts"] == {
        "added": 1,
        "changed": 0,
        "unchanged": 0,
        "gone": 0,
        "waiting": 0,
        "rejected": 0,
    }
    assert {key: told["objects"][0][key] for key in ("kind", "agency", "id", "outcome", "file")} == {
        "kind": "LB",
        "agency": "L100042",
        "id": "1",
        "outcome": "added",
        "file": "a.xml",
    }


def test_all_paths_are_one_delivery_in_the_order_given(ready: Path) -> None:
    first = written(ready, "b.xml", message(writes=[service("1", areas=AREA)]))
    newer = message(created="2026-05-01T00:00:00Z", deletes=[delete("Leistung", "1")])
    second = written(ready, "a.xml.gz", gzip.compress(newer))
    told = report(deliver(first, second, "--json"))
    assert [(one["file"], one["outcome"]) for one in told["objects"]] == [
        ("b.xml", "added"),
        ("a.xml.gz", "gone"),
    ]
    assert live(ready) == 0


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (message(writes=[service("1", areas=AREA)]), 0),
        (message(writes=[service("1", areas=AREA), service(Name("L2", "2"))]), 1),
        (message(writes=[rule("9", "2", "1", AREA)]), 1),
        (b"<not", 2),
    ],
)
def test_the_exit_status_says_how_it_went(ready: Path, content: bytes, status: int) -> None:
    assert deliver(written(ready, "a.xml", content), "--json").exit_code == status


def test_the_worst_of_several_files_decides(ready: Path) -> None:
    good = written(ready, "a.xml", message(writes=[service("1", areas=AREA)]))
    result = deliver(good, written(ready, "b.xml", b"<not"), "--json")
    assert (result.exit_code, live(ready)) == (2, 1)


def test_the_table_names_what_was_not_taken_and_what_would_mend_it(ready: Path) -> None:
    content = message(writes=[service("1", areas=AREA), service("[b]2", areas=["069990000000"])])
    result = deliver(written(ready, "a.xml", content))
    plain = " ".join(result.stdout.split())
    assert "rejected" in plain
    assert "069990000000" in plain
    assert "[b]2" in plain
    refused = deliver(written(ready, "b.xml", b"<!DOCTYPE x><x/>"))
    assert "Refused: b.xml:1" in refused.stdout


def test_a_dry_run_says_field_by_field_what_would_change(ready: Path) -> None:
    first = written(ready, "a.xml", message(writes=[service("1", title="Alter Titel", areas=AREA)]))
    newer = message(created="2026-05-01T00:00:00Z", writes=[service("1", title="Neuer Titel", areas=AREA)])
    second = written(ready, "b.xml", newer)
    deliver(first)
    told = report(deliver(second, "--dry-run", "--json"))
    assert [one["field"] for one in told["objects"][0]["difference"]] == ["modules"]
    table = deliver(second, "--dry-run").stdout
    assert "Alter Titel" in " ".join(table.split())
    assert "Neuer Titel" in " ".join(table.split())
    assert "Neuer Titel" not in deliver(second).stdout


def test_a_dry_run_and_a_snapshot(ready: Path) -> None:
    first = written(ready, "a.xml", message(writes=[service("1", areas=AREA), service("2", areas=AREA)]))
    assert deliver(first).exit_code == 0
    second = written(
        ready, "b.xml", message(created="2026-05-01T00:00:00Z", writes=[service("2", areas=AREA)])
    )
    rehearsed = report(deliver(second, "--snapshot", "--dry-run", "--json"))
    assert (rehearsed["dryRun"], rehearsed["counts"]["gone"], live(ready)) == (True, 1, 2)
    told = report(deliver(second, "--snapshot", "--json"))
    assert (told["mode"], told["counts"]["gone"], live(ready)) == ("snapshot", 1, 1)


def test_an_index_is_followed_and_an_empty_one_refused(ready: Path) -> None:
    folder = ready / "delivery"
    folder.mkdir()
    written(folder, "a.xml", message(writes=[service("1", areas=AREA)]))
    index = written(folder, "index.txt", b"a.xml\n")
    assert report(deliver(index, "--json"))["counts"]["added"] == 1
    index.write_text("")
    result = deliver(index, "--snapshot")
    assert (result.exit_code, live(ready)) == (2, 1)
    assert "is empty" in result.stderr


def test_wrong_usage_is_told(ready: Path) -> None:
    path = written(ready, "a.xml", message())
    unknown = CliRunner().invoke(sync, ["import", "--source", "nowhere", str(path)])
    missing = deliver(ready / "none.xml")
    assert "no source" in unknown.stderr
    assert "does not exist" in missing.stderr
    assert unknown.exit_code == missing.exit_code != 0  # the group `verbundhub` makes it 64
