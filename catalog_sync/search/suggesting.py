"""Suggestions while somebody types: titles and people's words that go on so, each with the service it leads to.

All in memory: an offer (a title, a word of the thesaurus) stands under each of its folded words. A beginning takes the
words that begin so, or with a letter mistyped; the words before it have to be in the offer or in its service, or mean
something there. What concerns most people goes first, among equals what begins with the letters typed.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cachetools import LRUCache
from rapidfuzz import process
from rapidfuzz.distance import OSA

from catalog_sync.catalog.folding import folded_words
from catalog_sync.search.analyzer import STOP_WORDS, Word, phrase, tokens_of_compound, words
from catalog_sync.search.fields import PART
from catalog_sync.search.german import stem
from catalog_sync.search.reach import reach
from catalog_sync.search.thesaurus import Thesaurus
from catalog_sync.search.thesaurus_entries import GERMAN, Analysed

LEAST_LETTERS = 2
_MOST = 60
_MOST_LOOKED_AT = 400
_SHORTEST_MISTYPED, _LONG = 4, 8
_LAST = "\U0010ffff"
_FIRST_WORD, _WHOLE_WORD, _FOREIGN, _NO_TITLE, _EACH_WORD = 1.5, 0.5, 1.5, 0.3, 0.15


@dataclass(frozen=True, slots=True, eq=False)
class Offer:
    """A text that may be suggested: a service's title, or a word of the thesaurus with what it means."""

    text: str
    words: tuple[str, ...]
    language: str
    key: int | None
    entry: Analysed | None = None


class Suggested(NamedTuple):
    """A suggestion: its text, the service's key, how well it fits (one more is ten times as many people)."""

    text: str
    key: int
    points: float


class Suggestions:
    """All that may be suggested; brought up to date service by service."""

    def __init__(self) -> None:
        self._titles: dict[int, list[Offer]] = {}
        self._tokens: dict[int, frozenset[str]] = {}
        self._reach: dict[int, int] = {}
        self._by_token: dict[str, set[int]] = defaultdict(set)
        self._by_word: dict[str, dict[Offer, None]] = defaultdict(dict)
        self._of_thesaurus: list[Offer] = []
        self._thesaurus = Thesaurus(())
        self._words: list[str] | None = None
        self._targets: dict[Offer, int | None] = {}
        self._known: LRUCache[str, list[Suggested]] = LRUCache(2000)

    def take(self, key: int, names: Sequence[tuple[str, str]], bundle: str | None) -> None:
        """A service with its titles by language, instead of what was known of it."""
        self.remove(key)
        offers = [Offer(title, folded_words(title), language, key) for language, title in names]
        tokens = {token for _, title in names for token in _tokens(title)}
        self._titles[key], self._tokens[key], self._reach[key] = offers, frozenset(tokens), reach(bundle)
        for token in tokens:
            self._by_token[token].add(key)
        self._add(offers)

    def remove(self, key: int) -> None:
        """A service is gone."""
        self._changed()
        self._remove(self._titles.pop(key, ()))
        for token in self._tokens.pop(key, ()):
            self._by_token[token].discard(key)

    def take_thesaurus(self, thesaurus: Thesaurus) -> None:
        """All words of the thesaurus, instead of those before."""
        self._changed()
        self._remove(self._of_thesaurus)
        self._thesaurus = thesaurus
        self._of_thesaurus = [
            Offer(entry.word, folded_words(entry.word), entry.language, None, entry)
            for entry in thesaurus.entries
        ]
        self._add(self._of_thesaurus)

    def _changed(self) -> None:
        if self._known or self._targets:
            self._targets.clear()
            self._known.clear()

    def _add(self, offers: Collection[Offer]) -> None:
        for one in offers:
            for word in one.words:
                if word not in self._by_word:
                    self._words = None
                self._by_word[word][one] = None

    def _remove(self, offers: Collection[Offer]) -> None:
        for one in offers:
            for word in one.words:
                held = self._by_word[word]
                held.pop(one, None)
                if not held:
                    del self._by_word[word]
                    self._words = None

    def suggest(self, typed: str) -> list[Suggested]:
        """What may be meant, best first, each service and each text once; nothing before two letters."""
        asked = folded_words(typed)
        if sum(map(len, asked)) < LEAST_LETTERS:
            return []
        line = " ".join(asked)
        found = self._known.get(line)
        if found is None:
            before = [word for word in asked[:-1] if word not in STOP_WORDS]
            found = self._known[line] = self._found(before, asked[-1])
        return found

    def _found(self, before: Sequence[str], last: str) -> list[Suggested]:
        ways = [self._ways(word) for word in before]
        ranked = self._ranked(ways, [last], last) or self._ranked(ways, self._mistyped(last), last)
        return _once(ranked)

    def _ranked(
        self, ways: Sequence[frozenset[str]], beginnings: Sequence[str], last: str
    ) -> list[Suggested]:
        offers: dict[Offer, float] = {}
        for beginning in beginnings:
            for word in self._beginning(beginning):
                for one in self._by_word[word]:
                    points = _fit(one, word, whole=word == last, first=not ways)
                    offers[one] = max(points, offers.get(one, -_FOREIGN * 9))
        if len(offers) > _MOST_LOOKED_AT:
            ordered = sorted(offers.items(), key=lambda one: (-self._guess(*one), one[0].text))
            offers = dict(ordered[:_MOST_LOOKED_AT])
        found = []
        for one, points in offers.items():
            key = self._target(one)
            if key is not None and all(self._has(one, key, way) for way in ways):
                found.append(Suggested(one.text, key, points + self._reach[key]))
        return sorted(found, key=lambda one: (-one.points, len(one.text), one.text, one.key))

    def _guess(self, offer: Offer, points: float) -> float:
        return points + (self._reach[offer.key] if offer.key is not None else _NO_TITLE * 10)

    def _beginning(self, beginning: str) -> Iterator[str]:
        ordered = self._ordered()
        at = bisect_left(ordered, beginning)
        while at < len(ordered) and ordered[at].startswith(beginning):
            yield ordered[at]
            at += 1

    def _ordered(self) -> list[str]:
        if self._words is None:
            self._words = sorted(self._by_word)
        return self._words

    def _mistyped(self, typed: str) -> list[str]:
        """The beginnings of words that are one letter away, two from eight letters on."""
        if len(typed) < _SHORTEST_MISTYPED:
            return []
        most = 1 if len(typed) < _LONG else 2
        choices: set[str] = set()
        for letter in {typed[0], typed[1]}:
            for word in self._beginning(letter):
                choices.update(word[: len(typed) + more] for more in (-1, 0, 1))
        near = process.extract(typed, sorted(choices), scorer=OSA.distance, score_cutoff=most, limit=_MOST)
        nearest = min((distance for _, distance, _ in near), default=0)
        return sorted(beginning for beginning, distance, _ in near if distance == nearest)

    def _ways(self, word: str) -> frozenset[str]:
        """The tokens by which a word before the last may be in an offer: its own, and single words that it means."""
        own = stem(word)
        meant = (one.stems[0] for one in self._thesaurus.meanings((Word(word, own),)) if len(one.stems) == 1)
        stems = [own, *meant]
        if not any(one in self._by_token or PART + one in self._by_token for one in stems):
            stems += [stem(whole) for near in self._mistyped(word) for whole in self._beginning(near)]
        return frozenset(stems) | frozenset(PART + one for one in stems)

    def _has(self, offer: Offer, key: int, way: frozenset[str]) -> bool:
        return not way.isdisjoint(self._tokens[key]) or (
            offer.entry is not None and not way.isdisjoint(_tokens(offer.text))
        )

    def _target(self, offer: Offer) -> int | None:
        """The service that a word leads to best: the one whose title says the least besides what the word means."""
        if offer.entry is None:
            return offer.key
        if offer not in self._targets:
            best = (self._best(phrase(means)) for means in offer.entry.means)
            self._targets[offer] = next((key for key in best if key is not None), None)
        return self._targets[offer]

    def _best(self, stems: Sequence[str]) -> int | None:
        holding: set[int] | None = None
        for one in stems:
            having = self._by_token.get(one) or self._by_token.get(PART + one, set())
            holding = having if holding is None else holding & having
        if not holding:
            return None
        return min(holding, key=lambda key: (self._length(key), -self._reach[key], key))

    def _length(self, key: int) -> int:
        return min((len(offer.words) for offer in self._titles[key] if offer.language == GERMAN), default=99)


def _tokens(text: str) -> list[str]:
    """The stems of a text's words and, marked, of their parts."""
    return [token for word, own in words(text) for token in (own, *tokens_of_compound(word))]


def _fit(offer: Offer, word: str, *, whole: bool, first: bool) -> float:
    """How well an offer goes on with what was typed, apart from how many it concerns."""
    points = -_EACH_WORD * len(offer.words)
    if first and offer.words[0] == word:
        points += _FIRST_WORD
    if whole:
        points += _WHOLE_WORD
    if offer.language.partition("-")[0] != GERMAN:
        points -= _FOREIGN
    return points - (_NO_TITLE if offer.entry is not None else 0)


def _once(ranked: Sequence[Suggested]) -> list[Suggested]:
    texts: set[tuple[str, ...]] = set()
    keys: set[int] = set()
    found = []
    for one in ranked:
        folded = folded_words(one.text)
        if one.key not in keys and folded not in texts:
            keys.add(one.key)
            texts.add(folded)
            found.append(one)
            if len(found) == _MOST:
                break
    return found
