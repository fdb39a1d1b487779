"""How many people a service concerns, by its OZG bundle: it orders suggestions, and hits that are equal otherwise."""

import csv
from functools import cache
from importlib.resources import files

from catalog_sync.search import lexicon


def reach(bundle: str | None) -> int:
    """The order of magnitude of cases a year in Germany: 7 is some ten million; 0 where nobody knows."""
    return _magnitudes().get(bundle or "", 0)


@cache
def _magnitudes() -> dict[str, int]:
    text = (files(lexicon) / "reach.csv").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return {row["ozg_id"]: int(row["magnitude"]) for row in csv.DictReader(lines, delimiter=";")}
