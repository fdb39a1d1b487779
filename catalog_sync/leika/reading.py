"""Reading the catalogue's tables; each is recognised by its header, and any order will do."""

from collections.abc import Callable, Sequence
from pathlib import Path

from catalog_sync.catalog.keys import parse_leika_key
from catalog_sync.errors import BadLeikaKey
from catalog_sync.leika.listed import Catalogue, ListedService, ListedSituation
from catalog_sync.official_files import OfficialFile, Table, TableRow, opened

_MAX_ID_LENGTH = 20
_FORMS = (
    "services (leika_key,name,typisierung,ozg_id,ozg_leistung,legal_basis), "
    "bundles (ozg_id,name,lage_id,lage,themenfeld) and situations (id,themenfeld,name)"
)


def read_catalogue(paths: Sequence[Path]) -> Catalogue:
    """Read all files of one import.

    Raises:
        FileRefused: for the first that is none of these tables or has a wrong row, naming the line.
    """
    catalogue = Catalogue()
    for path in paths:
        with opened(path) as file:
            _read(file, catalogue)
    return catalogue


_AddRow = Callable[[OfficialFile, Catalogue, TableRow], None]


def _read(file: OfficialFile, catalogue: Catalogue) -> None:
    table = file.table()
    add = _kind(table)
    if add is None:
        found = ", ".join(table.header[:8])[:120]
        raise file.refused(
            f"it is no table of the catalogue: its header is “{found}”. Known are {_FORMS}.", 1
        )
    count = 0
    for row in table:
        add(file, catalogue, row)
        count += 1
    if not count:
        catalogue.notices.append(f"{file.name}: it has a header and no row.")


def _kind(table: Table) -> _AddRow | None:
    header = set(table.header)
    if {"leika_key", "name"} <= header:
        return _add_service
    if {"ozg_id", "name"} <= header:
        return _add_bundle
    if {"id", "name", "themenfeld"} <= header:
        return _add_situation
    if header == {"id", "name"}:
        return _pass_over
    return None


def _pass_over(file: OfficialFile, catalogue: Catalogue, row: TableRow) -> None:
    """A table of policy fields says nothing that situations do not say by name."""


def _add_service(file: OfficialFile, catalogue: Catalogue, row: TableRow) -> None:
    cells = row.cells
    try:
        key = parse_leika_key(cells["leika_key"])
    except BadLeikaKey as error:
        raise file.refused(error.sentence, row.line) from error
    bundle = cells.get("ozg_id", "")
    service = ListedService(
        key,
        _filled(file, row, "name"),
        tuple(code for part in cells.get("typisierung", "").split(";") if (code := part.strip())),
        _id(file, row, "ozg_id") if bundle else None,
        cells.get("legal_basis") or None,
    )
    if catalogue.services.setdefault(key, service) != service:
        raise file.refused(f"{key} was there before with other values.", row.line)
    if bundle:
        catalogue.named_in_passing.setdefault(bundle, cells.get("ozg_leistung") or f"OZG {bundle}")


def _add_bundle(file: OfficialFile, catalogue: Catalogue, row: TableRow) -> None:
    bundle, name = _id(file, row, "ozg_id"), _filled(file, row, "name")
    if catalogue.bundles.setdefault(bundle, name) != name:
        raise file.refused(f"the bundle {bundle} was there before with another name.", row.line)
    if "lage_id" not in row.cells:
        return
    of_bundle = catalogue.situations_of_bundle.setdefault(bundle, set())
    if row.cells["lage_id"]:
        situation = _id(file, row, "lage_id")
        of_bundle.add(situation)
        name = row.cells.get("lage") or f"Lage {situation}"
        listed = ListedSituation(situation, name, row.cells.get("themenfeld") or None)
        catalogue.situations_in_passing.setdefault(situation, listed)


def _add_situation(file: OfficialFile, catalogue: Catalogue, row: TableRow) -> None:
    key = _id(file, row, "id")
    listed = ListedSituation(key, _filled(file, row, "name"), row.cells["themenfeld"] or None)
    if catalogue.situations.setdefault(key, listed) != listed:
        raise file.refused(f"the situation {key} was there before with other values.", row.line)


def _filled(file: OfficialFile, row: TableRow, column: str) -> str:
    if not row.cells[column]:
        raise file.refused(f"{column} is empty.", row.line)
    return row.cells[column]


def _id(file: OfficialFile, row: TableRow, column: str) -> str:
    text = _filled(file, row, column)
    if len(text) > _MAX_ID_LENGTH or " " in text or not text.isprintable():
        raise file.refused(
            f"“{text[:40]}” is no {column}: it has no blanks and at most {_MAX_ID_LENGTH} characters.",
            row.line,
        )
    return text
