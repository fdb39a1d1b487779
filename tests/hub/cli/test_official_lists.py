import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine

from hub.cli.areas import areas
from hub.cli.services import services
from hub.migrations import METADATA
from tests.catalog_sync.areas.makers import HESSEN_NEW, csv_list, hessen_directory
from tests.catalog_sync.leika.makers import SERVICES, catalogue, table


@pytest.fixture
def ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty catalogue that the settings name."""
    monkeypatch.setenv("HUB_DATA_DIR", str(tmp_path))
    engine = create_engine(f"sqlite:///{tmp_path / 'catalog.db'}")
    METADATA["catalog"].create_all(engine)
    engine.dispose()
    return tmp_path


def areas_import(*arguments: object) -> Result:
    return CliRunner().invoke(areas, ["import", *map(str, arguments)])


def services_import(*arguments: object) -> Result:
    return CliRunner().invoke(services, ["import", *map(str, arguments)])


def count(folder: Path, name: str) -> int:
    connection = sqlite3.connect(folder / "catalog.db")
    try:
        found: int = connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
    finally:
        connection.close()
    return found


def test_areas_import_tells_what_is_there_now(ready: Path) -> None:
    plz = csv_list(ready, "plz.csv", [("35578", "06532023"), ("99999", "06999001")], "plz,ags")
    result = areas_import(
        hessen_directory(ready), csv_list(ready, "n_2026-04-30.csv", HESSEN_NEW), "--postcodes", plz
    )
    assert result.exit_code == 0, result.output
    assert "Areas: 14 added, 0 changed" in result.output
    assert "4 municipalities, 2 associations, 4 districts, 2 regions, 1 states" in result.output
    assert "Notice: plz.csv: 1 keys are in no list" in result.output


def test_areas_import_as_json_is_one_object(ready: Path) -> None:
    result = areas_import(csv_list(ready, "a.csv", HESSEN_NEW), "--as-of", "2026-04-30", "--json")
    report = json.loads(result.output)
    assert (report["areas"]["added"], report["current"]["MUNICIPALITY"], report["notices"]) == (12, 4, [])


def test_a_refused_list_is_one_sentence_and_status_2(ready: Path) -> None:
    result = areas_import(csv_list(ready, "a.csv", [("06999", "")]))
    assert (result.exit_code, count(ready, "area")) == (2, 0)
    assert result.stderr == "verbundhub: a.csv, line 2: the area 06999 has no name.\n"


def test_a_wrong_day_or_no_list_is_wrong_usage(ready: Path) -> None:
    assert (
        "does not match the format"
        in areas_import(csv_list(ready, "a.csv", HESSEN_NEW), "--as-of", "2026").output
    )
    assert "Name at least one list" in areas_import().output
    assert "does not exist" in areas_import(ready / "none.csv").output
    assert count(ready, "area") == 0


def test_databases_that_are_not_ready_are_told_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_DATA_DIR", str(tmp_path))
    result = areas_import(csv_list(tmp_path, "a.csv", HESSEN_NEW))
    assert result.exit_code == 64
    assert "verbundhub migrate" in result.stderr


def test_services_import_tells_counts(ready: Path) -> None:
    result = services_import(*catalogue(ready))
    assert result.exit_code == 0, result.output
    assert "Services: 3 added, 0 changed, 0 unchanged." in result.output
    report = json.loads(services_import(*catalogue(ready), "--json").output)
    assert (report["changed"], report["services"]["unchanged"]) == (False, 3)


def test_a_wrong_service_key_is_one_sentence_and_status_2(ready: Path) -> None:
    wrong = table(ready, "s.csv", SERVICES, ("123", "Name", "", "", "", "", "", ""))
    result = services_import(wrong)
    assert (result.exit_code, count(ready, "leika_service")) == (2, 0)
    assert result.stderr.startswith("verbundhub: s.csv, line 2: “123” is no service key (LeiKa)")
