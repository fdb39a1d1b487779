from collections.abc import Sequence
from functools import partial
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select

from catalog_sync.catalog.tables import bundle_situation, leika_service, life_situation, ozg_bundle, state
from catalog_sync.leika.importing import ServiceReport, import_services
from catalog_sync.leika.reading import read_catalogue
from catalog_sync.official_files import FileRefused
from hub.database import Database
from tests.catalog_sync.areas.makers import gzipped
from tests.catalog_sync.leika.makers import (
    BUNDLES,
    DOG,
    PASSPORT,
    SERVICES,
    SITUATIONS,
    TRADE,
    catalogue,
    table,
)
from tests.conftest import Databases


@pytest.fixture
def catalog(sqlite_databases: Databases) -> Database:
    return sqlite_databases.catalog


async def imported(database: Database, paths: Sequence[Path]) -> ServiceReport:
    return await database.write(partial(import_services, catalogue=read_catalogue(paths)))


async def rows(database: Database, which: Table) -> list[tuple[Any, ...]]:
    return await database.read(lambda connection: sorted(map(tuple, connection.execute(select(which)))))


async def everything(database: Database) -> list[list[tuple[Any, ...]]]:
    return [
        await rows(database, which) for which in (leika_service, ozg_bundle, life_situation, bundle_situation)
    ]


async def test_services_bundles_and_situations_rest_in_the_catalogue(
    databases: Databases, tmp_path: Path
) -> None:
    report = await imported(databases.catalog, catalogue(tmp_path))
    assert (report.services.added, report.bundles.added, report.situations.added) == (3, 3, 1)
    assert await everything(databases.catalog) == [
        [
            ("99008001012000", "Personalausweis Ausstellung", '["2/3"]', "10096", "§ 1 PAuswG"),
            ("99050012104000", "Gewerbe Anmeldung", '["1","2/3"]', "10200", None),
            ("99102013104000", "Hundesteuer Anmeldung", "[]", None, None),
        ],
        [("10096", "Ausweisdokumente"), ("10200", "Gewerbe"), ("10300", "Ohne Lage")],
        [("10", "Auslandsaufenthalt", "Mobilität & Reisen")],
        [("10096", "10")],
    ]
    again = await imported(databases.catalog, catalogue(tmp_path))
    assert (again.changed, again.services.unchanged, again.bundles.unchanged) == (False, 3, 2)
    assert [tuple(row)[:3] for row in await rows(databases.catalog, state)] == [(1, 1, 0)]


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("at_once", [True, False])
async def test_any_order_gives_the_same(
    catalog: Database, tmp_path: Path, order: tuple[int, ...], at_once: bool
) -> None:
    paths = [catalogue(tmp_path)[place] for place in order]
    for part in [paths] if at_once else [[path] for path in paths]:
        await imported(catalog, part)
    _, bundles, situations, links = await everything(catalog)
    assert bundles == [("10096", "Ausweisdokumente"), ("10200", "Gewerbe"), ("10300", "Ohne Lage")]
    assert (situations, links) == ([("10", "Auslandsaufenthalt", "Mobilität & Reisen")], [("10096", "10")])


async def test_a_newer_catalogue_changes_and_adds_and_deletes_nothing(
    catalog: Database, tmp_path: Path
) -> None:
    await imported(catalog, catalogue(tmp_path))
    renamed = ("99050012104000", "Gewerbe anmelden", "2", "", "", "", "", "")
    moved = ("1", "10096", "Ausweisdokumente", "11", "Umzug", "Bauen & Wohnen")
    report = await imported(
        catalog, [table(tmp_path, "s.csv", SERVICES, renamed, DOG), table(tmp_path, "b.csv", BUNDLES, moved)]
    )
    assert (report.services.added, report.services.changed, report.services.unchanged) == (0, 1, 1)
    services, _, situations, links = await everything(catalog)
    assert [service[1] for service in services] == [PASSPORT[1], "Gewerbe anmelden", DOG[1]]
    assert situations[1] == ("11", "Umzug", "Bauen & Wohnen")
    assert links == [("10096", "11")]


async def test_gzipped_tables_and_a_table_of_policy_fields_are_taken(
    catalog: Database, tmp_path: Path
) -> None:
    fields = table(tmp_path, "f.csv", "id,name", ("1", "Arbeit & Ruhestand"))
    packed = gzipped(table(tmp_path, "s.csv", SERVICES, PASSPORT, ("9905 0012 1040 00", *TRADE[1:])))
    assert (await imported(catalog, [fields, packed])).services.added == 2


@pytest.mark.parametrize(
    ("header", "row", "sentence"),
    [
        (SERVICES, ("9900800101200", *PASSPORT[1:]), "line 3: “9900800101200” is no service key (LeiKa)"),
        (SERVICES, ("88008001012000", *PASSPORT[1:]), "line 3: “88008001012000” is no service key"),
        (SERVICES, (PASSPORT[0], "", *PASSPORT[2:]), "line 3: name is empty"),
        (SERVICES, (*PASSPORT[:3], "1 2", *PASSPORT[4:]), "line 3: “1 2” is no ozg_id"),
        (
            SERVICES,
            (TRADE[0], "Anders", *TRADE[2:]),
            "line 3: 99050012104000 was there before with other values",
        ),
        (BUNDLES, ("1", "", "Name", "1", "Lage", "Feld"), "line 3: ozg_id is empty"),
        (SITUATIONS, ("", "1", "Feld", "Name"), "line 3: id is empty"),
        ("code,label,evidence_count", ("1", "x", "2"), "line 1: it is no table of the catalogue"),
    ],
)
async def test_a_wrong_row_is_named_and_nothing_is_taken(
    catalog: Database, tmp_path: Path, header: str, row: tuple[str, ...], sentence: str
) -> None:
    good = {SERVICES: TRADE, BUNDLES: ("1", "10", "Gut", "", "", ""), SITUATIONS: ("1", "1", "Feld", "Gut")}
    wrong = table(tmp_path, "wrong.csv", header, good.get(header, row), row)
    with pytest.raises(FileRefused) as caught:
        await imported(catalog, [*catalogue(tmp_path), wrong])
    assert caught.value.sentence.startswith("wrong.csv, ")
    assert sentence in caught.value.sentence
    assert await everything(catalog) == [[], [], [], []]


@pytest.mark.shared
async def test_the_catalogue_of_2019(catalog: Database, shared: Path) -> None:
    paths = [shared / "ozg" / name for name in ("leika_leistungen.csv", "ozg_leistungen.csv", "lagen.csv")]
    report = await imported(catalog, paths)
    assert (report.services.added, report.bundles.added, report.situations.added) == (4813, 557, 58)
    assert not (await imported(catalog, paths)).changed
