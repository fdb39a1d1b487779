"""Lists of postcodes: a table with ``plz`` and ``ags`` or ``ars``, and a place's name (``ort``) where it has one."""

import re

from catalog_sync.areas.listed import ListedPostcode, PostcodeList
from catalog_sync.areas.rows import AGS_LENGTH, checked_digits
from catalog_sync.catalog.keys import ARS_LENGTH
from catalog_sync.official_files import OfficialFile

_POSTCODE_COLUMNS = ("plz", "postleitzahl", "postcode")
_PLACE_COLUMNS = ("ort", "place", "name")
_POSTCODE = re.compile(r"[0-9]{5}")


def read_postcodes(file: OfficialFile) -> PostcodeList:
    """Read which postcodes are used in which municipality.

    Raises:
        FileRefused: when a column is missing or a row is wrong.
    """
    table = file.table()
    postcode = _column(table.header, _POSTCODE_COLUMNS)
    key = _column(table.header, ("ars", "ags"))
    place = _column(table.header, _PLACE_COLUMNS)
    if not postcode or not key:
        raise file.refused("it is no list of postcodes: its header has to name plz and ags (or ars).", 1)
    length = ARS_LENGTH if key == "ars" else AGS_LENGTH
    rows: dict[ListedPostcode, None] = {}
    for row in table:
        if _POSTCODE.fullmatch(row.cells[postcode]) is None:
            raise file.refused(f"“{row.cells[postcode][:40]}” is no postcode: it has five digits.", row.line)
        try:
            digits = checked_digits(row.cells[key], (length,))
        except ValueError as error:
            raise file.refused(str(error), row.line) from error
        rows[ListedPostcode(row.cells[postcode], digits, row.cells.get(place) or None)] = None
    if not rows:
        raise file.refused("it has no row of postcodes.")
    return PostcodeList(file.name, tuple(rows))


def _column(header: list[str], names: tuple[str, ...]) -> str:
    return next((name for name in names if name in header), "")
