"""From texts to tokens: one analyzer for what is indexed and for what is asked."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, combinations
from typing import NamedTuple

from catalog_sync.catalog.folding import folded_words
from catalog_sync.search.compounds import parts
from catalog_sync.search.fields import PART
from catalog_sync.search.german import stem
from catalog_sync.search.lexicon import lines

VERSION = 4
"""Raised with every change of a rule or a list: services that another version indexed are indexed anew."""

GERMAN_STOP_WORDS, ENGLISH_STOP_WORDS = (
    frozenset(word for line in lines(name) for word in folded_words(line))
    for name in ("stop_words", "stop_words_english")
)
STOP_WORDS = GERMAN_STOP_WORDS | ENGLISH_STOP_WORDS
MAX_WORDS = 12
MAX_TOKEN = 60
_REMEMBERED = 120
"""Characters: titles and questions come again and again as a whole, longer texts by their words."""


class Word(NamedTuple):
    """A word of a text: as folded, and its stem."""

    surface: str
    stem: str


def words(text: str) -> tuple[Word, ...]:
    """The words of a text that are worth finding; Führungszeugnis, Fuehrungszeugnis and Fuhrungszeugnis are one."""
    return _remembered(text) if len(text) <= _REMEMBERED else _words_of(text)


def words_once(text: str) -> tuple[Word, ...]:
    """The same of a text that hardly comes again."""
    return _words_of(text)


@lru_cache(maxsize=20_000)
def _remembered(text: str) -> tuple[Word, ...]:
    return _words_of(text)


def _words_of(text: str) -> tuple[Word, ...]:
    return tuple(chain.from_iterable(map(_of_piece, text.split())))


def different_words(text: str) -> dict[str, str]:
    """The words of a long text, each once: stem -> as written first, folded."""
    found: dict[str, str] = {}
    for surface, word in chain.from_iterable(map(_of_piece, dict.fromkeys(text.split()))):
        found.setdefault(word, surface)
    return found


@lru_cache(maxsize=50_000)
def _of_piece(written: str) -> tuple[Word, ...]:
    """The words between two blanks. No rule looks beyond a blank, and of the pieces of all texts most come again."""
    return tuple(_words(word for word in folded_words(written) if word not in STOP_WORDS))


def question(text: str) -> tuple[Word, ...]:
    """The words of a query; stop words count only when there is nothing else. Bounded."""
    return question_of(folded_words(text))


def question_of(surfaces: Iterable[str], *, alone: bool = True) -> tuple[Word, ...]:
    """The same of a query's folded words, or of those of a part of it: then stop words never count."""
    given = tuple(surfaces)
    kept = [word for word in given if word not in STOP_WORDS]
    found = _words(kept or (given if alone else ()))
    return tuple(dict.fromkeys(found))[:MAX_WORDS]


def phrase(text: str) -> tuple[str, ...]:
    """The stems of a phrase, in order."""
    return tuple(word.stem for word in question(text))


def _words(surfaces: Iterable[str]) -> Iterator[Word]:
    for surface in surfaces:
        short = surface[:MAX_TOKEN]
        yield Word(short, stem(short))


@lru_cache(maxsize=50_000)
def tokens_of_compound(word: str) -> tuple[str, ...]:
    """Tokens of a compound's parts, and of neighbouring parts together: Kinderreisepass is also a ~reisepass."""
    found = parts(word)
    spans = combinations(range(len(found) + 1), 2)
    inner = (found[start:stop] for start, stop in spans if stop - start < len(found))
    return tuple(dict.fromkeys(PART + stem("".join(span)) for span in inner))
