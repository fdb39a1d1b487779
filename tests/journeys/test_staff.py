"""A source's staff in a real browser: their account, runs, a dry run, a confirmation, a revert."""

import json
import os
import re
import subprocess
import sys
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
    says(folder, "sync", "revert", first["run"])
    assert citizen.complaints == []
