"""Which format a file of areas has, and which date its list holds at. Reads files only; the database comes later."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from catalog_sync.areas.changes import read_changes
from catalog_sync.areas.csv_list import read_csv_list
from catalog_sync.areas.genericode import looks_like_xml, read_genericode
from catalog_sync.areas.gv100ad import looks_like_gv100ad, read_gv100ad
from catalog_sync.areas.listed import AreaList, PostcodeList, days_in
from catalog_sync.areas.postcode_list import read_postcodes
from catalog_sync.official_files import OfficialFile, opened


@dataclass(frozen=True, slots=True)
class Sources:
    """All that one import was given, read and checked; nothing of it is in the database yet."""

    lists: tuple[AreaList, ...] = ()
    postcodes: tuple[PostcodeList, ...] = ()


def read_sources(
    lists: Sequence[Path],
    *,
    postcodes: Sequence[Path] = (),
    changes: Sequence[Path] = (),
    as_of: str | None = None,
    today: str,
) -> Sources:
    """Read all files of an import.

    Args:
        lists: lists of areas, in any order.
        postcodes: lists of postcodes; of two that name one municipality the later one goes first.
        changes: lists of changes.
        as_of: the day (ISO) at which lists hold that name none themselves.
        today: the day of the import (ISO); lists without any date count as of it, and retire nothing.

    Raises:
        FileRefused: for the first file that is wrong, naming its line.
    """
    return Sources(
        lists=(
            *(_read_list(path, as_of, today) for path in lists),
            *(part for path in changes for part in _read_changes(path, as_of or today)),
        ),
        postcodes=tuple(_read_postcodes(path) for path in postcodes),
    )


def _read_list(path: Path, as_of: str | None, today: str) -> AreaList:
    with opened(path) as file:
        found = _read(file)
    named = days_in(path.name)
    day = found.as_of or (named[-1] if named else as_of or "")
    return msgspec.structs.replace(found, as_of=day or today, dated=bool(day))


def _read(file: OfficialFile) -> AreaList:
    beginning = file.beginning()
    if looks_like_xml(beginning):
        return read_genericode(file)
    if looks_like_gv100ad(beginning):
        return read_gv100ad(file)
    return read_csv_list(file)


def _read_changes(path: Path, default_day: str) -> tuple[AreaList, ...]:
    with opened(path) as file:
        return read_changes(file, default_day)


def _read_postcodes(path: Path) -> PostcodeList:
    with opened(path) as file:
        return read_postcodes(file)
