from datetime import date
from itertools import permutations
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from catalog_sync.catalog.areas import AreaMap, areas_of_postcode, known_area_keys, postcodes_of
from catalog_sync.catalog.keys import GERMANY, AreaKey, AreaLevel
from catalog_sync.catalog.tables import area, area_list, area_postcode, state
from catalog_sync.official_files import FileRefused
from hub.database import Database
from tests.catalog_sync.areas.makers import (
    HESSEN_NEW,
    HESSEN_OLD,
    PART,
    Rows,
    area_map,
    csv_list,
    genericode,
    gv100ad,
    hessen_directory,
    imported,
    record,
)
from tests.conftest import Databases

HANAU_OLD, HANAU = AreaKey("064350014014"), AreaKey("06415")
WETZLAR = AreaKey("065320023023")


@pytest.fixture
def catalog(sqlite_databases: Databases) -> Database:
    return sqlite_databases.catalog


def facts(areas: AreaMap) -> dict[AreaKey, tuple[object, ...]]:
    rows = [areas.get(key) for key in sorted(areas.keys())]
    return {
        row.key: (row.name, row.levels, row.valid_from, row.valid_until, row.population, row.successors)
        for row in rows
        if row
    }


def name(areas: AreaMap, key: str) -> str | None:
    row = areas.get(AreaKey(key))
    return row.name if row else None


async def versions(catalog: Database) -> tuple[int, int]:
    rows = await catalog.read(lambda c: c.execute(select(state.c.position, state.c.areas_version)).all())
    return (rows[0][0], rows[0][1]) if rows else (0, 0)


async def test_both_databases_hold_the_same_areas(databases: Databases, tmp_path: Path) -> None:
    lists = [hessen_directory(tmp_path), genericode(tmp_path, "new.xml", HESSEN_NEW)]
    plz = csv_list(tmp_path, "plz.csv", [("35578", "06532023", "Wetzlar")], "plz,ags,ort")
    first = await imported(databases.catalog, *lists, postcodes=[plz])
    assert (first.areas.added, first.areas.unchanged, first.postcodes.added) == (14, 0, 1)
    areas = await area_map(databases.catalog)
    frankfurt = areas.get(AreaKey("06412"))
    assert frankfurt
    assert (frankfurt.name, frankfurt.ars, frankfurt.population) == (
        "Frankfurt am Main, Stadt",
        "064120000000",
        773068,
    )
    assert [found.name for found in areas.search("35578")] == ["Wetzlar, Stadt"]
    again = await imported(databases.catalog, *lists, postcodes=[plz])
    assert (again.areas.added, again.areas.changed, again.areas.unchanged) == (0, 0, 14)
    assert await databases.catalog.read(known_area_keys) == areas.keys()


async def test_every_municipality_has_all_levels_above_it_with_names(
    catalog: Database, tmp_path: Path
) -> None:
    await imported(catalog, csv_list(tmp_path, "a.csv", HESSEN_NEW))
    areas = await area_map(catalog)
    assert name(areas, "06") == "Hessen"
    assert name(areas, "065") == "Region 065"
    assert name(areas, "06532") == "Wetzlar, Stadt"  # the only one of its district in this list
    assert name(areas, "065320023") == "Wetzlar, Stadt"
    assert name(areas, "") == "Deutschland"
    two = csv_list(tmp_path, "b.csv", [("065320001001", "Aßlar, Stadt"), ("065320023023", "Wetzlar, Stadt")])
    await imported(catalog, two)
    assert name(await area_map(catalog), "06532") == "Kreis 06532"


async def test_names_of_upper_levels_come_from_the_newest_list_that_has_them(
    catalog: Database, tmp_path: Path
) -> None:
    new = csv_list(tmp_path, "k_2026-01-01.csv", [("06532", "Lahn-Dill-Kreis, neu")], "key5,name")
    old = csv_list(tmp_path, "k_2020-01-01.csv", [("06532", "Kreis Wetzlar")], "key5,name")
    await imported(catalog, new, genericode(tmp_path, "m.xml", HESSEN_NEW), old)
    assert name(await area_map(catalog), "06532") == "Lahn-Dill-Kreis, neu"


async def test_hamburg_is_one_area_of_three_levels_called_like_the_state(
    catalog: Database, tmp_path: Path
) -> None:
    directory = gv100ad(
        tmp_path,
        "gv.txt",
        [
            record("10", "02", "Hamburg"),
            record("40", "02000", "Hamburg, Freie und Hansestadt"),
            record("50", "020000000", "Hamburg, Freie und Hansestadt"),
            record("60", "020000000000", "Hamburg, Freie und Hansestadt", people="1892122"),
        ],
    )
    report = await imported(catalog, directory)
    hamburg = (await area_map(catalog)).get(AreaKey("02"))
    assert hamburg
    assert hamburg.levels == (AreaLevel.STATE, AreaLevel.DISTRICT, AreaLevel.MUNICIPALITY)
    assert (hamburg.level, hamburg.name, hamburg.ars) == (AreaLevel.STATE, "Hamburg", "020000000000")
    assert (report.areas.added, report.current["MUNICIPALITY"], report.current["ASSOCIATION"]) == (2, 1, 0)


async def test_a_city_without_a_district_is_district_and_municipality(
    catalog: Database, tmp_path: Path
) -> None:
    await imported(catalog, hessen_directory(tmp_path))
    areas = await area_map(catalog)
    frankfurt, wetzlar, county = (areas.get(AreaKey(key)) for key in ("06412", WETZLAR, "06532"))
    assert frankfurt
    assert wetzlar
    assert county
    assert frankfurt.levels == (AreaLevel.DISTRICT, AreaLevel.MUNICIPALITY)
    assert wetzlar.levels == (AreaLevel.MUNICIPALITY,)
    assert county.levels == (AreaLevel.DISTRICT,)


async def test_a_table_may_list_upper_levels_with_twelve_digits(catalog: Database, tmp_path: Path) -> None:
    rows = [("060000000000", "Hessen"), ("065320000000", "Lahn-Dill-Kreis"), ("065320023023", "Wetzlar")]
    report = await imported(catalog, csv_list(tmp_path, "a.csv", rows))
    areas = await area_map(catalog)
    county = areas.get(AreaKey("06532"))
    assert county
    assert (county.name, county.levels) == ("Lahn-Dill-Kreis", (AreaLevel.DISTRICT,))
    assert report.current["MUNICIPALITY"] == 1


async def test_parts_of_cities_are_no_municipalities_and_make_no_districts(
    catalog: Database, tmp_path: Path
) -> None:
    rows = [("110000000000", "Berlin, Stadt", ""), ("110010001001", "Mitte", PART)]
    report = await imported(catalog, genericode(tmp_path, "a.xml", rows))
    areas = await area_map(catalog)
    assert (report.parts, report.current["MUNICIPALITY"]) == (1, 1)
    mitte = areas.get(AreaKey("110010001001"))
    assert mitte
    assert mitte.part
    assert not areas.known(AreaKey("11001"))


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_the_order_of_lists_does_not_matter(
    catalog: Database, tmp_path: Path, order: tuple[int, ...]
) -> None:
    lists = [
        hessen_directory(tmp_path),
        genericode(tmp_path, "new.xml", HESSEN_NEW),
        csv_list(tmp_path, "k_2024-01-01.csv", [("06532", "Lahn-Dill")], "key5,name"),
    ]
    await imported(catalog, *(lists[place] for place in order))
    at_once = facts(await area_map(catalog))
    hanau_old, hanau = at_once[HANAU_OLD], at_once[HANAU]
    assert (hanau_old[3], hanau_old[5]) == ("2026-04-29", (HANAU,))
    assert (hanau[2], hanau[3], hanau[4]) == ("2026-04-30", None, 101364)
    assert at_once[AreaKey("06532")][0] == "Lahn-Dill"
    assert at_once[AreaKey("064350014")][3] == "2026-04-29"  # an association with no municipality left
    assert at_once[AreaKey("06435")][3] is None


async def test_one_after_the_other_gives_the_same_as_at_once(databases: Databases, tmp_path: Path) -> None:
    old, new = hessen_directory(tmp_path), genericode(tmp_path, "new.xml", HESSEN_NEW)
    await imported(databases.catalog, new)
    assert not (await area_map(databases.catalog)).known(HANAU_OLD)
    await imported(databases.catalog, old)
    found = facts(await area_map(databases.catalog))
    assert (found[HANAU_OLD][3], found[HANAU][2]) == ("2026-04-29", "2026-04-30")


async def test_a_list_of_another_state_or_level_ends_nothing(catalog: Database, tmp_path: Path) -> None:
    await imported(catalog, hessen_directory(tmp_path))
    elsewhere = csv_list(tmp_path, "s_2026-01-01.csv", [("147130000000", "Leipzig, Stadt")])
    counties = csv_list(tmp_path, "k_2026-01-01.csv", [("06435", "Main-Kinzig-Kreis")], "key5,name")
    await imported(catalog, elsewhere, counties)
    areas = await area_map(catalog)
    assert all(row.current for key in (WETZLAR, HANAU_OLD) if (row := areas.get(key)))
    ended = areas.get(AreaKey("06532"))  # a newer list of Hessen's districts lacks it
    assert ended
    assert ended.valid_until == "2025-12-31"


async def test_a_supplement_of_a_few_places_ends_nothing_and_says_so(
    catalog: Database, tmp_path: Path
) -> None:
    many = [(f"06532{n:04}{n:03}", f"Ort {n}") for n in range(1, 41)]
    await imported(catalog, csv_list(tmp_path, "a_2025-01-01.csv", many))
    few = csv_list(tmp_path, "b_2026-01-01.csv", many[:9])
    report = await imported(catalog, few)
    assert report.historic == 0
    assert "b_2026-01-01.csv: only 9 of 40 known areas" in report.notices[0]
    report = await imported(catalog, csv_list(tmp_path, "c_2026-02-01.csv", many[:11]))
    assert report.historic == 29 * 2  # with their associations


async def test_a_list_without_a_date_ends_nothing(catalog: Database, tmp_path: Path) -> None:
    await imported(catalog, csv_list(tmp_path, "a_2020-01-01.csv", HESSEN_OLD))
    undated = csv_list(tmp_path, "b.csv", HESSEN_NEW)
    report = await imported(catalog, undated)
    assert report.historic == 0
    assert report.notices[0].startswith("b.csv: no date")
    report = await imported(catalog, undated, as_of="2026-05-01")
    assert (report.historic, report.notices) == (2, ())


async def test_an_area_that_comes_back_is_valid_again(catalog: Database, tmp_path: Path) -> None:
    await imported(
        catalog,
        csv_list(tmp_path, "a_2020-01-01.csv", HESSEN_OLD),
        csv_list(tmp_path, "b_2021-01-01.csv", HESSEN_OLD[:3]),
    )
    assert facts(await area_map(catalog))[WETZLAR][3] == "2020-12-31"
    await imported(catalog, csv_list(tmp_path, "c_2022-01-01.csv", HESSEN_OLD))
    assert facts(await area_map(catalog))[WETZLAR][2:4] == (None, None)


CHANGES = (
    ("removed", "064350014014", "Hanau, Brüder-Grimm-Stadt", ""),
    ("added", "064150000000", "", "Hanau, Brüder-Grimm-Stadt"),
    ("renamed", "064350028028", "Steinau", "Steinau an der Straße"),
)


def changes(folder: Path, rows: Rows = CHANGES, name: str = "c_2023-11-30_to_2026-04-30.csv") -> Path:
    return csv_list(folder, name, rows, "change,ars,old_name,new_name")


async def test_a_list_of_changes_makes_the_old_key_and_its_successor(
    catalog: Database, tmp_path: Path
) -> None:
    await imported(catalog, genericode(tmp_path, "new.xml", HESSEN_NEW), changes=[changes(tmp_path)])
    areas = await area_map(catalog)
    old = areas.get(HANAU_OLD)
    assert old
    assert (old.name, old.valid_until, old.successors) == (
        "Hanau, Brüder-Grimm-Stadt",
        "2026-04-29",
        (HANAU,),
    )
    assert [row.key for row in areas.resolve_current(HANAU_OLD, date(2026, 5, 1))] == [HANAU]
    assert [row.key for row in areas.resolve_current(HANAU_OLD, date(2026, 4, 29))] == [HANAU_OLD]
    assert areas.resolve_current(AreaKey("069990000000"), date(2026, 5, 1)) == []


async def test_changes_alone_bring_an_older_list_up_to_date(catalog: Database, tmp_path: Path) -> None:
    await imported(catalog, hessen_directory(tmp_path), changes=[changes(tmp_path, name="changes.csv")])
    found = facts(await area_map(catalog))
    assert found[HANAU_OLD][3] == "2026-05-31"  # no day in its name: the day of the import
    assert found[HANAU][2] == "2026-06-01"
    assert found[WETZLAR][3] is None


async def test_a_merger_and_an_equal_name_elsewhere_make_no_successor(
    catalog: Database, tmp_path: Path
) -> None:
    old = csv_list(
        tmp_path,
        "a_2020-01-01.csv",
        [("065320001001", "Neustadt"), ("065330001001", "Neustadt"), ("065320002002", "Altdorf")],
    )
    new = csv_list(tmp_path, "b_2021-01-01.csv", [("065340001001", "Neustadt"), ("065320009009", "Neudorf")])
    report = await imported(catalog, old, new)
    assert (report.successors.added, report.historic > 0) == (0, True)


async def test_the_same_ags_in_another_association_is_the_same_municipality(
    catalog: Database, tmp_path: Path
) -> None:
    old = csv_list(tmp_path, "a_2020-01-01.csv", [("010570008008", "Bönebüttel"), ("010570001001", "Plön")])
    new = csv_list(
        tmp_path, "b_2021-01-01.csv", [("010575785008", "Bönebüttel-Neu"), ("010570001001", "Plön")]
    )
    await imported(catalog, old, new)
    row = (await area_map(catalog)).get(AreaKey("010570008008"))
    assert row
    assert row.successors == ("010575785008",)


async def test_municipality_keys_are_mapped_to_regional_keys(catalog: Database, tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"ags\.xml: it has municipality keys \(AGS, 8 digits\)"):
        await imported(catalog, genericode(tmp_path, "ags.xml", [("06532023", "Wetzlar")]))
    assert await catalog.read(lambda c: c.scalar(select(func.count()).select_from(area_list))) == 0
    ags = genericode(tmp_path, "ags.xml", [("06532023", "Wetzlar, Goethestadt"), ("06412000", "Frankfurt")])
    await imported(catalog, ags, hessen_directory(tmp_path))
    found = facts(await area_map(catalog))
    assert found[WETZLAR][0] == "Wetzlar, Goethestadt"
    assert found[AreaKey("06412")][0] == "Frankfurt"
    assert AreaKey("06532023") not in found


async def test_a_refused_file_leaves_everything_as_it_was(catalog: Database, tmp_path: Path) -> None:
    await imported(catalog, hessen_directory(tmp_path))
    before = (facts(await area_map(catalog)), await versions(catalog))
    wrong = csv_list(tmp_path, "b_2026-01-01.csv", [*HESSEN_NEW, ("06999", "")])
    with pytest.raises(FileRefused, match=r"b_2026-01-01\.csv, line 6"):
        await imported(catalog, genericode(tmp_path, "c.xml", HESSEN_NEW), wrong)
    assert (facts(await area_map(catalog)), await versions(catalog)) == before


async def test_versions_rise_only_when_something_changed(catalog: Database, tmp_path: Path) -> None:
    await imported(catalog, hessen_directory(tmp_path))
    assert await versions(catalog) == (1, 1)
    await imported(catalog, hessen_directory(tmp_path, "same.txt"))
    assert await versions(catalog) == (1, 1)
    await imported(catalog, postcodes=[csv_list(tmp_path, "p.csv", [("35578", "06532023")], "plz,ags")])
    assert await versions(catalog) == (2, 2)
    sizes = [
        await catalog.read(lambda c, t=table: c.scalar(select(func.count()).select_from(t)))  # type: ignore[misc]
        for table in (area, area_list, area_postcode)
    ]
    assert sizes == [13, 2, 1]


async def test_an_existing_position_is_raised_and_not_made_anew(catalog: Database, tmp_path: Path) -> None:
    row = insert(state).values(id=1, position=41, areas_version=7)
    await catalog.write(lambda connection: connection.execute(row))
    await imported(catalog, hessen_directory(tmp_path))
    assert await versions(catalog) == (42, 8)


PLZ = (
    ("63450", "06435014", "Hanau"),
    ("63450", "06412000", "Frankfurt am Main"),
    ("63450", "06532023", "Wetzlar"),
    ("99999", "06999001", "Nirgends"),
)


async def test_an_ambiguous_postcode_stays_so_biggest_place_first(catalog: Database, tmp_path: Path) -> None:
    plz = csv_list(tmp_path, "plz.csv", PLZ, "plz,ags,ort")
    report = await imported(
        catalog, hessen_directory(tmp_path), genericode(tmp_path, "new.xml", HESSEN_NEW), postcodes=[plz]
    )
    async with catalog.snapshot() as snapshot:
        assert await areas_of_postcode(snapshot, "63450") == ["06412", HANAU, WETZLAR]
        assert await areas_of_postcode(snapshot, "99999") == []
        found = await postcodes_of(snapshot, [HANAU_OLD, HANAU, AreaKey("06")])
    assert found == {HANAU_OLD: ["63450"], HANAU: ["63450"], "06": []}
    assert report.notices == ("plz.csv: 1 keys are in no list and were left out (06999001).",)


async def test_postcodes_may_come_before_the_areas_and_by_regional_key(
    catalog: Database, tmp_path: Path
) -> None:
    plz = csv_list(tmp_path, "plz.csv", [("35578", "065320023023")], "plz,ars")
    assert (await imported(catalog, postcodes=[plz])).postcodes.added == 0
    assert (await imported(catalog, hessen_directory(tmp_path))).postcodes.added == 1


async def test_a_later_list_of_postcodes_replaces_what_was_said_of_a_place(
    catalog: Database, tmp_path: Path
) -> None:
    first = csv_list(tmp_path, "a.csv", [("35576", "06532023"), ("63450", "06435014")], "plz,ags")
    second = csv_list(tmp_path, "b.csv", [("35578", "06532023")], "plz,ags")
    await imported(catalog, hessen_directory(tmp_path), postcodes=[first])
    await imported(catalog, postcodes=[second])
    async with catalog.snapshot() as snapshot:
        assert await postcodes_of(snapshot, [WETZLAR, HANAU_OLD]) == {
            WETZLAR: ["35578"],
            HANAU_OLD: ["63450"],
        }


async def test_a_key_older_than_all_lists_is_placed_by_name_in_its_district_only(
    catalog: Database, tmp_path: Path
) -> None:
    rows = [
        ("35576", "06532099", "Wetzlar"),
        ("36396", "06532098", "Steinau an der Straße"),
        ("63451", "06499000", "Wetzlar"),
    ]
    plz = csv_list(tmp_path, "plz.csv", rows, "plz,ags,ort")
    report = await imported(catalog, hessen_directory(tmp_path), postcodes=[plz])
    async with catalog.snapshot() as snapshot:
        assert await areas_of_postcode(snapshot, "35576") == [WETZLAR]
        assert await areas_of_postcode(snapshot, "63451") == [WETZLAR]  # was a district of its own
        assert await areas_of_postcode(snapshot, "36396") == []
    assert [notice.partition(":")[2][:9] for notice in report.notices] == [" 2 keys a", " 1 keys a"]


async def test_germany_is_known_before_any_list(catalog: Database) -> None:
    assert await catalog.read(known_area_keys) == {GERMANY}
    assert (await area_map(catalog)).known(GERMANY)


async def test_an_area_keeps_the_names_that_it_had_and_until_when(catalog: Database, tmp_path: Path) -> None:
    steinau = AreaKey("064350028028")
    await imported(catalog, genericode(tmp_path, "new.xml", HESSEN_NEW), changes=[changes(tmp_path)])
    areas = await area_map(catalog)
    found, hanau = areas.get(steinau), areas.get(HANAU)
    assert found
    assert hanau
    assert (found.name, found.earlier_names) == ("Steinau an der Straße", (("2026-04-29", "Steinau"),))
    assert hanau.earlier_names == ()
    on_last, on_first = found.on(date(2026, 4, 29)), found.on(date(2026, 4, 30))
    assert on_last
    assert on_first
    assert (on_last.name, on_first.name) == ("Steinau", "Steinau an der Straße")
    assert hanau.on(date(2026, 4, 29)) is None


async def test_a_name_that_stays_is_no_renaming(catalog: Database, tmp_path: Path) -> None:
    await imported(catalog, csv_list(tmp_path, "a_2020-01-01.csv", HESSEN_OLD))
    await imported(catalog, csv_list(tmp_path, "b_2021-01-01.csv", HESSEN_OLD))
    areas = await area_map(catalog)
    assert all(row.earlier_names == () for key in areas.keys() if (row := areas.get(key)))  # noqa: SIM118 - no mapping
