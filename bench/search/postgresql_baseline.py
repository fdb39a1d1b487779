"""Baselines: what PostgreSQL brings along, trigrams (pg_trgm) and full text search by its german configuration."""

import re
from collections.abc import Iterable, Mapping

import asyncpg

from bench.search.listed import Listed

_WORD = re.compile(r"\w+")
_TABLE = "CREATE TEMP TABLE listed (key text PRIMARY KEY, name text, bundle text, law text)"
_VECTOR = """
ALTER TABLE listed ADD words tsvector GENERATED ALWAYS AS (
  setweight(to_tsvector('german', name), 'A') || setweight(to_tsvector('german', bundle), 'B')
  || setweight(to_tsvector('german', key || ' ' || law), 'C')) STORED
"""
_GERMAN = """
SELECT key FROM listed, to_tsquery('german', $1) AS asked WHERE words @@ asked
ORDER BY ts_rank(words, asked) DESC, key LIMIT 10
"""
_SIMILAR = """
SELECT key FROM (SELECT key, greatest(similarity(name, $1), similarity(bundle, $1)) AS near FROM listed) AS all_of
WHERE near >= 0.3 ORDER BY near DESC, key LIMIT 10
"""
_WITHIN = """
SELECT key FROM (SELECT key, name, word_similarity($1, key || ' ' || name || ' ' || bundle || ' ' || law) AS near
FROM listed) AS all_of WHERE near >= 0.3 ORDER BY near DESC, similarity(name, $1) DESC, key LIMIT 10
"""
_Found = dict[str, dict[str, list[str]]]


async def postgresql(
    url: str, services: Iterable[Listed], asked: Mapping[str, str]
) -> tuple[_Found, list[str]]:
    """What each form finds, and what could not be asked."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(_TABLE)
        await connection.copy_records_to_table("listed", records=[tuple(one) for one in services])
        found = await _german(connection, asked)
        try:
            await connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except asyncpg.PostgresError as error:
            return found, [f"PostgreSQL trigrams: this server has no pg_trgm ({error})."]
        return await _trigrams(connection, asked) | found, []
    finally:
        await connection.close()


async def _trigrams(connection: asyncpg.Connection, asked: Mapping[str, str]) -> _Found:
    return {
        "PostgreSQL trigrams, similarity": {
            name: await _keys(connection, _SIMILAR, words) for name, words in asked.items()
        },
        "PostgreSQL trigrams, word_similarity": {
            name: await _keys(connection, _WITHIN, words) for name, words in asked.items()
        },
    }


async def _german(connection: asyncpg.Connection, asked: Mapping[str, str]) -> _Found:
    await connection.execute(_VECTOR)
    every = {name: await _keys(connection, _GERMAN, _joined(words, " & ")) for name, words in asked.items()}
    some = {name: await _keys(connection, _GERMAN, _joined(words, " | ")) for name, words in asked.items()}
    return {
        "PostgreSQL german, all words": every,
        "PostgreSQL german, any word": some,
        "PostgreSQL german, all words or else any": {name: every[name] or some[name] for name in asked},
    }


def _joined(words: str, between: str) -> str:
    return between.join(f"{word}:*" for word in _WORD.findall(words))


async def _keys(connection: asyncpg.Connection, statement: str, words: str) -> list[str]:
    return [row[0] for row in await connection.fetch(statement, words)] if words else []
