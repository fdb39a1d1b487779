"""Baseline: SQLite FTS5 as anyone would set it up, with prefixes and without its diacritics."""

import re
import sqlite3
from collections.abc import Iterable, Mapping

from bench.search.listed import Listed

_WORD = re.compile(r"\w+")
_FOUND = "SELECT key FROM found WHERE found MATCH ? ORDER BY bm25(found, 5.0, 10.0, 4.0, 1.0), key LIMIT 10"


def fts5(services: Iterable[Listed], asked: Mapping[str, str]) -> dict[str, dict[str, list[str]]]:
    """What each form of asking finds: all words, any word, and any word where not all are found."""
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE VIRTUAL TABLE found USING fts5(key, name, bundle, law, "
        "tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3 4')"
    )
    database.executemany("INSERT INTO found VALUES (?, ?, ?, ?)", services)
    every = {name: _keys(database, words, " AND ") for name, words in asked.items()}
    some = {name: _keys(database, words, " OR ") for name, words in asked.items()}
    database.close()
    return {
        "SQLite FTS5, all words": every,
        "SQLite FTS5, any word": some,
        "SQLite FTS5, all words or else any": {name: every[name] or some[name] for name in asked},
    }


def _keys(database: sqlite3.Connection, words: str, between: str) -> list[str]:
    expression = between.join(f'"{word}"*' for word in _WORD.findall(words))
    return [key for (key,) in database.execute(_FOUND, [expression])] if expression else []
