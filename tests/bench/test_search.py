"""The judged run over a tiny set that is made up here: every engine is asked and handed to the set's own scorer."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bench.search.__main__ import main
from bench.search.given import MissingDataError, given
from bench.search.judging import HUB, run
from bench.search.timing import Times

SERVICES = """leika_key,name,typisierung,ozg_id,ozg_leistung,legal_basis,laws,law_shortcuts
99008001012000,Personalausweis Ausstellung,2/3,10119,Personalausweis,,,
99102014042000,Hundesteuer Anmeldung,4,10200,Hundesteuer,,,
99050012104000,Gewerbe Anmeldung,2,10513,Gewerbeanmeldung,§ 14 GewO,GewO,GewO
"""
BUNDLES = """ozg_id,name,lage_id,lage,themenfeld
10119,Personalausweis,57,Ausweise,Querschnitt
10200,Hundesteuer,40,Tierhaltung,Umwelt
10513,Gewerbeanmeldung,20,Unternehmensstart,Unternehmen
"""
SITUATIONS = """id,themenfeld,name
57,Querschnitt,Ausweise
"""
QUERIES = {
    "q1": ("Gewerbeschein", "everyday", {"99050012104000": 3}),
    "q2": ("Hundesteuer", "official", {"99102014042000": 3}),
    "q3": ("Raumfahrt", "none", {}),
}
SCORER = """
import json, sys
queries, results = ([json.loads(line) for line in open(name)] for name in sys.argv[1:3])
keys = {row["id"]: row["keys"] for row in results}
def row(some):
    hit = sum(bool(set(keys[q["id"]][:1]) & set(q["judgments"])) for q in some) / len(some)
    names = ("ndcg@10", "success@1", "success@3", "mrr@10", "exact@1", "exact@3")
    return {"n": len(some), **dict.fromkeys(names, hit), "zero": sum(not keys[q["id"]] for q in some) / len(some)}
right = [q for q in queries if q["judgments"]]
none = [q for q in queries if not q["judgments"]]
false = sum(bool(keys[q["id"]]) for q in none) / len(none)
kinds = {q["kind"]: row([q]) for q in right}
print(json.dumps({"overall": row(right), "kinds": kinds, "none": {"n": len(none), "false_answer_rate": false}}))
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    lines = (
        json.dumps({"id": name, "query": words, "lang": "de", "kind": kind, "judgments": right})
        for name, (words, kind, right) in QUERIES.items()
    )
    files = {
        "ozg/leika_leistungen.csv": SERVICES,
        "ozg/ozg_leistungen.csv": BUNDLES,
        "ozg/lagen.csv": SITUATIONS,
        "search/queries_tiny.jsonl": "\n".join(lines),
        "search/score.py": SCORER,
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


@pytest.mark.postgres
def test_every_engine_is_asked_the_same_and_judged_by_the_set_s_scorer(data: Path) -> None:
    found = given(data)
    engines, notes = run(found, found.queries[0])
    hub, *others = engines
    assert hub == HUB
    assert engines[HUB]["overall"]["success@1"] == 1
    assert engines[HUB]["none"]["false_answer_rate"] == 0
    assert {name.split(",")[0] for name in others} == {
        "SQLite FTS5",
        "PostgreSQL trigrams",
        "PostgreSQL german",
    }
    assert all(engines[name]["kinds"]["official"]["success@1"] == 1 for name in others)
    assert all(engines[name]["kinds"]["everyday"]["success@1"] < 1 for name in others if "all words" in name)
    assert any("the same ranks" in note for note in notes)


def test_the_command_prints_the_tables_and_keeps_them(data: Path, tmp_path: Path) -> None:
    kept = tmp_path / "result.json"
    told = CliRunner().invoke(main, ["--data", str(data), "--no-postgresql", "--json", str(kept)])
    assert told.exit_code == 0, told.output
    assert "queries_tiny.jsonl" in told.output
    assert "everyday" in told.output
    assert HUB in json.loads(kept.read_text(encoding="utf-8"))["queries_tiny.jsonl"]["engines"]


def test_what_is_missing_is_named(data: Path, tmp_path: Path) -> None:
    (data / "search" / "score.py").unlink()
    (data / "ozg" / "lagen.csv").unlink()
    told = CliRunner().invoke(main, ["--data", str(data)])
    assert told.exit_code == 64
    assert "score.py" in told.output
    assert "lagen.csv" in told.output
    assert "leika_leistungen.csv" not in told.output
    with pytest.raises(MissingDataError, match="no-such"):
        given(None, {"HUB_BENCH_DATA": str(tmp_path / "no-such")})


def test_p50_and_p95_are_of_all_times() -> None:
    times = Times(seconds=[number / 1000 for number in range(100, 0, -1)])
    assert times.milliseconds(0.5) == 51
    assert times.milliseconds(0.95) == 96
    assert Times().milliseconds(0.5) == 0
