"""What is wrong with entries of the thesaurus over a catalogue: meanings that nothing is called, circles, doubles."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, select

from catalog_sync.catalog.folding import folded_words
from catalog_sync.catalog.tables import indexed_service, posting
from catalog_sync.search.analyzer import STOP_WORDS, phrase
from catalog_sync.search.fields import PART
from catalog_sync.search.thesaurus_entries import GERMAN, Entry, Relation, Stems


@dataclass(frozen=True, slots=True)
class Checked:
    """An entry to check and where it is from: `place` is an origin, or a file and a line."""

    entry: Entry
    place: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What should be looked at.

    Attributes:
        rule: unknown-meaning, leads-nowhere, circle, duplicate, stop-words-only, is-title.
        word: the entry's.
        language: likewise.
        place: where the entry is from.
        sentence: what is wrong and what would be right.
    """

    rule: str
    word: str
    language: str
    place: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a catalogue says: stems of titles, bundles and keywords, and whole titles."""

    stems: frozenset[str]
    titles: frozenset[Stems]

    def says(self, text: str) -> bool:
        """Whether any word of a phrase is in any title, bundle or keyword, by itself or inside another."""
        return any(stem in self.stems or PART + stem in self.stems for stem in phrase(text))


def vocabulary(connection: Connection) -> Vocabulary:
    """What this catalogue says."""
    strong = select(posting.c.token).where(posting.c.count > 0, posting.c.strong)
    inner = select(posting.c.token).where(
        posting.c.count > 0, posting.c.token.startswith(PART, autoescape=True)
    )
    tokens = {*connection.scalars(strong), *connection.scalars(inner)}
    rows = connection.scalars(select(indexed_service.c.titles))
    titles = {tuple(title) for row in rows for title in orjson.loads(row)}
    return Vocabulary(frozenset(tokens), frozenset(titles))


def check(entries: Sequence[Checked], known: Vocabulary) -> list[Finding]:
    """All that is to be looked at, in the entries' order; an empty catalogue knows no word and says so of each."""
    by_word: dict[tuple[str, str], list[Checked]] = defaultdict(list)
    for one in entries:
        by_word[one.entry.folded, one.entry.language].append(one)
    return [
        Finding(rule, one.entry.word, one.entry.language, one.place, sentence)
        for one in entries
        for rule, sentence in (
            *_words(one.entry, known),
            *_meanings(one.entry, known),
            *_circles(one, by_word),
            *_doubles(one, by_word),
        )
    ]


_Told = Iterator[tuple[str, str]]


def _words(entry: Entry, known: Vocabulary) -> _Told:
    if entry.language == GERMAN and all(word in STOP_WORDS for word in folded_words(entry.word)):
        yield "stop-words-only", "The search passes over all its words: nobody will ever find by it."
    if (
        entry.language == GERMAN
        and entry.relation is not Relation.NONE
        and phrase(entry.word) in known.titles
    ):
        yield "is-title", "A service is called so: it is found without an entry."


def _meanings(entry: Entry, known: Vocabulary) -> _Told:
    unknown = [text for text in entry.means if not known.says(text)]
    for text in unknown:
        yield (
            "unknown-meaning",
            f"No title, bundle or keyword has a word of “{text}”: use the catalogue's words.",
        )
    if unknown and len(unknown) == len(entry.means):
        yield "leads-nowhere", "None of its meanings is in the catalogue: nothing is found by it."


def _circles(one: Checked, by_word: dict[tuple[str, str], list[Checked]]) -> _Told:
    for text in one.entry.means:
        folded = " ".join(folded_words(text))
        for other in by_word.get((folded, one.entry.language), ()):
            back = {" ".join(folded_words(again)) for again in other.entry.means}
            if one.entry.folded in back and Relation.SAME not in (one.entry.relation, other.entry.relation):
                sentence = f"It leads to “{text}” and that leads back ({other.place}): keep one, or say same."
                yield "circle", sentence


def _doubles(one: Checked, by_word: dict[tuple[str, str], list[Checked]]) -> _Told:
    own = {" ".join(folded_words(text)) for text in one.entry.means}
    for other in by_word[one.entry.folded, one.entry.language]:
        if other is one:
            return  # the later of two is told
        if own & {" ".join(folded_words(text)) for text in other.entry.means}:
            yield "duplicate", f"Another entry of this word ({other.place}) leads to the same: keep one."
            return
