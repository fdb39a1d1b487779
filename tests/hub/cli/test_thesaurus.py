"""The thesaurus as files: taken in, given out, checked against the catalogue; and who may change it."""

import json
import secrets
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine

from catalog_sync.leika.importing import import_services
from catalog_sync.leika.reading import read_catalogue
from catalog_sync.search.indexing import reindex_all
from hub.cli.thesaurus import thesaurus
from identity.keys import ensure_keys
from tests.catalogues import BUNDLES, SERVICES
from tests.hub.cli.test_sources_staff import account
from tests.hub.cli.test_sync import ready

__all__ = ["ready"]

HEADER = "word;language;relation;means;note\n"
TWO = HEADER + "Pappe;de;use;Führerschein | Fahrerlaubnis;\nPerso;de;same;Personalausweis;kurz\n"


def say(*arguments: object) -> Result:
    return CliRunner().invoke(thesaurus, [*map(str, arguments)])


def written(folder: Path, text: str, name: str = "own.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def report(result: Result) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def test_an_import_of_the_export_changes_nothing(ready: Path) -> None:
    first = report(say("import", written(ready, TWO), "--json"))
    assert first == {
        "origin": "local",
        "dryRun": False,
        "added": 2,
        "changed": 0,
        "unchanged": 0,
        "removed": 0,
    }
    exported = ready / "out.csv"
    assert say("export", exported).exit_code == 0
    assert exported.read_text(encoding="utf-8") == TWO
    again = report(say("import", exported, "--replace", "--json"))
    assert (again["unchanged"], again["added"], again["changed"], again["removed"]) == (2, 0, 0, 0)
    assert say("export").stdout == TWO
    assert say("export", "--language", "en").stdout == HEADER
    assert say("export", "--origin", "stadt").stdout == HEADER


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + TWO,
        TWO.replace(";", ","),
        TWO.replace("\n", "\r\n"),
        TWO.replace(";note", "").replace(";kurz", "").replace(";\n", "\n"),
    ],
)
def test_files_come_as_programs_save_them(ready: Path, text: str) -> None:
    assert report(say("import", written(ready, text), "--json"))["added"] == 2


def test_a_dry_run_keeps_nothing_and_replacing_removes_what_no_file_has(ready: Path) -> None:
    both, one = (
        written(ready, TWO),
        written(ready, HEADER + "Perso;de;same;Personalausweis;kurz\n", "one.csv"),
    )
    assert "nothing was kept" in say("import", both, "--dry-run").stdout
    assert say("export").stdout == HEADER
    say("import", both)
    assert report(say("import", one, "--json"))["removed"] == 0
    assert report(say("import", one, "--replace", "--dry-run", "--json"))["removed"] == 1
    assert say("export").stdout == TWO
    say("import", one, "--replace", "--origin", "stadt")
    assert say("export").stdout == TWO
    assert say("import", one, "--replace").stdout == "local: 0 added, 0 changed, 1 unchanged, 1 removed.\n"
    assert "Pappe" not in say("export").stdout


FAULTS = {
    ";de;use;Ausweis;": "no-word",
    "Perso;D E;use;Ausweis;": "bad-language",
    "Perso;de;is;Ausweis;": "bad-relation",
    "Perso;de;use;;": "no-means",
    "Perso;de;none;Ausweis;": "none-means-nothing",
    "Perso;de;use;perso;": "circle",
    "Perso;de;use;Ausweis | AUSWEIS;": "twice",
    "Perso;de;use;a | b | c | d | e | f | g;": "too-many",
    f"{'x' * 121};de;use;Ausweis;": "too-long",
    f"Perso;de;use;{'x' * 201};": "too-long",
    "Per\u200bso;de;use;Ausweis;": "unprintable",
    "Pappe;de;use;Führerschein;\nPAPPE;de;use;Pappe alt;": "duplicate",
}


@pytest.mark.parametrize(("line", "rule"), FAULTS.items(), ids=range(len(FAULTS)))
def test_what_is_wrong_is_told_and_nothing_is_taken(ready: Path, line: str, rule: str) -> None:
    path = written(ready, HEADER + "Alles;en;use;Gut;\n" + line + "\n")
    result = say("import", path)
    number = 2 + line.count("\n") + 1
    assert (result.exit_code, f"own.csv, line {number}: {rule}: " in result.stderr) == (2, True)
    told = CliRunner(catch_exceptions=False).invoke(thesaurus, ["import", str(path), "--json"])
    assert [one["rule"] for one in json.loads(told.stdout)["faults"]] == [rule]
    assert say("export").stdout == HEADER


def test_files_and_origins_that_cannot_be_are_refused(ready: Path) -> None:
    assert "its header is" in say("import", written(ready, "a;b\n1;2\n")).stderr
    path = written(ready, TWO)
    for origin in ("verbundhub", "", "a b", "x" * 61):
        assert say("import", path, "--origin", origin).exit_code == 2
    assert say("export").stdout == HEADER


@pytest.fixture
def catalogue(ready: Path) -> Path:
    """With the services Personalausweis, Gewerbe and Wohnsitz."""
    found = read_catalogue([written(ready, SERVICES, "s.csv"), written(ready, BUNDLES, "b.csv")])
    engine = create_engine(f"sqlite:///{ready / 'catalog.db'}")
    with engine.begin() as connection:
        import_services(connection, found)
        reindex_all(connection)
    engine.dispose()
    return ready


def test_a_check_finds_what_leads_nowhere(catalogue: Path) -> None:
    lines = [
        "Perso;de;use;Personalausweis;",
        "Pappe;de;use;Fahrerlaubnis | Wohnsitz;",
        "Mond;de;use;Raumfahrt;",
        "Huhn;de;use;Ei Wohnsitz;",
        "Ei Wohnsitz;de;use;Huhn;",
        "wir;de;use;Wohnsitz;",
        "Gewerbe Anmeldung;de;use;Gewerbe;",
        "Perso;de;related;Personalausweis;",
        "Ausgeschaltet;de;none;;",
    ]
    path = written(catalogue, HEADER + "\n".join(lines) + "\n")
    result = say("check", path, "--json")
    found = {(one["word"], one["rule"]) for one in json.loads(result.stdout)}
    assert found == {
        ("Pappe", "unknown-meaning"),
        ("Mond", "unknown-meaning"),
        ("Mond", "leads-nowhere"),
        ("Huhn", "circle"),
        ("Ei Wohnsitz", "circle"),
        ("Ei Wohnsitz", "unknown-meaning"),
        ("Ei Wohnsitz", "leads-nowhere"),
        ("wir", "stop-words-only"),
        ("Gewerbe Anmeldung", "is-title"),
        ("Perso", "duplicate"),
    }
    assert result.exit_code == 1
    assert "own.csv, line 4: Mond (de): leads-nowhere: " in say("check", path).stdout


def test_a_check_without_files_looks_at_what_is_there(catalogue: Path) -> None:
    say("import", written(catalogue, HEADER + "Perso;de;use;Personalausweis;\n"))
    assert (say("check").exit_code, json.loads(say("check", "--json").stdout)) == (0, [])
    say("import", written(catalogue, HEADER + "Mond;de;use;Raumfahrt;\n"), "--origin", "stadt")
    assert "stadt: Mond (de): leads-nowhere: " in say("check").stdout


def test_an_editor_is_let_in_listed_and_shut_out(ready: Path) -> None:
    ensure_keys(ready, secrets.token_bytes)
    erika, grants = account(ready), partial(say, "grants")
    assert "Nobody may change the thesaurus yet" in grants().stdout
    assert say("grant", erika).stdout == f"{erika} may change the thesaurus now.\n"
    assert say("grant", erika).stdout == f"{erika} may change the thesaurus already.\n"
    (listed,) = json.loads(grants("--json").stdout)
    assert (listed["account_id"], listed["name"]) == (erika, "Erika")
    assert listed["origin"].startswith("editor-")
    assert erika not in listed["origin"]
    assert grants().stdout == f"{erika}  {listed['origin']}  Erika\n"
    assert say("withdraw", erika).exit_code == 0
    assert say("withdraw", erika).exit_code == 2
    assert json.loads(grants("--json").stdout) == []
    assert "There is no account 'nobody'" in say("grant", "nobody").stderr
