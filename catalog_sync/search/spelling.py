"""How folded words are written: fuhrungszeugnis is Führungszeugnis, by what most services write."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from catalog_sync.catalog.folding import spelled_words


class Spellings:
    """The spellings of all words of titles, keywords and bundles, each as often as services write it so."""

    def __init__(self) -> None:
        self._written: dict[str, Counter[str]] = defaultdict(Counter)

    def add(self, texts: Iterable[str]) -> None:
        """Take the words of a service."""
        for text in texts:
            for word, written in spelled_words(text):
                self._written[word][written] += 1

    def remove(self, texts: Iterable[str]) -> None:
        """Give back the words of a service that changed."""
        for text in texts:
            for word, written in spelled_words(text):
                self._written[word][written] -= 1

    def written(self, word: str) -> str:
        """A folded word as most services write it; itself where none does."""
        spellings = self._written.get(word)
        if not spellings:
            return word
        number, best = max((number, written) for written, number in spellings.items())
        return best if number else word
