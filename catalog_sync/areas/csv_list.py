"""Lists of areas as a table with a header: ``ars,name`` or, for one level, ``key2``, ``key3``, ``key5``, ``key9``."""

from dataclasses import dataclass

from catalog_sync.areas.listed import AreaList
from catalog_sync.areas.rows import AGS_LENGTH, Rows, checked_digits, is_part, level_of_digits
from catalog_sync.catalog.keys import ARS_LENGTH, AreaLevel
from catalog_sync.official_files import OfficialFile, Table, TableRow


@dataclass(frozen=True, slots=True)
class _Shape:
    column: str
    lengths: tuple[int, ...]
    level: AreaLevel | None  # None: each key's length says it


_SHAPES = (  # the first that a header has
    _Shape("ars", (2, 3, 5, 9, ARS_LENGTH), None),
    _Shape("key9", (9,), AreaLevel.ASSOCIATION),
    _Shape("key5", (5,), AreaLevel.DISTRICT),
    _Shape("key3", (3,), AreaLevel.REGION),
    _Shape("key2", (2,), AreaLevel.STATE),
    _Shape("ags", (AGS_LENGTH,), None),
)
_FORMS = "ars,name (or key2, key3, key5, key9 or ags instead of ars)"


def read_csv_list(file: OfficialFile) -> AreaList:
    """Read a table of areas; columns that are not known are passed over, and its date is empty.

    Raises:
        FileRefused: when the header is none of the known, or a row is wrong.
    """
    table = file.table()
    shape = _shape(file, table)
    rows = Rows(file.refused)
    for row in table:
        _add(file, rows, shape, row)
    return AreaList(name=file.name, as_of="", rows=rows.done("areas"))


def _shape(file: OfficialFile, table: Table) -> _Shape:
    shape = next((shape for shape in _SHAPES if shape.column in table.header), None)
    if shape is None or "name" not in table.header:
        found = ", ".join(table.header[:8])[:120]
        raise file.refused(f"it is no list of areas: its first line is “{found}”; expected is {_FORMS}.", 1)
    return shape


def _add(file: OfficialFile, rows: Rows, shape: _Shape, row: TableRow) -> None:
    cells = row.cells
    try:
        digits = checked_digits(cells[shape.column], shape.lengths)
    except ValueError as error:
        raise file.refused(str(error), row.line) from error
    rows.add(
        row.line,
        digits,
        cells["name"],
        shape.level or level_of_digits(digits),
        part=is_part(cells.get("note") or cells.get("hinweis") or ""),
        population=cells.get("population", ""),
        seat_postcode=cells.get("seat_postcode", ""),
    )
