"""The official lists themselves, where the sample data is there: all of Germany."""

import time
from pathlib import Path

import pytest

from catalog_sync.catalog.areas import areas_of_postcode
from catalog_sync.catalog.keys import AreaKey, AreaLevel
from tests.catalog_sync.areas.makers import area_map, imported
from tests.conftest import Databases

pytestmark = pytest.mark.shared
PATIENCE_SECONDS = 30.0


def lists(shared: Path) -> list[Path]:
    return [
        shared / "areas" / "GV100AD_301123.txt.gz",
        shared / "codelists" / "Regionalschluessel_2026-04-30.xml.gz",
    ]


async def test_all_of_germany(databases: Databases, shared: Path) -> None:
    areas_folder = shared / "areas"
    postcodes = [areas_folder / "zuordnung_plz_ort_landkreis.csv"]
    changes = [areas_folder / "ars_changes_2023-11-30_to_2026-04-30.csv"]
    before = time.monotonic()
    report = await imported(databases.catalog, *lists(shared), postcodes=postcodes, changes=changes)
    assert time.monotonic() - before < PATIENCE_SECONDS
    assert report.current == {
        "COUNTRY": 1,
        "STATE": 16,
        "REGION": 30,
        "DISTRICT": 402,
        "ASSOCIATION": 4477,
        "MUNICIPALITY": 10944,
    }
    assert (report.parts, report.historic, report.successors.added) == (283, 70, 10)
    areas = await area_map(databases.catalog)
    hamburg, hanau, old = (areas.get(AreaKey(key)) for key in ("02", "06415", "064350014014"))
    assert hamburg
    assert hanau
    assert old
    assert hamburg.levels == (AreaLevel.STATE, AreaLevel.DISTRICT, AreaLevel.MUNICIPALITY)
    assert (old.valid_until, old.successors) == ("2026-04-29", (hanau.key,))
    rows = [row for key in areas.keys() if (row := areas.get(key))]  # noqa: SIM118 - it is no mapping
    # 27 are listed as renamed, two of them by a blank more
    assert sum(bool(row.earlier_names) for row in rows) == 25
    found = areas.search("Frankfurt")
    assert [area.name for area in found] == ["Frankfurt am Main, Stadt", "Frankfurt (Oder), Stadt"]
    assert [area.ars for area in areas.search("Wetzlar")] == ["065320023023"]
    async with databases.catalog.snapshot() as snapshot:
        assert len(await areas_of_postcode(snapshot, "54636")) == 39
        assert await areas_of_postcode(snapshot, "63450") == [hanau.key]
    backwards = reversed(lists(shared))
    again = await imported(databases.catalog, *backwards, postcodes=postcodes, changes=changes)
    assert (again.areas.unchanged, again.postcodes.unchanged) == (len(areas), 12874)
    assert [part.any for part in (again.areas, again.postcodes, again.successors)] == [False] * 3


async def test_the_tables_say_the_same_as_the_official_formats(
    sqlite_databases: Databases, shared: Path
) -> None:
    folder = shared / "areas"
    await imported(sqlite_databases.catalog, *lists(shared))
    tables = [
        folder / name
        for name in (
            "ars_2026-04-30.csv",
            "municipalities_2023-11-30.csv",
            "districts_2023-11-30.csv",
            "associations_2023-11-30.csv",
            "states.csv",
        )
    ]
    report = await imported(sqlite_databases.catalog, *tables)
    assert not report.areas.any


async def test_keys_of_municipalities_are_mapped(sqlite_databases: Databases, shared: Path) -> None:
    report = await imported(
        sqlite_databases.catalog,
        shared / "codelists" / "AGS_2026-04-30.xml.gz",
        shared / "areas" / "ars_2026-04-30.csv",
    )
    assert (report.current["MUNICIPALITY"], report.parts, report.historic) == (10944, 283, 0)
