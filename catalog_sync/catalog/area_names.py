"""The areas of today by their exact names, for names that stand inside of other words."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import pairwise

from catalog_sync.catalog.area_search import Searchable
from catalog_sync.catalog.folding import folded_words
from catalog_sync.catalog.keys import GERMANY, AreaKey

_Words = tuple[str, ...]


class AreaNames:
    """An index over the names of current areas.

    Args:
        rows: all areas; they are read when a name is first looked for.
    """

    def __init__(self, rows: Collection[Searchable]) -> None:
        self._rows = rows
        self._exact: dict[_Words, set[AreaKey]] = defaultdict(set)
        self._short: dict[_Words, set[AreaKey]] = defaultdict(set)

    def named(self, words: Sequence[str]) -> AreaKey | None:
        """The one area that folded words name; None where there is none, or where several could be meant.

        An area and the one that contains it, as Dresden's district and Dresden, are one place: the smaller.
        """
        if not self._exact:
            self._read()
        exact = self._exact.get(tuple(words))
        if not exact:
            return None
        chain = sorted(exact | self._short.get(tuple(words), set()), key=lambda key: (len(key), key))
        if all(below.startswith(above) for above, below in pairwise(chain)):
            return chain[-1]
        return None

    def _read(self) -> None:
        for row in self._rows:
            if row.current and not row.part and row.key != GERMANY:
                full = row.name.partition(",")[0]  # Wetzlar, Stadt
                self._exact[folded_words(full)].add(row.key)
                self._short[folded_words(full.partition("(")[0])].add(row.key)  # Friedberg (Hessen)
