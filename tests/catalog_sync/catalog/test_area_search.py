"""Places as people write them: kinds, short names, what is around, postcodes with names, mistakes, old names."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_sync.catalog.area_query import read_area_query
from catalog_sync.catalog.areas import AreaMap
from catalog_sync.catalog.keys import AreaKey, AreaLevel
from tests.catalog_sync.catalog.test_areas import CITY, row

AREAS = AreaMap(
    [
        row("11", "Berlin", people=3700000, levels=(AreaLevel.STATE, *CITY)),
        row("110000010010", "Mitte", part=True),
        row("14", "Sachsen", people=4000000),
        row("14625", "Bautzen", people=300000),
        row("146250020020", "Bautzen / Budyšin, Stadt / město", people=38000),
        row("01", "Schleswig-Holstein", people=2900000),
        row("05", "Nordrhein-Westfalen", people=17900000),
        row("010540168168", "Sylt", people=13000),
        row("010540149149", "Wenningstedt-Braderup (Sylt)", people=1400),
        row("06", "Hessen", people=6391360),
        row("06631", "Fulda", people=226000),
        row("066310009009", "Fulda, Stadt", people=70000),
        row("06434", "Hochtaunuskreis", people=236000),
        row("064340001001", "Bad Homburg v. d. Höhe, Stadt", people=54000),
        row("083260052052", "St. Georgen im Schwarzwald, Stadt", people=13000),
        row("05562", "Recklinghausen", people=615000),
        row("055620004004", "Castrop-Rauxel, Stadt", people=73000),
        row("09162", "München, Landeshauptstadt", people=1500000, levels=CITY),
        row("091840001001", "Mittenwald, M", people=7000),
        row("064350014014", "Hanau", people=90000, until="2025-12-31", successors=("06415",)),
        row("06415", "Hanau, Brüder-Grimm-Stadt", people=98000, levels=CITY),
        row("065340001001", "Altdorf", until="2019-12-31", successors=("065340014014",)),
        row("065340014014", "Lahntal", people=7000),
        row("065320023023", "Wetzlar, Stadt", people=54187),
        row("065320021021", "Solms, Stadt", people=13000),
    ],
    {"35578": [AreaKey("065320023023")], "35606": [AreaKey("065320021021"), AreaKey("065320023023")]},
)


def found(query: str) -> Sequence[str]:
    """The names found, in order."""
    return [area.name for area in AREAS.search(query)]


FIRST = {
    "Kreis Fulda": "Fulda",
    "Landkreis Fulda": "Fulda",
    "Lkr. Fulda": "Fulda",
    "Stadt Fulda": "Fulda, Stadt",
    "Fulda": "Fulda, Stadt",
    "Berlin Mitte": "Mitte",
    "Berlin-Mitte": "Mitte",
    "Mitte": "Mitte",
    "Bautzen": "Bautzen / Budyšin, Stadt / město",
    "Budyšin": "Bautzen / Budyšin, Stadt / město",
    "Landkreis Bautzen": "Bautzen",
    "Sylt": "Sylt",
    "NRW": "Nordrhein-Westfalen",
    "Nordrhein Westfalen": "Nordrhein-Westfalen",
    "Bad Homburg vdH": "Bad Homburg v. d. Höhe, Stadt",
    "Sankt Georgen": "St. Georgen im Schwarzwald, Stadt",
    "St Georgen i. Schw.": "St. Georgen im Schwarzwald, Stadt",
    "castrop rauxel": "Castrop-Rauxel, Stadt",
    "Munich": "München, Landeshauptstadt",
    "Müncen": "München, Landeshauptstadt",
    "Muenchen": "München, Landeshauptstadt",
    "Wezlar": "Wetzlar, Stadt",
    "35578 Wetzlar": "Wetzlar, Stadt",
    "Wetzlar, D-35578": "Wetzlar, Stadt",
    "D-35606": "Solms, Stadt",
    "35606 wetzlar": "Wetzlar, Stadt",
    "Hanau": "Hanau, Brüder-Grimm-Stadt",
    "Altdorf": "Lahntal",
}


@pytest.mark.parametrize("query", FIRST)
def test_the_place_that_is_meant_comes_first(query: str) -> None:
    assert found(query)[0] == FIRST[query]


def test_what_became_of_a_place_stands_before_it() -> None:
    assert found("Altdorf") == ["Lahntal", "Altdorf"]


def test_a_postcode_that_is_not_the_name_s_own_gives_way_to_the_name() -> None:
    assert found("35578 Solms") == ["Solms, Stadt"]
    assert found("99999") == []
    assert found("99999 Solms") == ["Solms, Stadt"]


def test_an_exact_name_is_never_corrected_and_a_far_one_is_not_found() -> None:
    assert found("Sylt")[0] == "Sylt"
    assert found("Xyzzytal") == []
    assert found("Syl x") == []


def test_a_part_is_behind_towns_of_the_same_beginning_only_where_its_name_is_longer() -> None:
    assert found("Mitt")[0] == "Mittenwald, M"


@given(st.text(max_size=200))
def test_any_text_is_read_and_found_or_not(text: str) -> None:
    asked = read_area_query(text)
    assert len(asked.words) <= 40
    assert isinstance(found(text), list)
