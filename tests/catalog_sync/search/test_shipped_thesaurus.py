"""The thesaurus that is shipped: well-formed, in order, and each entry there once."""

import csv
from collections import Counter
from importlib.resources import files

import pytest

FOLDER = files("catalog_sync.search.lexicon") / "thesaurus"
NAMES = sorted(entry.name for entry in FOLDER.iterdir() if entry.name.endswith(".csv"))
COLUMNS = ["word", "language", "relation", "means", "note"]
RELATIONS = {"same", "use", "related"}
MOST_MEANS = 6


def rows(name: str) -> list[list[str]]:
    text = (FOLDER / name).read_text(encoding="utf-8")
    return list(csv.reader(text.splitlines(), delimiter=";", strict=True))


def entries(name: str) -> list[dict[str, str]]:
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows(name)[1:]]


def wrong(entry: dict[str, str]) -> list[str]:
    """What is wrong with one entry, by column."""
    phrases = entry["means"].split(" | ")
    checks = {
        "blanks": all(value == " ".join(value.split()) for value in entry.values()),
        "word": entry["word"] != "",
        "language": len(entry["language"]) == len("de") and entry["language"].islower(),
        "relation": entry["relation"] in RELATIONS,
        "means": all(phrases) and len(phrases) <= MOST_MEANS and len(set(phrases)) == len(phrases),
        "circle": [phrase.casefold() for phrase in phrases] != [entry["word"].casefold()],
    }
    return [check for check, holds in checks.items() if not holds]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_well_formed(name: str) -> None:
    lines = rows(name)
    assert lines[0] == COLUMNS
    assert {len(line) for line in lines} == {len(COLUMNS)}
    assert [(entry, faults) for entry in entries(name) if (faults := wrong(entry))] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_sorted_so_that_changes_stay_small(name: str) -> None:
    words = [entry["word"].casefold() for entry in entries(name)]
    assert words == sorted(words)


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("word", "", "word"),
        ("word", " Perso", "blanks"),
        ("language", "DE", "language"),
        ("relation", "is", "relation"),
        ("means", "", "means"),
        ("means", "Ausweis | Ausweis", "means"),
        ("means", "a | b | c | d | e | f | g", "means"),
        ("means", "perso", "circle"),
    ],
)
def test_an_entry_with_a_fault_is_seen(field: str, value: str, fault: str) -> None:
    sound = {"word": "Perso", "language": "de", "relation": "same", "means": "Personalausweis", "note": ""}
    assert wrong(sound) == []
    assert fault in wrong({**sound, field: value})


def test_no_entry_is_there_twice() -> None:
    seen = Counter(
        (entry["language"], entry["word"].casefold(), entry["means"])
        for name in NAMES
        for entry in entries(name)
    )
    assert [key for key, times in seen.items() if times > 1] == []


def test_a_word_has_one_entry_of_a_relation() -> None:
    """Two files that both say what a German word means would have to be changed together."""
    seen = Counter(
        (entry["word"].casefold(), entry["relation"])
        for name in NAMES
        for entry in entries(name)
        if entry["language"] == "de"
    )
    assert [key for key, times in seen.items() if times > 1] == []


def test_it_is_substantial() -> None:
    languages = Counter(entry["language"] for name in NAMES for entry in entries(name))
    assert languages["de"] >= 1500
