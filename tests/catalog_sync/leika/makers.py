"""Tiny tables of the catalogue."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

SERVICES = "leika_key,name,typisierung,ozg_id,ozg_leistung,legal_basis,laws,law_shortcuts"
BUNDLES = "id,ozg_id,name,lage_id,lage,themenfeld"
SITUATIONS = "id,themenfeld_id,themenfeld,name"
PASSPORT = ("99008001012000", "Personalausweis Ausstellung", "2/3", "10096", "Ausweis", "§ 1 PAuswG", "", "")
TRADE = ("99050012104000", "Gewerbe Anmeldung", "1;2/3", "10200", "Gewerbe", "", "", "")
DOG = ("99102013104000", "Hundesteuer Anmeldung", "", "", "", "", "", "")


def table(folder: Path, name: str, header: str, *rows: Sequence[str]) -> Path:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header.split(","))
    writer.writerows(rows)
    path = folder / name
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def catalogue(folder: Path) -> list[Path]:
    return [
        table(folder, "services.csv", SERVICES, PASSPORT, TRADE, DOG),
        table(
            folder,
            "bundles.csv",
            BUNDLES,
            ("1", "10096", "Ausweisdokumente", "10", "Reise", "Mobilität & Reisen"),
            ("2", "10300", "Ohne Lage", "", "", ""),
        ),
        table(folder, "situations.csv", SITUATIONS, ("10", "9", "Mobilität & Reisen", "Auslandsaufenthalt")),
    ]
