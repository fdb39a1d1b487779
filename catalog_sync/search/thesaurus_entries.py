"""An entry of the thesaurus: what somebody says, and the catalogue's words for it (docs/search.md)."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from catalog_sync.catalog.folding import folded_words
from catalog_sync.search.analyzer import phrase, question

Stems = tuple[str, ...]

SHIPPED = "verbundhub"
"""The origin of the entries that come with the hub; nobody else's."""

GERMAN = "de"
MAX_WORD, MAX_PHRASE, MAX_NOTE, MAX_MEANS, MIN_LANGUAGE, MAX_LANGUAGE = 120, 200, 500, 6, 2, 35
_TAG = re.compile(r"[a-z]+(-[A-Za-z0-9]+)*")


class Relation(StrEnum):
    """How a word stands to what it means (ISO 25964: equivalence, USE, RT).

    `SAME` holds in both directions, `USE` leads from the word to the catalogue's, `RELATED` leads there more weakly.
    `NONE` leads nowhere: an editor's way to switch off what the shipped thesaurus says of a word.
    """

    SAME = "same"
    USE = "use"
    RELATED = "related"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a word of a language means.

    Attributes:
        word: one word or several, as people write them.
        language: BCP 47, `de`, `en`.
        relation: how they stand to each other.
        means: the catalogue's phrases, best first; none for `Relation.NONE`.
        note: for other editors.
    """

    word: str
    language: str
    relation: Relation
    means: tuple[str, ...]
    note: str = ""

    @property
    def folded(self) -> str:
        """The word so that all its spellings are one."""
        return " ".join(folded_words(self.word))

    @property
    def name(self) -> tuple[str, str, str]:
        """What an origin has one entry of."""
        return self.folded, self.language, self.relation


def entry_of(word: str, language: str, relation: Relation, means: Sequence[str], note: str = "") -> Entry:
    """An entry of what somebody wrote: one form of Unicode, single blanks, no empty phrases."""
    phrases = tuple(text for text in map(_tidy, means) if text)
    return Entry(_tidy(word), language.strip(), relation, phrases, _tidy(note))


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an entry.

    Attributes:
        field: word, language, relation, means, note.
        rule: a word for programs.
        sentence: what is wrong and what would be right.
    """

    field: str
    rule: str
    sentence: str


def faults(entry: Entry) -> list[Fault]:
    """All that is wrong with an entry by itself."""
    return list(_faults(entry))


def _faults(entry: Entry) -> Iterator[Fault]:
    if not entry.folded:
        yield Fault("word", "no-word", "There is no word in it: write what people say.")
    yield from _too_long("word", entry.word, MAX_WORD)
    yield from _too_long("note", entry.note, MAX_NOTE)
    if not _is_tag(entry.language):
        yield Fault("language", "bad-language", "It is no language tag (BCP 47): one looks like de or en.")
    yield from _faults_of_means(entry)


def _faults_of_means(entry: Entry) -> Iterator[Fault]:
    if entry.relation is Relation.NONE:
        if entry.means:
            yield Fault(
                "means", "none-means-nothing", "The relation none leads nowhere: leave `means` empty."
            )
        return
    if not entry.means:
        yield Fault(
            "means", "no-means", "It leads nowhere: write the catalogue's words, or the relation none."
        )
    if len(entry.means) > MAX_MEANS:
        sentence = f"It means {len(entry.means)} things; keep the best {MAX_MEANS}."
        yield Fault("means", "too-many", sentence)
    seen = set()
    for text in entry.means:
        yield from _too_long("means", text, MAX_PHRASE)
        if "|" in text:
            yield Fault("means", "bar-in-phrase", "A phrase has a |, which stands between phrases.")
        folded = " ".join(folded_words(text))
        if not folded:
            yield Fault("means", "no-word", f"“{text}” has no word in it.")
        if folded in seen:
            yield Fault("means", "twice", f"“{text}” is there twice: once is enough.")
        seen.add(folded)
    if len(seen) == 1 and [text.casefold() for text in entry.means] == [entry.word.casefold()]:
        yield Fault("means", "circle", "The word means itself: write the catalogue's other words for it.")


def _too_long(field: str, text: str, most: int) -> Iterator[Fault]:
    if len(text) > most:
        yield Fault(field, "too-long", f"It has {len(text)} characters; {most} is the most.")
    if not text.isprintable():
        yield Fault(field, "unprintable", "It has characters that nobody can see: write it anew.")


def _is_tag(tag: str) -> bool:
    return MIN_LANGUAGE <= len(tag) <= MAX_LANGUAGE and _TAG.fullmatch(tag) is not None


class Analysed(NamedTuple):
    """An entry as the search wants it; kept beside the entry, for analysing all takes seconds.

    Attributes:
        word: as the entry has it.
        language: likewise.
        relation: likewise.
        means: likewise.
        spoken: all words of the word, folded.
        surfaces: those of them that matter.
        stems: theirs.
        meant: of each phrase its stems.
        origin: a file's name, or who entered it.
        changed_on: the day of the last change.
    """

    word: str
    language: str
    relation: Relation
    means: Sequence[str]
    spoken: Sequence[str]
    surfaces: Sequence[str]
    stems: Sequence[str]
    meant: Sequence[Sequence[str]]
    origin: str = ""
    changed_on: str = ""


def analysed(word: str, language: str, relation: str, means: Sequence[str]) -> Analysed:
    """Read an entry's words as a question's are read."""
    own = question(word)
    return Analysed(
        word,
        language,
        Relation(relation),
        means,
        folded_words(word),
        [one.surface for one in own],
        [one.stem for one in own],
        [phrase(text) for text in means],
    )
