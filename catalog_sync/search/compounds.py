"""The words that a German compound is made of: Personalausweis is personal and ausweis, Hundesteuer hund and steuer.

Dynamic programming over a list of constituents with the linking letters between them; the split of fewest parts wins,
then the one with fewest linking letters.
"""

from collections.abc import Callable
from functools import lru_cache

from catalog_sync.search.lexicon import lines

_CONSTITUENTS = frozenset(lines("constituents"))
_LINKS = ("s", "es", "n", "en", "er", "e", "ns")
_SHORTEST_PART = min(map(len, _CONSTITUENTS))
_SHORTEST_COMPOUND = 7
_LONGEST = 60
_LINK_COSTS = 0.1

Split = tuple[float, tuple[str, ...]]


def is_constituent(word: str) -> bool:
    """Whether compounds are made of this folded word: a German word, though perhaps in no service."""
    return word in _CONSTITUENTS


@lru_cache(maxsize=50_000)
def parts(word: str) -> tuple[str, ...]:
    """The parts of a folded compound, without linking letters; nothing where a word is none or one is not known."""
    return split(word, _CONSTITUENTS.__contains__)


def split(word: str, known: Callable[[str], bool]) -> tuple[str, ...]:
    """The same with other words as parts."""
    if not _SHORTEST_COMPOUND <= len(word) <= _LONGEST:
        return ()
    best: list[Split | None] = [(0.0, ())] + [None] * len(word)
    for start in range(len(word) - _SHORTEST_PART + 1):
        before = best[start]
        if before is not None:
            _go_on(word, start, before, best, known)
    found = best[-1]
    return found[1] if found is not None and len(found[1]) > 1 else ()


def _go_on(
    word: str, start: int, before: Split, best: list[Split | None], known: Callable[[str], bool]
) -> None:
    cost, taken = before
    for stop, (price, _, core) in _pieces(word, start, known).items():
        other = best[stop]
        if other is None or cost + price < other[0]:
            best[stop] = (cost + price, (*taken, core))


def _pieces(word: str, start: int, known: Callable[[str], bool]) -> dict[int, tuple[float, int, str]]:
    """What may begin here: by where it stops its price, the number of its linking letters, and the constituent."""
    found: dict[int, tuple[float, int, str]] = {}
    for end in range(start + _SHORTEST_PART, len(word) + 1):
        core = word[start:end]
        if not known(core):
            continue
        found[end] = (1.0, 0, core)
        for number, link in enumerate(_LINKS, 1):
            stop = end + len(link)
            if stop < len(word) and word.startswith(link, end):
                piece = (1 + _LINK_COSTS, number, core)
                found[stop] = min(found.get(stop, piece), piece)
    return found
