"""The services as a plain engine gets them: key, name, the bundle's name, and what the law says."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Listed(NamedTuple):
    """One service of the table."""

    key: str
    name: str
    bundle: str
    law: str


def listed_services(table: Path) -> Iterator[Listed]:
    """The rows of LeiKa's table of services."""
    with table.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            law = " ".join(row.get(name) or "" for name in ("legal_basis", "law_shortcuts")).strip()
            yield Listed(row["leika_key"], row["name"], row.get("ozg_leistung") or "", law)
