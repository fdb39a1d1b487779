from datetime import date
from pathlib import Path

import pytest

from catalog_sync.catalog.areas import AreaMap, AreaMaps, AreaRow
from catalog_sync.catalog.keys import AreaKey, AreaLevel, ars_of, code_of, level_of
from tests.catalog_sync.areas.makers import HESSEN_NEW, csv_list, hessen_directory, imported
from tests.conftest import Databases

TOWN = (AreaLevel.MUNICIPALITY,)
CITY = (AreaLevel.DISTRICT, AreaLevel.MUNICIPALITY)


def row(
    key: str,
    name: str,
    *,
    people: int | None = None,
    levels: tuple[AreaLevel, ...] = (),
    until: str | None = None,
    since: str | None = None,
    part: bool = False,
    successors: tuple[str, ...] = (),
) -> AreaRow:
    area = AreaKey(key)
    return AreaRow(
        key=area,
        code=code_of(area),
        ars=ars_of(area),
        name=name,
        level=level_of(area),
        levels=levels or (level_of(area),),
        valid_from=since,
        valid_until=until,
        part=part,
        population=people,
        successors=tuple(AreaKey(successor) for successor in successors),
    )


AREAS = AreaMap(
    [
        row("06", "Hessen", people=6391360),
        row("06412", "Frankfurt am Main, Stadt", people=773068, levels=CITY),
        row("12053", "Frankfurt (Oder), Stadt", people=57015, levels=CITY),
        row("065320023", "Wetzlar, Stadt", people=54187),
        row("065320023023", "Wetzlar, Stadt", people=54187),
        row("06611", "Kassel, documenta-Stadt", people=204687, levels=CITY),
        row("06633", "Kassel", people=240000),
        row("05315", "Köln, Stadt", people=1084831, levels=CITY),
        row("064350028028", "Steinau an der Straße", people=10237),
        row("064360001001", "Bad Soden am Taunus, Stadt", people=23000),
        row("073160000", "Neustadt an der Weinstraße, Stadt", people=53000, levels=CITY),
        row("021030105105", "Neustadt, OT 105", part=True),
        row("065340001001", "Neustadt, alte Stadt", until="2019-12-31", successors=("065340014014",)),
        row("065340014014", "Mitte am Berg", since="2020-01-01", people=3000),
    ],
    {"35578": [AreaKey("065320023023"), AreaKey("06412")]},
)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("Frankfurt", ["Frankfurt am Main, Stadt", "Frankfurt (Oder), Stadt"]),
        ("frankfurt oder", ["Frankfurt (Oder), Stadt"]),
        ("Wetzlar", ["Wetzlar, Stadt"]),
        ("kassel", ["Kassel, documenta-Stadt", "Kassel"]),
        ("Köln", ["Köln, Stadt"]),
        ("KOELN", ["Köln, Stadt"]),
        ("koln", ["Köln, Stadt"]),
        ("strasse", ["Steinau an der Straße"]),
        ("Straße", ["Steinau an der Straße"]),
        ("soden", ["Bad Soden am Taunus, Stadt"]),
        ("taunus bad", ["Bad Soden am Taunus, Stadt"]),
        (
            "Neust",
            [
                "Neustadt an der Weinstraße, Stadt",
                "Neustadt, OT 105",
                "Mitte am Berg",
                "Neustadt, alte Stadt",
            ],
        ),
        ("Atlantis", []),
        ("", []),
        (" ,;", []),
        ("06", ["Hessen"]),
        ("065320023023", ["Wetzlar, Stadt"]),
        ("065 320 023 023", ["Wetzlar, Stadt"]),
        ("06532023", ["Wetzlar, Stadt"]),
        ("35578", ["Wetzlar, Stadt", "Frankfurt am Main, Stadt"]),
        ("99999", []),
        ("000", ["Deutschland"]),
    ],
)
def test_search_finds_by_name_postcode_and_key_best_first(query: str, names: list[str]) -> None:
    assert [found.name for found in AREAS.search(query)] == names


def test_an_association_that_only_repeats_its_municipality_is_got_but_not_found() -> None:
    assert AREAS.get(AreaKey("065320023"))
    assert [found.key for found in AREAS.search("Wetzlar")] == ["065320023023"]


def test_unknown_keys_are_unknown_and_gone_ones_known() -> None:
    assert AREAS.known(AreaKey("065340001001"))
    assert not AREAS.known(AreaKey("06999"))
    assert AREAS.get(AreaKey("06999")) is None


def test_a_key_that_is_gone_leads_to_what_it_became_from_the_day_after() -> None:
    old = AreaKey("065340001001")
    assert [found.key for found in AREAS.resolve_current(old, date(2019, 12, 31))] == [old]
    assert [found.key for found in AREAS.resolve_current(old, date(2020, 1, 1))] == ["065340014014"]


def test_successors_that_lead_in_a_circle_end() -> None:
    circle = AreaMap(
        [
            row("065340001001", "A", until="2019-12-31", successors=("065340002002",)),
            row("065340002002", "B", until="2019-12-31", successors=("065340001001",)),
        ]
    )
    assert circle.resolve_current(AreaKey("065340001001"), date(2026, 1, 1)) == []


def test_validity_is_by_day_and_open_ends_are_open() -> None:
    old, new = AREAS.get(AreaKey("065340001001")), AREAS.get(AreaKey("065340014014"))
    assert old
    assert new
    assert old.valid_on(date(1900, 1, 1))
    assert old.valid_on(date(2019, 12, 31))
    assert not old.valid_on(date(2020, 1, 1))
    assert not new.valid_on(date(2019, 12, 31))
    assert new.valid_on(date(2100, 1, 1))


async def test_the_map_is_loaded_again_only_after_a_change(databases: Databases, tmp_path: Path) -> None:
    maps = AreaMaps()
    async with databases.catalog.snapshot() as snapshot:
        empty = await maps.current(snapshot)
    assert len(empty) == 1
    await imported(databases.catalog, hessen_directory(tmp_path))
    async with databases.catalog.snapshot() as snapshot:
        first = await maps.current(snapshot)
        assert await maps.current(snapshot) is first
    assert len(first) == 13
    await imported(databases.catalog, hessen_directory(tmp_path, "again.txt"))
    async with databases.catalog.snapshot() as snapshot:
        assert await maps.current(snapshot) is first
    await imported(databases.catalog, csv_list(tmp_path, "n_2026-01-01.csv", HESSEN_NEW))
    async with databases.catalog.snapshot() as snapshot:
        assert (await maps.current(snapshot)).known(AreaKey("06415"))
