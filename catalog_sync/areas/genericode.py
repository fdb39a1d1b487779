"""Genericode 1.0: code lists of XRepository, such as the Regionalschlüssel and the Gemeindeschlüssel (OASIS)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from catalog_sync.areas.listed import AreaList, days_in
from catalog_sync.areas.rows import Rows, checked_digits, is_part, level_of_digits
from catalog_sync.official_files import OfficialFile

_NAME_COLUMNS = ("bezeichnung", "name", "gemeindename")
_NOTE_COLUMNS = ("hinweis", "note")
_MAX_ELEMENTS = 1_500_000  # the list of 2026 has 80,000
_HEAD_SAYS = ("Version", "validFrom", "CanonicalVersionUri")  # where the date is, best first


@dataclass
class _Head:
    columns: list[str] = field(default_factory=list)
    key: str = ""
    said: dict[str, str] = field(default_factory=dict)

    @property
    def date(self) -> str:
        days = [day for where in _HEAD_SAYS for day in days_in(self.said.get(where, ""))]
        return days[0] if days else ""

    def column(self, names: tuple[str, ...]) -> str:
        return next((column for column in self.columns if column.lower() in names), "")


def looks_like_xml(beginning: bytes) -> bool:
    """Whether a file's first bytes are XML."""
    return beginning.lstrip().startswith(b"<")


def read_genericode(file: OfficialFile) -> AreaList:
    """Read a code list of areas, row by row; the date is empty where it names none.

    Raises:
        FileRefused: when it is no genericode, has a document type, or a row is wrong.
    """
    head = _Head()
    rows = Rows(file.refused)
    for element in _elements(file):
        if _local(element) == "Row":
            _add(file, rows, head, element)
        else:
            _note(head, element)
    return AreaList(name=file.name, as_of=head.date, rows=rows.done("areas"))


def _elements(file: OfficialFile) -> Iterator[etree._Element]:
    """The finished elements that matter; each row is dropped after it was read, so memory stays flat."""
    parse = etree.iterparse(
        file.stream, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False
    )
    root: etree._Element | None = None
    try:
        for count, (event, element) in enumerate(parse):
            if count > 2 * _MAX_ELEMENTS:
                raise file.refused(f"it has more than {_MAX_ELEMENTS} elements; no code list has.")
            if root is None:
                root = element
                _check_root(file, root)
            if event == "end" and isinstance(element.tag, str):
                yield element
                if _local(element) == "Row":
                    _drop(element)
    except etree.XMLSyntaxError as error:
        raise file.refused(f"it is no well-formed XML ({error.msg}).", error.lineno) from error


def _check_root(file: OfficialFile, root: etree._Element) -> None:
    if root.getroottree().docinfo.doctype:
        raise file.refused("it has a document type (DOCTYPE). A code list has none; it is not read.", 1)
    if _local(root) != "CodeList":
        raise file.refused(f"its root is {_local(root)}; a genericode list of areas has CodeList.", 1)


def _drop(row: etree._Element) -> None:
    parent = row.getparent()
    row.clear()
    if parent is not None:
        parent.remove(row)


def _note(head: _Head, element: etree._Element) -> None:
    name = _local(element)
    if name == "Column":
        head.columns.append(element.get("Id", ""))
    elif name == "ColumnRef" and not head.key:
        head.key = element.get("Ref", "")
    elif name in _HEAD_SAYS:
        head.said.setdefault(name, (element.text or "").strip())


def _add(file: OfficialFile, rows: Rows, head: _Head, row: etree._Element) -> None:
    values = {value.get("ColumnRef", ""): _text(value) for value in row}
    line = _line(row)
    name = head.column(_NAME_COLUMNS)
    if not head.key or not name:
        raise file.refused(
            f"its columns are {', '.join(head.columns)}; areas have a key and Bezeichnung.", line
        )
    try:
        digits = checked_digits(values.get(head.key, ""))
    except ValueError as error:
        raise file.refused(str(error), line) from error
    part = is_part(values.get(head.column(_NOTE_COLUMNS), ""))
    rows.add(line, digits, values.get(name, ""), level_of_digits(digits), part=part)


def _text(value: etree._Element) -> str:
    return "".join(str(text) for text in value.itertext()).strip()


def _line(element: etree._Element) -> int:
    return int(element.sourceline or 0)


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]  # an undeclared prefix stays in it, and is no known name
