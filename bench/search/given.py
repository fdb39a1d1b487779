"""What the judged run needs from outside the repository: queries, their scorer, the catalogue they were judged over."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.servers import ROOT

VARIABLE = "HUB_BENCH_DATA"
BESIDE = ROOT.parent / "shared" / "data"
_CATALOGUE = ("leika_leistungen.csv", "ozg_leistungen.csv", "lagen.csv")


class MissingDataError(Exception):
    """The folder lacks something; the sentence says what."""


@dataclass(frozen=True, slots=True)
class Given:
    """A folder with ``search/`` (queries*.jsonl, score.py) and ``ozg/`` (the tables of LeiKa).

    Attributes:
        queries: files of judged queries.
        scorer: the program that judges.
        catalogue: tables of services, bundles and situations.
    """

    queries: Sequence[Path]
    scorer: Path
    catalogue: Sequence[Path]

    @property
    def services(self) -> Path:
        """The table of services."""
        return self.catalogue[0]


def given(folder: Path | None, environ: Mapping[str, str] = os.environ) -> Given:
    """The judged set in a folder, in the one that HUB_BENCH_DATA names, or beside the repository.

    Raises:
        MissingDataError: where there is none, or a part of it is missing.
    """
    place = folder or (Path(environ[VARIABLE]) if VARIABLE in environ else BESIDE)
    if not place.is_dir():
        raise MissingDataError(
            f"There is no folder {place}. Name the one with the judged queries by --data or {VARIABLE}."
        )
    queries = sorted((place / "search").glob("queries*.jsonl"))
    scorer = place / "search" / "score.py"
    catalogue = [place / "ozg" / name for name in _CATALOGUE]
    missing = [str(path) for path in (scorer, *catalogue) if not path.is_file()]
    if not queries:
        missing.insert(0, str(place / "search" / "queries*.jsonl"))
    if missing:
        raise MissingDataError(f"Missing: {', '.join(missing)}.")
    return Given(queries, scorer, catalogue)


def texts(queries: Path) -> dict[str, str]:
    """The queries by their names, and nothing of what was judged."""
    lines = queries.read_text(encoding="utf-8").splitlines()
    return {one["id"]: one["query"] for one in map(json.loads, filter(str.strip, lines))}


def judged(scorer: Path, queries: Path, found: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What the scorer says of the services found for each query."""
    with TemporaryDirectory(prefix="verbundhub-judged-") as folder:
        results = Path(folder) / "results.jsonl"
        lines = (json.dumps({"id": name, "keys": list(keys)}) for name, keys in found.items())
        results.write_text("\n".join(lines) + "\n", encoding="utf-8")
        command = [sys.executable, str(scorer), str(queries), str(results), "--json"]
        told = subprocess.run(command, capture_output=True, text=True, check=True)
    report: dict[str, Any] = json.loads(told.stdout)
    return report
