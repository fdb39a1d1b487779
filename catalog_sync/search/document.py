"""What a service says to the search: its words by field. Pure: no database, so that any process may read texts."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from catalog_sync.catalog import stored
from catalog_sync.catalog.folding import spelled_words
from catalog_sync.catalog.markup import beginning
from catalog_sync.search.analyzer import different_words, tokens_of_compound, words
from catalog_sync.search.fields import Field
from catalog_sync.search.law import bases, paragraph_token

AUDIENCE, LIFE_SITUATION, POLICY_FIELD, ASSURANCE, LANGUAGE = (
    "audience:",
    "situation:",
    "policy:",
    "level:",
    "language:",
)
"""What a service's marks begin with: it is filtered by them, and hits are counted by them."""

TEXTS_READ = 2
"""Descriptions of a service whose texts are read: more of them say the same."""
TEXT_LENGTH = 2000
"""Characters of a description's text that are read: what a service is about is said first."""

_GERMAN = "de"


@dataclass(slots=True)
class Document:
    """The words of one service.

    Attributes:
        marks: what it is filtered and counted by.
        titles: the stems of each of its titles, in order.
        fields: token -> `Field`s in which it stands.
        surfaces: stem -> a word as written, folded.
        listed_title: as the LeiKa catalogue has it.
        written_titles: language and title of its entries, as written.
        spellings: words of keywords and bundles as written, where folding changes them.
    """

    bundle: str | None = None
    marks: set[str] = field(default_factory=set)
    titles: dict[tuple[str, ...], None] = field(default_factory=dict)
    fields: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    surfaces: dict[str, str] = field(default_factory=dict)
    listed_title: str | None = None
    written_titles: Counter[tuple[str, str]] = field(default_factory=Counter)
    spellings: set[str] = field(default_factory=set)

    def add(self, text: str, where: Field) -> None:
        """Take the words of a text, with the parts of compounds."""
        mask = int(where)  # a flag's own arithmetic costs more than all else here
        for surface, word in dict.fromkeys(words(text)):
            self.fields[word] |= mask
            self.surfaces.setdefault(word, surface)
            for token in tokens_of_compound(surface):
                self.fields[token] |= mask

    def add_text(self, found: Mapping[str, str]) -> None:
        """Take the words of a long text (`Beginning.words`) as they are: its compounds' parts would say too little."""
        mask = int(Field.TEXT)
        for word, surface in found.items():
            self.fields[word] |= mask
            self.surfaces.setdefault(word, surface)

    def add_title(self, text: str) -> None:
        """Take a title."""
        if stems := tuple(dict.fromkeys(word.stem for word in words(text))):
            self.titles.setdefault(stems)
        self.add(text, Field.TITLE)

    def add_spelled(self, text: str, where: Field) -> None:
        """Take the words of a text, and remember how they are spelled."""
        self.add(text, where)
        self.spellings.update(written for word, written in spelled_words(text) if written != word)

    def add_law(self, legal_basis: str) -> None:
        """Take the laws and paragraphs of a legal basis."""
        for basis in bases(legal_basis):
            self.add(basis.name, Field.LAW_NAME)
            self.add(basis.abbreviation, Field.LAW)
            for number in basis.paragraphs:
                self.fields[paragraph_token(number, basis.abbreviation)] |= Field.PARAGRAPH.value

    def add_description(self, head: stored.ServiceHead, keywords: Iterable[str]) -> None:
        """Take what an office writes about the service, but for its long texts."""
        for language, title in head.titles.items():
            self.add_title(title)
            self.written_titles[language, title] += 1
        for summary in head.summaries.values():
            self.add(summary, Field.SUMMARY)
        self.marks.update(AUDIENCE + code for code in head.audiences)
        self.marks.update(LANGUAGE + language for language in head.languages)
        if head.assurance:
            self.marks.add(ASSURANCE + head.assurance)
        for keyword in keywords:
            self.add_spelled(keyword, Field.KEYWORD)

    def names(self) -> list[tuple[str, str]]:
        """Language and title as people know it: the catalogue's, and in each language the one of most entries."""
        commonest: dict[str, str] = {}
        for language, title in sorted(self.written_titles, key=lambda one: (-self.written_titles[one], one)):
            commonest.setdefault(language, title)
        found = [] if self.listed_title is None else [(_GERMAN, self.listed_title)]
        found += sorted(commonest.items())
        return list(dict.fromkeys(found))


class Beginning:
    """The beginning of a description's text, of its HTML module by module, in the office's order.

    Attributes:
        left: characters that are still to be read.
    """

    def __init__(self) -> None:
        self.left = TEXT_LENGTH
        self._read: list[str] = []

    def take(self, html: str) -> None:
        """Take the next module, or what is wanted of it."""
        if self.left > 0:
            self._read.append(beginning(html, self.left))
            self.left -= len(self._read[-1])

    def words(self) -> dict[str, str]:
        """Its words: stem -> as written first, folded."""
        return different_words("\n".join(self._read))
