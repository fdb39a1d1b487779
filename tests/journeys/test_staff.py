"""A source's staff in a real browser: their account, runs, a dry run, a confirmation, a revert."""

import json
import os
import re
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.test_citizen import Citizen, citizen
from tests.makers import Name, message, service

__all__ = ["citizen"]

pytestmark = [pytest.mark.chromium, pytest.mark.xdist_group("demonstration")]

AGENCY = "L100777"
MARCH, APRIL, MAY = "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z"


def says(folder: Path, *arguments: str) -> str:
    """An operator's command beside the running hub."""
    command = [sys.executable, "-m", "hub", *arguments]
    done = subprocess.run(
        command, env={**os.environ, "HUB_DATA_DIR": str(folder)}, capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def written(folder: Path, name: str, number: int, at: str) -> Path:
    objects = [
        service(Name(AGENCY, f"p{one}"), "99777001012000", title=f"Probe {one}") for one in range(number)
    ]
    bad = service(Name(AGENCY, "kaputt"), "99-nonsense")
    path = folder / name
    path.write_bytes(message(created=at, writes=[*objects, bad]))
    return path


def delivered(folder: Path, source: str, path: Path) -> dict[str, Any]:
    told = says(folder, "sync", "import", "--source", source, "--snapshot", "--json", str(path))
    report: dict[str, Any] = json.loads(told)
    return report


def _logs_in(citizen: Citizen) -> str:
    """Logs in with the strongest means; gives the account's id."""
    citizen.opens(f"{citizen.demonstration.hub}/account/data")
    citizen.presses("Bürgerkonto (Demo)")
    name, means = citizen.person.name, citizen.person.means
    citizen.page.get_by_role("button", name=re.compile(f"{name}.*{means}", re.DOTALL)).click()
    citizen.heading("Meine Daten")
    citizen.picture("account-data")
    row = citizen.page.locator(".kern-description-list-item", has_text="Kennung Ihres Kontos")
    return row.locator("dd").inner_text()


def _tries_a_file(citizen: Citizen, path: Path) -> None:
    citizen.page.get_by_label("XZuFi-Datei").set_input_files(path)
    citizen.page.get_by_label("Der ganze Bestand").check()
    citizen.presses("Probelauf starten")
    citizen.heading("Probelauf vom")
    citizen.sees("Gelöscht (20)")
    citizen.picture("staff-dry-run")
    citizen.follows("Alle Läufe")


def _confirms(citizen: Citizen) -> None:
    citizen.sees("Ein Lauf wartet auf Ihre Freigabe")
    citizen.picture("staff-source")
    citizen.follows("Qualität")
    citizen.sees("Textmodule fehlen (60)")
    citizen.picture("staff-quality")
    citizen.follows("Alle Läufe")
    citizen.follows("Ansehen und entscheiden")
    citizen.sees("30 von 60 Leistungsbeschreibungen")
    citizen.picture("staff-confirm")
    citizen.presses("Jetzt löschen")
    citizen.heading("Gesamtlieferung vom")
    citizen.sees("Abgelehnt (1)")
    citizen.picture("staff-run")
    citizen.follows("Gelöscht (30)")
    expect(citizen.page.get_by_role("row")).to_have_count(31)


def _reverts(citizen: Citizen) -> None:
    citizen.follows("Lauf zurücknehmen")
    citizen.heading("Lauf zurücknehmen?")
    citizen.picture("staff-revert")
    citizen.presses("Jetzt zurücknehmen")
    citizen.heading("Rücknahme vom")
    citizen.sees("Neu (30)")


DOCUMENTS = (
    "<p>Bringen Sie bitte mit: Ihren bisherigen Ausweis, {} und {}. Wenn Sie nicht selbst kommen können, braucht die "
    "Person, die Sie vertritt, eine Vollmacht von Ihnen und ihren eigenen Ausweis. Kinder unter 16 Jahren kommen mit einer "
    "sorgeberechtigten Person. Bei getrennt lebenden Eltern ist die Zustimmung beider Eltern nötig.</p>"
)


def changed(folder: Path, name: str, at: str, *, new: bool) -> Path:
    """A delivery in which an office has worked at one description."""
    words = ("ein digitales Foto", "Ihre Geburtsurkunde") if new else ("ein Passfoto", "Ihre Geburtsurkunde")
    description = service(
        Name(AGENCY, "p1"),
        "99777001012000",
        title="Personalausweis beantragen" if new else "Personalausweis",
        modules={"08": DOCUMENTS.format(*words), **({"05": "In sechs Wochen ist er da."} if new else {})},
        fees=["39.00" if new else "37.00"],
        keywords=[] if new else ["Perso"],
    )
    strange = [service(Name("L100778", "fremd")), service(Name(AGENCY, "weit"), areas=["14"])]
    path = folder / name
    path.write_bytes(message(created=at, writes=[description, *strange]))
    return path


def _looks_at_a_difference(citizen: Citizen, source: str, run: str) -> None:
    citizen.opens(f"{citizen.demonstration.hub}/quellen/{source}/laeufe/{run}")
    citizen.sees("gehört der Redaktion L100778. Diese Quelle liefert für L100777.")
    citizen.picture("staff-reasons")
    _fits(citizen)
    citizen.follows("Geändert (1)")
    citizen.follows("Was sich geändert hat")
    citizen.heading("Was sich geändert hat")
    row = citizen.page.get_by_role("row", name="Erforderliche Unterlagen")
    expect(row.locator("del")).to_have_text("Passfoto")
    expect(row.locator("ins")).to_have_text("digitales Foto")
    citizen.picture("staff-difference")
    _fits(citizen)
    citizen.follows("Zurück zum Lauf")


def _watches_a_run(citizen: Citizen, folder: Path, source: str) -> None:
    """A run that goes on, as the journal tells of it."""
    run = f"run-of-{source}"
    with sqlite3.connect(folder / "operations.db") as journal:
        journal.execute(
            "INSERT INTO sync_run (id, source, mode, dry_run, state, created_at, added, changed, unchanged, gone, waiting, "
            "rejected, refused, notices, confirmed) VALUES (?, ?, 'snapshot', 0, 'working', ?, 0, 0, 0, 0, 0, 0, '[]', '[]', 0)",
            (run, source, int((time.time() - 95) * 1e6)),
        )
        held = (f"of:{run}", run, run, "write", 6200, 10_000)
        journal.execute(
            "INSERT INTO sync_lease (source, run, holder, beat_at, step, done, total) VALUES (?, ?, ?, 0, ?, ?, ?)",
            held,
        )
    citizen.opens(f"{citizen.demonstration.hub}/quellen/{source}/laeufe/{run}")
    citizen.sees("Die Objekte werden verglichen und geschrieben: 62 %")
    citizen.picture("staff-progress")
    _fits(citizen)
    with sqlite3.connect(folder / "operations.db") as journal:
        journal.execute("DELETE FROM sync_lease WHERE run = ?", (run,))
        journal.execute("DELETE FROM sync_run WHERE id = ?", (run,))
    journal.close()


def _fits(citizen: Citizen) -> None:
    """Nothing stands out of the window at its side."""
    wide: list[int] = citizen.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide[0] <= wide[1], wide


def test_staff_sees_confirms_and_takes_back(citizen: Citizen, folder: Path, tmp_path: Path) -> None:
    source = f"probe-{citizen.person.means.lower()[:5].strip('-')}"
    says(folder, "sources", "add", source, "--name", "Probe", "--agency", AGENCY, "--areas", "06")
    first = delivered(folder, source, written(tmp_path, "maerz.xml", 60, MARCH))
    second = delivered(folder, source, written(tmp_path, "april.xml", 30, APRIL))
    assert (first["counts"]["added"], second["state"]) == (60, "to_confirm")

    account = _logs_in(citizen)
    citizen.opens(f"{citizen.demonstration.hub}/quellen/{source}")
    citizen.heading("nicht freigeschaltet")
    citizen.picture("staff-forbidden")
    citizen.complaints.clear()  # a browser complains about each 403
    says(folder, "sources", "grant", source, account)
    citizen.opens(f"{citizen.demonstration.hub}/account")
    citizen.follows(f"Quelle {source}")
    _tries_a_file(citizen, written(tmp_path, "mai.xml", 40, MAY))
    _confirms(citizen)
    _reverts(citizen)
    runs = []
    for name, at, new in (
        ("vorher.xml", "2026-06-01T00:00:00Z", False),
        ("nachher.xml", "2026-07-01T00:00:00Z", True),
    ):
        path = changed(tmp_path, name, at, new=new)
        runs.append(
            json.loads(says(folder, "sync", "import", "--source", source, "--json", str(path)))["run"]
        )
    _looks_at_a_difference(citizen, source, runs[-1])
    _watches_a_run(citizen, folder, source)
    citizen.opens(f"{citizen.demonstration.hub}/quellen/{source}")
    citizen.sees("Stand der Daten:")
    citizen.picture("staff-source-later")
    _fits(citizen)
    for run in (*runs, first["run"]):
        says(folder, "sync", "revert", run)
    assert citizen.complaints == []
