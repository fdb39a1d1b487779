"""The thesaurus in memory: what people say, and what the catalogue says for it (docs/search.md).

German words are found by their stems, words of other languages by their spelling: a German stemmer takes rent for Rente
and vat for Vater. Where both know a word, German goes first.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

from catalog_sync.catalog.folding import folded_words
from catalog_sync.search.analyzer import ENGLISH_STOP_WORDS, GERMAN_STOP_WORDS, Word
from catalog_sync.search.thesaurus_entries import GERMAN, Analysed, Relation, Stems, analysed

_WEIGHTS = {Relation.SAME: 0.95, Relation.USE: 0.9, Relation.RELATED: 0.5}
_BACK = 0.9
_LESS_EACH = 0.06
_SHORTEST_PLURAL = 4
_ENGLISH = "en"
_AT_A_TIME = 100
_ES = ("sses", "shes", "ches", "xes", "zes")
_NO_PLURAL = ("ss", "us", "is")


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that a word leads to.

    Attributes:
        stems: of the phrase.
        weight: 0 to 1, how much it counts against the word itself.
        entry: where that is said.
        means: the phrase as the entry has it.
        exact: whether both are the same thing.
    """

    stems: Stems
    weight: float
    entry: Analysed
    means: str
    exact: bool = False


class Spoken(NamedTuple):
    """A piece of a question: words to be looked at one by one, or one phrase of another language with its meanings."""

    words: tuple[str, ...]
    meanings: Sequence[Meaning]


_Found = dict[Stems, dict[Stems, Meaning]]
_Meanings = Mapping[Stems, Sequence[Meaning]]


class Thesaurus:
    """All entries, by their words.

    Args:
        entries: word, language, relation and the phrases that it means, best first; analysed where that was done.
    """

    def __init__(self, entries: Iterable[Analysed | tuple[str, str, str, Sequence[str]]]) -> None:
        self.surfaces: dict[str, str] = {}
        self.german: set[str] = set()
        self.entries = tuple(given if isinstance(given, Analysed) else analysed(*given) for given in entries)
        self._german: _Meanings = {}
        self._foreign: _Meanings = {}
        self._spoken: _Meanings = {}
        for _ in self.fill():
            pass

    @classmethod
    async def made(
        cls, entries: Sequence[Analysed], pace: Callable[[Iterable[None]], Awaitable[None]]
    ) -> Self:
        """The same in small steps: 14,000 entries are the work of a second."""
        thesaurus = cls(())
        thesaurus.entries = tuple(entries)
        await pace(thesaurus.fill())
        return thesaurus

    def fill(self) -> Iterator[None]:
        """Take the entries, in small steps; until the last it answers nothing."""
        german: _Found = defaultdict(dict)
        foreign: _Found = defaultdict(dict)
        spoken: _Found = defaultdict(dict)
        for number, entry in enumerate(self.entries):
            if number % _AT_A_TIME == 0:
                yield
            self.surfaces.update(zip(entry.surfaces, entry.stems, strict=True))
            if entry.language == GERMAN:
                self.german.update(entry.surfaces)
                _take(german, tuple(entry.stems), entry)
            else:
                _take_foreign(foreign, spoken, entry)
            _take_back(german, entry)
        german_words = yield from _sorted(german)
        foreign_words = yield from _sorted(foreign)
        self._spoken = yield from _sorted(spoken)
        self._german, self._foreign = german_words, foreign_words
        self.longest = max(map(len, (*self._german, *self._foreign)), default=1)
        self._longest_spoken = max(map(len, self._spoken), default=0)
        self.stems = frozenset(stem for stems in self._german for stem in stems)
        self._foreign_words = frozenset(word for words in (*self._foreign, *self._spoken) for word in words)

    def meanings(self, asked: Sequence[Word]) -> Sequence[Meaning]:
        """What a word or phrase leads to, best first."""
        return self.of_german(asked) or self.of_others(asked)

    def of_german(self, asked: Sequence[Word]) -> Sequence[Meaning]:
        """What a German word or phrase leads to."""
        return self._german.get(tuple(word.stem for word in asked), ())

    def of_others(self, asked: Sequence[Word]) -> Sequence[Meaning]:
        """What a word or phrase of another language leads to."""
        return self._foreign.get(tuple(singular(word.surface) for word in asked), ())

    def has(self, word: Word) -> bool:
        """Whether it is a word of an entry."""
        return word.stem in self.stems or singular(word.surface) in self._foreign_words

    def pieces(self, text: str) -> list[Spoken]:
        """A text cut where it has a phrase of another language in which words stand that German passes over.

        `make a will` and `war refugee` lose their point where will and war are taken for German.
        """
        rest = folded_words(text)
        named = [singular(word) for word in rest]
        found: list[Spoken] = []
        at = begun = 0
        while at < len(rest):
            length = self._spoken_at(named, at)
            if length:
                found.append(Spoken(rest[begun:at], ()))
                found.append(Spoken(rest[at : at + length], self._spoken[tuple(named[at : at + length])]))
                begun = at + length
            at += length or 1
        found.append(Spoken(rest[begun:], ()))
        return [piece for piece in found if piece.words]

    def _spoken_at(self, named: Sequence[str], at: int) -> int:
        for length in range(min(self._longest_spoken, len(named) - at), 0, -1):
            if tuple(named[at : at + length]) in self._spoken:
                return length
        return 0


def singular(word: str) -> str:
    """A folded word without the ending of an English plural."""
    if len(word) < _SHORTEST_PLURAL or not word.endswith("s") or word.endswith(_NO_PLURAL):
        return word
    if word.endswith("ies") and len(word) > _SHORTEST_PLURAL:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(_ES) else word[:-1]


def _take_foreign(foreign: _Found, spoken: _Found, entry: Analysed) -> None:
    """By all its words where too few would be left without those that German passes over."""
    all_words, matter = tuple(map(singular, entry.spoken)), tuple(map(singular, entry.surfaces))
    passed = set(entry.spoken) - set(entry.surfaces)
    distinct = len(set(all_words)) == len(all_words)
    idle = entry.language == _ENGLISH and passed <= ENGLISH_STOP_WORDS - GERMAN_STOP_WORDS
    if matter and distinct and (len(matter) > 1 or idle or not passed):
        _take(foreign, matter, entry)
    if not distinct or len(matter) <= 1 < len(all_words):
        _take(spoken, all_words, entry)


def _take(found: _Found, own: Stems, entry: Analysed) -> None:
    same = entry.relation is Relation.SAME
    for number, (text, stems) in enumerate(zip(entry.means, entry.meant, strict=True)):
        weight = _WEIGHTS[entry.relation] - _LESS_EACH * number
        _keep(found[own], Meaning(tuple(stems), weight, entry, text, same))


def _take_back(german: _Found, entry: Analysed) -> None:
    """The other direction, from the first of the catalogue's words."""
    own = tuple(entry.stems)
    if entry.relation is Relation.SAME and entry.meant and own:
        _keep(german[tuple(entry.meant[0])], Meaning(own, _BACK, entry, entry.word, exact=True))


def _keep(found: dict[Stems, Meaning], meaning: Meaning) -> None:
    known = found.get(meaning.stems)
    if meaning.stems and (known is None or known.weight < meaning.weight):
        found[meaning.stems] = meaning


def _sorted(found: _Found) -> Generator[None, None, _Meanings]:
    ordered: dict[Stems, Sequence[Meaning]] = {}
    for number, (words, some) in enumerate(found.items()):
        if words:
            ordered[words] = sorted(some.values(), key=lambda one: (-one.weight, one.means))
        if number % _AT_A_TIME == 0:
            yield
    return ordered
