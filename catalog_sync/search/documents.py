"""What a service says to the search: its words by field, from the LeiKa catalogue and from all live entries."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from catalog_sync.catalog import stored
from catalog_sync.catalog.bulk import as_list
from catalog_sync.catalog.folding import different_words, spelled_words
from catalog_sync.catalog.keys import EntryKind
from catalog_sync.catalog.markup import words_alone
from catalog_sync.catalog.reading import listed
from catalog_sync.catalog.tables import (
    body,
    bundle_situation,
    entry,
    entry_leika,
    leika_service,
    life_situation,
    ozg_bundle,
    text_module,
)
from catalog_sync.search.analyzer import MAX_TOKEN, STOP_WORDS, tokens_of_compound, words
from catalog_sync.search.fields import Field
from catalog_sync.search.german import stem
from catalog_sync.search.law import bases, paragraph_token

AUDIENCE, LIFE_SITUATION, POLICY_FIELD, ASSURANCE, LANGUAGE = (
    "audience:",
    "situation:",
    "policy:",
    "level:",
    "language:",
)
"""What a service's marks begin with: it is filtered by them, and hits are counted by them."""

_GERMAN = "de"
_TEXTS_READ = 2
_TEXT_LENGTH = 2000

_LISTED = (
    select(
        leika_service.c.leika_key,
        leika_service.c.title,
        leika_service.c.legal_basis,
        leika_service.c.bundle_id,
        ozg_bundle.c.name,
    )
    .outerjoin(ozg_bundle, ozg_bundle.c.id == leika_service.c.bundle_id)
    .where(listed(leika_service.c.leika_key, "keys"))
)
_SITUATIONS = (
    select(
        bundle_situation.c.bundle_id,
        life_situation.c.id,
        life_situation.c.name,
        life_situation.c.policy_field,
    )
    .join(life_situation, life_situation.c.id == bundle_situation.c.situation_id)
    .where(listed(bundle_situation.c.bundle_id, "bundles"))
)
_DESCRIBED = (
    select(entry_leika.c.leika_key, entry.c.id, entry.c.head, body.c.facts)
    .join(entry, entry.c.id == entry_leika.c.entry_id)
    .outerjoin(body, body.c.entry_id == entry.c.id)
    .where(
        listed(entry_leika.c.leika_key, "keys"), entry.c.live, entry.c.kind == EntryKind.SERVICE_ENTRY.number
    )
    .order_by(entry_leika.c.leika_key, entry.c.id)
)
_TEXTS = (
    select(text_module.c.entry_id, text_module.c.html)
    .where(listed(text_module.c.entry_id, "entries"))
    .order_by(text_module.c.entry_id, text_module.c.ordinal)
)


@dataclass(slots=True)
class Document:
    """The words of one service.

    Attributes:
        marks: what it is filtered and counted by.
        titles: the stems of each of its titles.
        fields: token -> `Field`s in which it stands.
        surfaces: stem -> a word as written, folded.
        listed_title: as the LeiKa catalogue has it.
        written_titles: language and title of its entries, as written.
        spellings: words of keywords and bundles as written, where folding changes them.
    """

    bundle: str | None = None
    marks: set[str] = field(default_factory=set)
    titles: list[tuple[str, ...]] = field(default_factory=list)
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

    def add_text(self, surfaces: Iterable[str]) -> None:
        """Take the folded words of a long text as they are: its compounds' parts would say too little."""
        mask = int(Field.TEXT)
        for surface in surfaces:
            word = stem(surface[:MAX_TOKEN])
            self.fields[word] |= mask
            self.surfaces.setdefault(word, surface[:MAX_TOKEN])

    def add_title(self, text: str) -> None:
        """Take a title."""
        stems = tuple(dict.fromkeys(word.stem for word in words(text)))
        if stems and stems not in self.titles:
            self.titles.append(stems)
        self.add(text, Field.TITLE)

    def add_spelled(self, text: str, where: Field) -> None:
        """Take the words of a text, and remember how they are spelled."""
        self.add(text, where)
        self.spellings.update(written for word, written in spelled_words(text) if written != word)

    def names(self) -> list[tuple[str, str]]:
        """Language and title as people know it: the catalogue's, and in each language the one of most entries."""
        commonest: dict[str, str] = {}
        for language, title in sorted(self.written_titles, key=lambda one: (-self.written_titles[one], one)):
            commonest.setdefault(language, title)
        found = [] if self.listed_title is None else [(_GERMAN, self.listed_title)]
        found += sorted(commonest.items())
        return list(dict.fromkeys(found))


def documents(connection: Connection, keys: Collection[str]) -> dict[str, Document]:
    """The words of those of these services that exist."""
    found: dict[str, Document] = {}
    _take_listed(connection, keys, found)
    _take_described(connection, keys, found)
    return found


def _take_listed(connection: Connection, keys: Collection[str], found: dict[str, Document]) -> None:
    rows = connection.execute(_LISTED, {"keys": as_list(connection, keys)}).all()
    situations = defaultdict(list)
    bundles = sorted({row.bundle_id for row in rows if row.bundle_id})
    for bundle, *situation in connection.execute(_SITUATIONS, {"bundles": as_list(connection, bundles)}):
        situations[bundle].append(situation)
    for key, title, legal_basis, bundle, bundle_name in rows:
        document = found[key] = Document(bundle)
        document.add_title(title)
        document.listed_title = title
        if bundle_name:
            document.add_spelled(bundle_name, Field.BUNDLE)
        for number, name, policy_field in situations[bundle]:
            document.add(name, Field.SITUATION)
            document.marks.add(f"{LIFE_SITUATION}{number}")
            if policy_field:
                document.marks.add(f"{POLICY_FIELD}{policy_field}")
        _take_law(document, legal_basis or "")


def _take_law(document: Document, legal_basis: str) -> None:
    for basis in bases(legal_basis):
        document.add(basis.name, Field.LAW_NAME)
        document.add(basis.abbreviation, Field.LAW)
        for number in basis.paragraphs:
            document.fields[paragraph_token(number, basis.abbreviation)] |= Field.PARAGRAPH


def _take_described(connection: Connection, keys: Collection[str], found: dict[str, Document]) -> None:
    with_text: dict[int, list[str]] = defaultdict(list)
    counts: dict[str, int] = defaultdict(int)
    for key, number, head, facts in connection.execute(_DESCRIBED, {"keys": as_list(connection, keys)}):
        document = found.setdefault(key, Document())
        _take_entry(document, stored.service_head(head), facts)
        counts[key] += 1
        if counts[key] <= _TEXTS_READ:
            with_text[number].append(key)
    for number, surfaces in _texts(connection, with_text).items():
        for key in with_text[number]:
            found[key].add_text(surfaces)


def _take_entry(document: Document, head: stored.ServiceHead, facts: bytes | None) -> None:
    for language, title in head.titles.items():
        document.add_title(title)
        document.written_titles[language, title] += 1
    for summary in head.summaries.values():
        document.add(summary, Field.SUMMARY)
    document.marks.update(f"{AUDIENCE}{code}" for code in head.audiences)
    document.marks.update(f"{LANGUAGE}{language}" for language in head.languages)
    if head.assurance:
        document.marks.add(f"{ASSURANCE}{head.assurance}")
    for keyword in stored.service_facts(facts).keywords if facts else ():
        document.add_spelled(keyword.text, Field.KEYWORD)


def _texts(connection: Connection, numbers: Iterable[int]) -> dict[int, set[str]]:
    """The folded words of the beginning of each entry's text: what a service is about is said first."""
    lengths: dict[int, int] = defaultdict(int)
    found: dict[int, set[str]] = defaultdict(set)
    for number, html in connection.execute(_TEXTS, {"entries": as_list(connection, sorted(numbers))}):
        if (left := _TEXT_LENGTH - lengths[number]) > 0:
            text = words_alone(html)[:left]
            lengths[number] += len(text)
            found[number].update(different_words(text))
    return {number: surfaces - STOP_WORDS for number, surfaces in found.items()}
