"""Tiny official files: each maker writes one into a folder and gives its path."""

import gzip
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from catalog_sync.areas.importing import AreaReport, import_areas
from catalog_sync.areas.recognition import read_sources
from catalog_sync.catalog.areas import AreaMap, load_area_map
from hub.database import Database

TODAY = "2026-06-01"
PART = "Stadt-/Ortsteil bzw. Stadtbezirk"
Rows = Sequence[tuple[str, ...]]

HESSEN_OLD = (
    ("064120000000", "Frankfurt am Main, Stadt"),
    ("064350014014", "Hanau, Brüder-Grimm-Stadt"),
    ("064350028028", "Steinau an der Straße"),
    ("065320023023", "Wetzlar, Stadt"),
)
HESSEN_NEW = (
    ("064120000000", "Frankfurt am Main, Stadt"),
    ("064150000000", "Hanau, Brüder-Grimm-Stadt"),
    ("064350028028", "Steinau an der Straße"),
    ("065320023023", "Wetzlar, Stadt"),
)


def csv_list(folder: Path, name: str, rows: Rows, header: str = "ars,name,note") -> Path:
    width = header.count(",") + 1
    lines = [",".join(f'"{cell}"' for cell in (*row, *[""] * (width - len(row)))) for row in rows]
    return _written(folder, name, "\n".join([header, *lines]) + "\n")


def genericode(
    folder: Path,
    name: str,
    rows: Rows,
    *,
    version: str = "2026-04-30",
    valid_from: str = "2026-04-01",
    doctype: str = "",
) -> Path:
    values = "".join(
        f"""
    <Row>
      <Value ColumnRef="SCHLUESSEL"><SimpleValue>{row[0]}</SimpleValue></Value>
      <Value ColumnRef="Bezeichnung"><SimpleValue>{row[1]}</SimpleValue></Value>
      <Value ColumnRef="Hinweis">{f"<SimpleValue>{row[2]}</SimpleValue>" if len(row) > 2 else ""}</Value>
    </Row>"""
        for row in rows
    )
    return _written(
        folder,
        name,
        f"""<?xml version="1.0" encoding="UTF-8"?>{doctype}
<gc:CodeList xmlns:gc="http://docs.oasis-open.org/codelist/ns/genericode/1.0/" xmlns:x="http://xoev.de/schemata/genericode/4">
  <Annotation><Description><x:validFrom>{valid_from}</x:validFrom></Description></Annotation>
  <Identification><ShortName>rs</ShortName><Version>{version}</Version></Identification>
  <ColumnSet>
    <Column Id="SCHLUESSEL" Use="required"/><Column Id="Bezeichnung" Use="required"/><Column Id="Hinweis" Use="optional"/>
    <Key Id="SCHLUESSELKey"><ColumnRef Ref="SCHLUESSEL"/></Key>
  </ColumnSet>
  <SimpleCodeList>{values}
  </SimpleCodeList>
</gc:CodeList>
""",
    )


def record(
    kind: str, digits: str, name: str, *, day: str = "20231130", people: str = "", seat: str = ""
) -> str:
    """One record of GV100AD; digits in the ARS's order."""
    municipality, association = digits[9:12], digits[5:9]
    key = f"{digits[:5]:<5}{municipality:<3}{association:<4}"
    return f"{kind}{day}{key}{name:<50}{'':<67}{people:>11}{'':<15}{seat:<5}".ljust(220)


def gv100ad(folder: Path, name: str, records: Sequence[str], encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes("\n".join(records).encode(encoding) + b"\n")
    return path


def hessen_directory(folder: Path, name: str = "GV100AD.txt", encoding: str = "utf-8") -> Path:
    return gv100ad(
        folder,
        name,
        [
            record("10", "06", "Hessen"),
            record("20", "064", "Reg.-Bez. Darmstadt"),
            record("20", "065", "Reg.-Bez. Gießen"),
            record("30", "0641", "Planungsregion"),
            record("40", "06412", "Frankfurt am Main, Stadt"),
            record("50", "064120000", "Frankfurt am Main, Stadt"),
            record("60", "064120000000", "Frankfurt am Main, Stadt", people="00000773068", seat="60311"),
            record("40", "06435", "Main-Kinzig-Kreis"),
            record("50", "064350014", "Hanau, Brüder-Grimm-Stadt"),
            record("60", "064350014014", "Hanau, Brüder-Grimm-Stadt", people="00000101364", seat="63450"),
            record("50", "064350028", "Steinau an der Straße"),
            record("60", "064350028028", "Steinau an der Straße", people="00000010237", seat="36396"),
            record("40", "06532", "Lahn-Dill-Kreis"),
            record("50", "065320023", "Wetzlar, Stadt"),
            record("60", "065320023023", "Wetzlar, Stadt", people="00000054187", seat="35578"),
        ],
        encoding,
    )


def gzipped(path: Path) -> Path:
    packed = path.with_name(path.name + ".gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    return packed


def _written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


async def imported(
    database: Database,
    *lists: Path,
    postcodes: Sequence[Path] = (),
    changes: Sequence[Path] = (),
    as_of: str | None = None,
) -> AreaReport:
    """Import as the command does."""
    sources = read_sources(lists, postcodes=postcodes, changes=changes, as_of=as_of, today=TODAY)
    return await database.write(partial(import_areas, sources=sources))


async def area_map(database: Database) -> AreaMap:
    async with database.snapshot() as snapshot:
        return await load_area_map(snapshot)
