"""Invented districts and municipalities under real states; neighbours share a postcode."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.data.tiers import STATES, Tier

AS_OF = "2026-04-30"
_FIRST = [
    "Alten",
    "Neuen",
    "Ober",
    "Unter",
    "Groß",
    "Klein",
    "Wald",
    "Berg",
    "See",
    "Hohen",
    "Nieder",
    "Burg",
]
_LAST = ["stadt", "dorf", "heim", "hausen", "feld", "brück", "furt", "kirchen", "rode", "au"]


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality; its district's ARS is `district`."""

    ars: str
    district: str
    name: str
    postcode: str


def municipalities(tier: Tier, state: str) -> Iterator[Municipality]:
    """All of a state, district by district."""
    neighbours = max(2, -(-tier.municipalities // 10))
    for district in range(tier.districts):
        key = f"{state}{1 + district % 3}{51 + district}"
        for number in range(tier.municipalities):
            ars = f"{key}{number + 1:04}{number + 1:03}"
            name = f"{_FIRST[district % len(_FIRST)]}{_LAST[number % len(_LAST)]}"
            # Neighbours share a postcode, so that one postcode names several places.
            postcode = f"{state[:2]}{district:02}{number // neighbours}"
            yield Municipality(
                ars, key.ljust(12, "0"), f"{name} {STATE_NAMES[state][:2]}{district}", postcode
            )


STATE_NAMES = {key: name for key, name, _ in STATES}


def files_in(folder: Path) -> tuple[Path, Path]:
    """The list of areas and the list of postcodes."""
    return folder / f"areas_{AS_OF}.csv", folder / "postcodes.csv"


def write_places(folder: Path, tier: Tier) -> tuple[Path, Path]:
    """Write the list of areas and the list of postcodes."""
    areas, postcodes = files_in(folder)
    with areas.open("w", encoding="utf-8") as area_file, postcodes.open("w", encoding="utf-8") as codes_file:
        area_file.write("ars,name\n")
        codes_file.write("plz,ars,ort\n")
        for state, state_name, _ in STATES:
            area_file.write(f"{state},{state_name}\n")
            district = ""
            for place in municipalities(tier, state):
                if place.district != district:
                    district = place.district
                    area_file.write(f"{district},Landkreis {place.name}\n")
                area_file.write(f"{place.ars},{place.name}\n")
                codes_file.write(f"{place.postcode},{place.ars},{place.name}\n")
    return areas, postcodes
