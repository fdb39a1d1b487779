"""How folded words are written: fuhrungszeugnis is Führungszeugnis, by what most services write."""

from collections import defaultdict
from collections.abc import Iterable
from sys import intern

from catalog_sync.catalog.folding import spelled_words


class Spellings:
    """The spellings of all words of titles, keywords and bundles, each as often as services write it so."""

    def __init__(self) -> None:
        self._written: dict[str, tuple[str, ...]] = {}
        self._times: dict[str, int] = defaultdict(int)

    def add(self, texts: Iterable[str]) -> None:
        """Take the words of a service."""
        for text in texts:
            for word, spelled in spelled_words(text):
                written = intern(spelled)
                if not self._times[written]:
                    known = self._written.get(word, ())
                    self._written[word] = known if written in known else (*known, written)
                self._times[written] += 1

    def remove(self, texts: Iterable[str]) -> None:
        """Give back the words of a service that changed."""
        for text in texts:
            for _, written in spelled_words(text):
                self._times[written] -= 1

    def written(self, word: str) -> str:
        """A folded word as most services write it; itself where none does."""
        number, best = max(
            ((self._times[one], one) for one in self._written.get(word, ())), default=(0, word)
        )
        return best if number else word
