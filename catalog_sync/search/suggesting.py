"""Suggestions while somebody types: titles and people's words that go on so, each with the service it leads to.

All in memory: an offer (a title, a word of the thesaurus) stands under its words (`shelves`). A beginning takes those
that begin so, or with a letter mistyped; the words before it have to be in the service, or mean something there. What
concerns most people goes first, what begins with the letters typed before what has them inside.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from sys import intern
from typing import NamedTuple

from cachetools import LRUCache

from catalog_sync.catalog.folding import folded_words
from catalog_sync.search.analyzer import STOP_WORDS, Word, tokens_of_compound, words_once
from catalog_sync.search.fields import PART
from catalog_sync.search.german import stem
from catalog_sync.search.reach import reach
from catalog_sync.search.roster import Roster
from catalog_sync.search.shelves import Offer, Shelves
from catalog_sync.search.thesaurus import Thesaurus
from catalog_sync.search.thesaurus_entries import GERMAN, Relation

LEAST_LETTERS = 2
_MOST, _OF_ONE_OBJECT = 60, 2
_OBJECT = 1_000_000
_AT_A_TIME, _FEW_AT_A_TIME = 100, 5
_FOREIGN, _NO_TITLE, _RELATED, _EACH_WORD = 1.5, 0.3, 2.0, 0.2
_WHOLE_WORD, _ALL = 0.5, 1.0


class Suggested(NamedTuple):
    """A suggestion: its text, the service's key, how well it fits (one more is ten times as many people)."""

    text: str
    key: int
    points: float


class Suggestions:
    """All that may be suggested; brought up to date service by service, then `arrange`."""

    def __init__(self) -> None:
        self._thesaurus = Thesaurus(())
        self._names: dict[int, tuple[Sequence[tuple[str, str]], str | None]] = {}
        self._titles: dict[int, list[Offer]] = {}
        self._tokens: dict[int, frozenset[str]] = {}
        self._by_token: dict[str, set[int]] = defaultdict(set)
        self._length: dict[int, int] = {}
        self._words: dict[int, Offer] = {}
        self._by_stem: dict[str, list[int]] = defaultdict(list)
        self._stale: set[int] = set()
        self._shelves = Shelves()
        self._known: LRUCache[str, list[Suggested]] = LRUCache(2000)

    def take(self, key: int, names: Sequence[tuple[str, str]], bundle: str | None) -> None:
        """A service with its titles by language, instead of what was known of it."""
        if self._names.get(key) == (names, bundle):
            return
        self.remove(key)
        self._names[key] = (names, bundle)
        tokens = self._tokens[key] = frozenset(token for _, title in names for token in _tokens(title))
        for token in tokens:
            self._by_token[token].add(key)
        self._touch(tokens)
        lengths = [len(folded_words(title)) for language, title in names if language == GERMAN]
        self._length[key] = min(lengths, default=99)
        self._titles[key] = [
            Offer(title, folded_words(title), key, reach(bundle) - _less(language, title))
            for language, title in names
        ]
        self._shelves.put(self._titles[key])

    def remove(self, key: int) -> None:
        """A service is gone."""
        if self._names.pop(key, None) is None:
            return
        self._shelves.take_out(self._titles.pop(key))
        tokens = self._tokens.pop(key)
        for token in tokens:
            self._by_token[token].discard(key)
        self._touch(tokens)

    def fill(self, thesaurus: Thesaurus, roster: Roster) -> Iterator[None]:
        """The words of a thesaurus and all services, where nothing is there yet; in small steps."""
        self._thesaurus = thesaurus
        for number, entry in enumerate(thesaurus.entries):
            for one in {one for stems in entry.meant for one in stems}:
                self._by_stem[one].append(number)
            if number % _AT_A_TIME == 0:
                yield
        self._stale = set(range(len(thesaurus.entries)))
        for number, slot in enumerate(roster.slots.values()):
            service = roster.services[slot]
            self.take(roster.keys[slot], service.names, service.bundle)
            if number % _FEW_AT_A_TIME == 0:
                yield

    def _touch(self, tokens: Iterable[str]) -> None:
        for token in tokens:
            self._stale.update(self._by_stem.get(token.removeprefix(PART), ()))

    def arrange(self) -> Iterator[None]:
        """Let the words of the thesaurus lead where they lead now, in small steps; of services that changed alone."""
        while self._stale:
            some = set(islice(self._stale, _FEW_AT_A_TIME))
            self._stale -= some
            self._shelves.take_out([self._words.pop(number) for number in some if number in self._words])
            led = {one.entry: one for one in self._led(some) if one.entry is not None}
            self._words |= led
            self._shelves.put(led.values())
            yield
        self._known.clear()

    def _led(self, numbers: Iterable[int]) -> Iterator[Offer]:
        for number in numbers:
            entry = self._thesaurus.entries[number]
            key = next((key for stems in entry.meant if (key := self._best(stems)) is not None), None)
            if key is None:
                continue
            points = reach(self._names[key][1]) - _less(entry.language, entry.word) - _NO_TITLE
            if entry.relation is Relation.RELATED:
                points -= _RELATED
            yield Offer(entry.word, tuple(entry.spoken), key, points, number)

    def _best(self, stems: Sequence[str]) -> int | None:
        """The service that stems lead to best: the one whose title says the least besides them."""
        having = [self._by_token.get(one) or self._by_token.get(PART + one) or set() for one in stems]
        having.sort(key=len)
        if not having or not having[0]:
            return None
        best = having[0].intersection(*having[1:])
        return min(best, key=lambda key: (self._length[key], -reach(self._names[key][1]), key), default=None)

    def suggest(self, typed: str) -> list[Suggested]:
        """What may be meant, best first, each service and each text once; nothing before two letters."""
        asked = folded_words(typed)
        if sum(map(len, asked)) < LEAST_LETTERS:
            return []
        line = " ".join(asked)
        found = self._known.get(line)
        if found is None:
            before = [word for word in asked[:-1] if word not in STOP_WORDS]
            found = self._known[line] = self._found(before, asked)
        return found

    def _found(self, before: Sequence[str], asked: tuple[str, ...]) -> list[Suggested]:
        ways = [(word, self._having_all_of(word)) for word in before]

        def fits(offer: Offer) -> bool:
            return all(
                offer.key in having or any(own.startswith(word) for own in offer.words)
                for word, having in ways
            )

        for mistyped in (False, True):
            beginnings = self._shelves.mistyped(asked[-1]) if mistyped else [asked[-1]]
            ranked = [
                (-points - (_ALL if one.words == asked else 0), len(one.text), one.text, one.key, one)
                for one, points in self._shelves.look(beginnings, fits if ways else None, _WHOLE_WORD)
            ]
            if ranked:
                return _varied([(one, -points) for points, *_, one in sorted(ranked)])
        return []

    def _having_all_of(self, word: str) -> set[int]:
        """The services that have a word, or what it means; or words near one that nothing has."""
        own = stem(word)
        meanings = self._thesaurus.meanings((Word(word, own),))
        having = self._having((own, *(one.stems[0] for one in meanings if len(one.stems) == 1)))
        if having:
            return having
        near = self._shelves.mistyped(word)
        return self._having(stem(whole) for one in near for whole in self._shelves.words(one))

    def _having(self, stems: Iterable[str]) -> set[int]:
        none: set[int] = set()
        tokens = [token for one in stems for token in (one, PART + one)]
        return none.union(*(self._by_token.get(token, none) for token in tokens))


def _tokens(text: str) -> list[str]:
    """The stems of a text's words and, marked, of their parts."""
    return [intern(token) for word, own in words_once(text) for token in (own, *tokens_of_compound(word))]


def _less(language: str, text: str) -> float:
    """How much less a text fits than a short German one."""
    return _EACH_WORD * text.count(" ") + (0 if language.partition("-")[0] == GERMAN else _FOREIGN)


def _varied(ranked: Sequence[tuple[Offer, float]]) -> list[Suggested]:
    """Each service and each text once; no more than two of one object before all others."""
    told: set[tuple[str, ...] | int] = set()
    objects: Counter[int] = Counter()
    found: list[Suggested] = []
    later: list[Suggested] = []
    for one, points in ranked:
        if one.key in told or one.words in told:
            continue
        told |= {one.key, one.words}
        objects[one.key // _OBJECT] += 1
        enough = objects[one.key // _OBJECT] > _OF_ONE_OBJECT
        (later if enough else found).append(Suggested(one.text, one.key, points))
    return [*found, *later][:_MOST]
