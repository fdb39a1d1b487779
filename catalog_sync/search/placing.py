"""A place in a question: "Hundesteuer Wetzlar" asks for Hundesteuer, and asks it in Wetzlar."""

from collections.abc import Callable, Sequence

from catalog_sync.catalog.folding import Located, located_words
from catalog_sync.catalog.keys import AreaKey
from catalog_sync.search.analyzer import STOP_WORDS
from catalog_sync.search.german import stem
from catalog_sync.search.memory import SearchIndex

PlaceNamed = Callable[[Sequence[str]], AreaKey | None]
"""The one area of today that folded words name exactly; None where there is none, or more than one."""

_LONGEST_NAME = 4
_MOST_WORDS = 16


def no_place(words: Sequence[str]) -> AreaKey | None:
    """For questions in which places are words like others."""
    return None


def without_place(question: str, index: SearchIndex, place_named: PlaceNamed) -> tuple[str, AreaKey | None]:
    """A question without the place that it names, and that place.

    Only words that no title, keyword or thesaurus has are taken for a place: Essen stays a meal. The longest name
    wins, then the last.
    """
    words = located_words(question)[:_MOST_WORDS]
    for length in range(min(_LONGEST_NAME, len(words)), 0, -1):
        for at in range(len(words) - length, -1, -1):
            span = words[at : at + length]
            if not _may_name(span, index):
                continue
            if (place := place_named([word.folded for word in span])) is not None:
                return _rest(question, words, at, length), place
    return question, None


def _may_name(span: Sequence[Located], index: SearchIndex) -> bool:
    """Whether one of the words is new to the catalogue, and the ends are no stop words."""
    if span[0].folded in STOP_WORDS or span[-1].folded in STOP_WORDS:
        return False
    return any(
        word.folded not in STOP_WORDS
        and not word.folded.isdigit()
        and not index.has_by_name(stem(word.folded))
        for word in span
    )


def _rest(question: str, words: Sequence[Located], at: int, length: int) -> str:
    """What is left to ask; nothing where only stop words are."""
    left = [word.folded for word in (*words[:at], *words[at + length :])]
    if all(word in STOP_WORDS for word in left):
        return ""
    begin, end = words[at].places[0], words[at + length - 1].places[-1]
    return f"{question[:begin].rstrip()} {question[end:].lstrip()}".strip()
