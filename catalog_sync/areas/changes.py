"""Lists of changes between two dates: ``change,ars,old_name,new_name`` with removed, added and renamed."""

from catalog_sync.areas.listed import AreaList, day_before, days_in
from catalog_sync.areas.rows import Rows, checked_digits
from catalog_sync.catalog.keys import ARS_LENGTH, AreaLevel
from catalog_sync.official_files import OfficialFile, Table, TableRow

_HEADER = ("change", "ars", "old_name", "new_name")
_CHANGES = ("removed", "added", "renamed")


class _Changes:
    """What was before, what is after, and which keys came and went."""

    def __init__(self, file: OfficialFile) -> None:
        self.file = file
        self.before = Rows(file.refused)
        self.after = Rows(file.refused)
        self.keys: dict[str, set[str]] = {change: set() for change in _CHANGES}

    def add(self, row: TableRow) -> None:
        change = row.cells["change"].lower()
        if change not in _CHANGES:
            raise self.file.refused(f"“{change}” is no change; these are {', '.join(_CHANGES)}.", row.line)
        try:
            ars = checked_digits(row.cells["ars"], (ARS_LENGTH,))
        except ValueError as error:
            raise self.file.refused(str(error), row.line) from error
        self.keys[change].add(ars)
        if change != "added":
            self.before.add(row.line, ars, row.cells["old_name"], AreaLevel.MUNICIPALITY)
        if change != "removed":
            self.after.add(row.line, ars, row.cells["new_name"], AreaLevel.MUNICIPALITY)


def read_changes(file: OfficialFile, default_day: str) -> tuple[AreaList, ...]:
    """Read the changes as two incomplete lists: what was before, and what has been since.

    Args:
        file: its name may hold both days (``..._2023-11-30_to_2026-04-30.csv``) or the later one.
        default_day: the day from which they hold where the name has none.

    Raises:
        FileRefused: when the header is another or a row is wrong.
    """
    table = file.table()
    _check_header(file, table)
    changes = _Changes(file)
    for row in table:
        changes.add(row)
    days = sorted(days_in(file.name)) or [default_day]
    since = days[-1]
    until = days[0] if len(days) > 1 else day_before(since)
    before = AreaList(file.name, until, changes.before.listed(), complete=False)
    after = AreaList(
        file.name,
        since,
        changes.after.listed(),
        complete=False,
        added=frozenset(changes.keys["added"]),
        gone=frozenset(changes.keys["removed"]),
    )
    if not (before.rows or after.rows):
        raise file.refused("it has no row of changes.")
    return before, after


def _check_header(file: OfficialFile, table: Table) -> None:
    if missing := [name for name in _HEADER if name not in table.header]:
        raise file.refused(
            f"it is no list of changes: column {missing[0]} of {','.join(_HEADER)} is missing.", 1
        )
