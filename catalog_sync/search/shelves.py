"""Texts by their words, the best first: what begins with some letters is found without looking at all."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import chain, islice

from rapidfuzz import process
from rapidfuzz.distance import OSA

from catalog_sync.search.analyzer import STOP_WORDS

_LABEL = 2
_MOST = 60
_SHORTEST_MISTYPED, _LONG = 4, 8
_FIRST_WORD = 1.5
_NEAREST = 30

Placed = tuple[float, str, int, "Offer"]


@dataclass(frozen=True, slots=True, eq=False)
class Offer:
    """A text that may be suggested.

    Attributes:
        words: folded.
        key: the service that it leads to.
        points: how well it fits by itself, more is better.
        entry: the place of the thesaurus entry that it is the word of; None for a title.
    """

    text: str
    words: tuple[str, ...]
    key: int
    points: float
    entry: int | None = None

    def placed(self) -> Placed:
        """As it stands on a shelf."""
        return -self.points, self.text, self.key, self

    def __lt__(self, other: "Offer") -> bool:
        """Equals may stand in any order: they are told apart by nothing that anybody sees."""
        return False


class Shelves:
    """Offers by each of their words, and by the first two letters of these; on every shelf the best first."""

    def __init__(self) -> None:
        self._by_word: dict[tuple[str, bool], list[Placed]] = defaultdict(list)
        self._by_label: dict[tuple[str, bool], list[Placed]] = defaultdict(list)
        self._words: list[str] | None = None

    def put(self, offers: Iterable[Offer]) -> None:
        """Add offers."""
        for one in offers:
            placed = one.placed()
            for number, word in _matter(one.words):
                if not self._has(word):
                    self._words = None
                insort(self._by_word[word, number == 0], placed)
                if len(word) >= _LABEL:
                    insort(self._by_label[word[:_LABEL], number == 0], placed)

    def take_out(self, offers: Iterable[Offer]) -> None:
        """Remove offers."""
        for one in offers:
            for number, word in _matter(one.words):
                _remove(self._by_word, (word, number == 0), one)
                if len(word) >= _LABEL:
                    _remove(self._by_label, (word[:_LABEL], number == 0), one)
                if not self._has(word):
                    self._words = None

    def _has(self, word: str) -> bool:
        return (word, True) in self._by_word or (word, False) in self._by_word

    def words(self, beginning: str) -> Iterator[str]:
        """All words that begin so, in order."""
        if self._words is None:
            self._words = sorted({word for word, _ in self._by_word})
        at = bisect_left(self._words, beginning)
        while at < len(self._words) and self._words[at].startswith(beginning):
            yield self._words[at]
            at += 1

    def look(
        self, beginnings: Iterable[str], fits: Callable[[Offer], bool] | None, whole: float
    ) -> list[tuple[Offer, float]]:
        """The best offers with a word that begins so, each with its points.

        Args:
            beginnings: of words.
            fits: which offers; None is all, and then those go before that begin so themselves.
            whole: what it counts that the word is there whole.
        """
        found: dict[Offer, float] = {}
        asked = list(beginnings)
        for is_first in (True, False):
            more = _FIRST_WORD if is_first and fits is None else 0.0
            for extra, shelves in (
                (0.0, [shelf for one in asked for shelf in self._beginning(one, is_first=is_first)]),
                (whole, [self._by_word.get((one, is_first), ()) for one in asked]),
            ):
                ordered = merge(*shelves) if len(shelves) > 1 else chain(*shelves)
                chosen = ordered if fits is None else filter(lambda placed: fits(placed[3]), ordered)
                for *_, one in islice(chosen, _MOST):
                    found[one] = max(one.points + more + extra, found.get(one, one.points))
        return list(found.items())

    def _beginning(self, beginning: str, *, is_first: bool) -> Iterator[Sequence[Placed]]:
        """The shelves of all words that begin so."""
        if len(beginning) == _LABEL:
            yield self._by_label.get((beginning, is_first), ())
            return
        for word in self.words(beginning):
            if (shelf := self._by_word.get((word, is_first))) is not None:
                yield shelf

    def mistyped(self, typed: str) -> list[str]:
        """The beginnings of words that are nearest: one letter away, two from eight letters on."""
        if len(typed) < _SHORTEST_MISTYPED:
            return []
        most = 1 if len(typed) < _LONG else 2
        choices = {
            word[: len(typed) + more]
            for letter in {typed[0], typed[1]}
            for word in self.words(letter)
            for more in (-1, 0, 1)
        }
        near = process.extract(typed, sorted(choices), scorer=OSA.distance, score_cutoff=most, limit=_NEAREST)
        nearest = min((distance for _, distance, _ in near), default=0)
        return sorted(beginning for beginning, distance, _ in near if distance == nearest)


def _matter(words: Sequence[str]) -> Iterator[tuple[int, str]]:
    """An offer's words with their places: the first, and those that are no stop words."""
    seen = set()
    for number, word in enumerate(words):
        if word not in seen and (number == 0 or word not in STOP_WORDS):
            seen.add(word)
            yield number, word


def _remove(shelves: dict[tuple[str, bool], list[Placed]], name: tuple[str, bool], offer: Offer) -> None:
    shelf = shelves[name]
    at = bisect_left(shelf, offer.placed()[:3])
    while shelf[at][3] is not offer:
        at += 1
    del shelf[at]
    if not shelf:
        del shelves[name]
