"""One import of areas: keep the lists, work out all areas anew, write what differs. One transaction, at the edge."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection

from catalog_sync.areas.deriving import Derived, derive
from catalog_sync.areas.kept import keep, kept
from catalog_sync.areas.listed import AreaList
from catalog_sync.areas.placing import place
from catalog_sync.areas.recognition import Sources
from catalog_sync.areas.rows import AGS_LENGTH
from catalog_sync.areas.storing import Changes, store_areas, store_postcodes, store_successors
from catalog_sync.catalog.keys import AreaLevel
from catalog_sync.catalog.position import raise_position
from catalog_sync.catalog.steady import disturb_all
from catalog_sync.official_files import FileRefused

_HALF = 0.5


@dataclass(frozen=True, slots=True)
class AreaReport:
    """What an import did; `current` counts areas by level (Hamburg counts in three of them), parts apart."""

    areas: Changes
    postcodes: Changes
    successors: Changes
    current: dict[str, int]
    parts: int
    historic: int
    notices: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The report for programs."""
        return asdict(self)


def import_areas(connection: Connection, sources: Sources) -> AreaReport:
    """Take in what `read_sources` read.

    Raises:
        FileRefused: for a list of AGS most of which no list of regional keys knows.
    """
    keep(connection, sources.lists, sources.postcodes)
    everything = kept(connection)
    derived = derive(everything.lists)
    _check_resolved(sources, everything.lists)
    placed = place(everything.postcodes, derived)
    areas = store_areas(connection, derived)
    successors = store_successors(connection, derived)
    postcodes = store_postcodes(connection, placed.places)
    if areas.any or successors.any or postcodes.any:
        raise_position(connection, areas=True)
        disturb_all(connection)
    notices = (*_undated(sources), *derived.notices, *placed.notices)
    return AreaReport(areas, postcodes, successors, **_counts(derived), notices=notices)


def _check_resolved(sources: Sources, lists: list[AreaList]) -> None:
    known = {_ags(row.digits) for one in lists for row in one.rows if len(row.digits) != AGS_LENGTH}
    for one in sources.lists:
        unknown = [
            row.digits
            for row in one.rows
            if len(row.digits) == AGS_LENGTH and row.digits not in known and not row.digits.endswith("000")
        ]
        if len(unknown) > _HALF * len(one.rows):
            raise FileRefused(
                one.name,
                "it has municipality keys (AGS, 8 digits), which do not tell the association. Import a list of "
                "regional keys (ARS, 12 digits) before it or together with it.",
            )


def _ags(digits: str) -> str:
    return digits[:5] + digits[9:]


def _undated(sources: Sources) -> list[str]:
    return [
        f"{one.name}: no date in it or in its name, and no --as-of: it counts as of {one.as_of} and ends no area."
        for one in sources.lists
        if not one.dated
    ]


def _counts(derived: Derived) -> dict[str, Any]:
    current = [area for area in derived.areas.values() if area.valid_until is None and not area.part]
    return {
        "current": {level.name: sum(level in area.levels for area in current) for level in AreaLevel},
        "parts": sum(area.part and area.valid_until is None for area in derived.areas.values()),
        "historic": sum(area.valid_until is not None for area in derived.areas.values()),
    }
