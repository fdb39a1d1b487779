"""All words that are known, in order: how a beginning may go on, and what a mistyped word may have been.

A change costs what it changes: the lists stay sorted, so that every process gives the same answer.
"""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple, TypeVar

from rapidfuzz import process
from rapidfuzz.distance import OSA

_LONG_WORD = 8
_LABEL = 2
_AT_A_TIME, _MANY = 100, 1000
_MOST_CORRECTIONS = 6
_MOST_COMPLETIONS = 60
_FEW = 50
"""Changes of a list: above, sorting it once is cheaper than moving its end for each of them."""

_T = TypeVar("_T", str, tuple[str, str])


class Correction(NamedTuple):
    """A known word near one that is not: its stem, as written, how many edits apart."""

    stem: str
    surface: str
    distance: int


class Vocabulary:
    """The words of the catalogue's titles, keywords and bundles, and those of the thesaurus."""

    def __init__(self) -> None:
        self._surfaces: dict[str, str] = {}
        self._of_catalogue: dict[str, str] = {}
        self._of_thesaurus: Mapping[str, str] = {}
        self._german: Collection[str] = ()
        self._by_stem: Mapping[str, Collection[str]] = {}
        self._stems: dict[str, str] = {}
        self._offered: dict[str, str] = {}
        self._completions: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._near: dict[tuple[int, str], list[str]] = defaultdict(list)
        self._first_letters: set[str] = set()

    def take(self, changes: Mapping[str, str | None]) -> Iterator[None]:
        """Words of the catalogue that came or went; in small steps, after each of which it answers.

        Args:
            changes: stem -> a folded word that it stands for; None where the catalogue has none any more.
        """
        rest = iter(changes)
        while some := list(islice(rest, _AT_A_TIME)):
            self._take(some, changes)
            yield

    def _take(self, stems: Sequence[str], changes: Mapping[str, str | None]) -> None:
        touched: set[str] = set()
        for stem in stems:
            if (before := self._surfaces.pop(stem, None)) is not None:
                touched.add(before)
                if self._of_catalogue.get(before) == stem:
                    del self._of_catalogue[before]
            touched.update(self._by_stem.get(stem, ()))
            if (surface := changes[stem]) is not None:
                self._surfaces[stem], self._of_catalogue[surface] = surface, stem
                touched.add(surface)
        self._arrange(touched)

    def under(
        self, surfaces: Mapping[str, str], german: Collection[str]
    ) -> "tuple[Vocabulary, Iterator[None]]":
        """The words of the same catalogue with others of a thesaurus, their stems, and which are German.

        It is filled in small steps; until the last it answers for some words only.
        """
        found = Vocabulary()
        found._surfaces, found._of_catalogue = self._surfaces.copy(), self._of_catalogue.copy()
        found._of_thesaurus, found._german = dict(surfaces), frozenset(german)
        return found, found._fill()

    def _fill(self) -> Iterator[None]:
        by_stem: dict[str, list[str]] = defaultdict(list)
        for number, (surface, stem) in enumerate(self._of_thesaurus.items()):
            by_stem[stem].append(surface)
            if number % _MANY == 0:
                yield
        self._by_stem = by_stem
        yield
        words = iter({*self._of_thesaurus, *self._german, *self._surfaces.values()})
        while some := list(islice(words, _AT_A_TIME)):
            self._arrange(some)
            yield

    def _arrange(self, touched: Iterable[str]) -> None:
        gone: dict[str, set[tuple[str, str]]] = defaultdict(set)
        new: dict[str, list[tuple[str, str]]] = defaultdict(list)
        lost: dict[tuple[int, str], set[str]] = defaultdict(set)
        added: dict[tuple[int, str], list[str]] = defaultdict(list)
        for surface in touched:
            stem = self._of_thesaurus.get(surface, self._of_catalogue.get(surface))
            before = _set(self._stems, surface, stem)
            place, label = (len(surface), surface[0]), surface[:_LABEL]
            if before is None and stem is not None:
                added[place].append(surface)
            elif before is not None and stem is None:
                lost[place].add(surface)
            is_offered = stem is not None and (surface in self._german or stem in self._surfaces)
            offered = stem if is_offered else None
            before = _set(self._offered, surface, offered)
            if before != offered:
                gone[label].update(() if before is None else ((surface, before),))
                new[label] += () if offered is None else ((surface, offered),)
        for label in gone.keys() | new.keys():
            _merge(self._completions[label], gone[label], new[label])
        for place in lost.keys() | added.keys():
            _merge(self._near[place], lost[place], added[place])
            self._first_letters.add(place[1])

    def __contains__(self, surface: str) -> bool:
        """Whether anything has this word, as written."""
        return surface in self._stems

    def is_written(self, surface: str) -> bool:
        """Whether the catalogue writes a word so."""
        return surface in self._of_catalogue

    def has_stem(self, stem: str) -> bool:
        """Whether a word of the catalogue has this stem."""
        return stem in self._surfaces

    def surface(self, stem: str) -> str:
        """A folded word with this stem; the stem where the catalogue has none."""
        return self._surfaces.get(stem, stem)

    def completions(self, beginning: str) -> Iterator[tuple[str, str]]:
        """Words that begin so with two letters or more, as written, with their stems; in order, bounded."""
        words = self._completions.get(beginning[:_LABEL], [])
        at = bisect_left(words, (beginning, ""))
        for surface, stem in words[at : at + _MOST_COMPLETIONS]:
            if not surface.startswith(beginning):
                break
            yield surface, stem

    def corrections(self, word: str, more: int = 0) -> list[Correction]:
        """The nearest known words: one edit away from four letters on, two from eight."""
        if len(word) < 4:  # noqa: PLR2004 - short words have neighbours everywhere
            return []
        near = [*self._with_its_letter(word, (1 if len(word) < _LONG_WORD else 2) + more)]
        near += [(1, surface) for surface in self._with_another_letter(word)]
        if not near:
            return []
        nearest = min(near)[0]
        best = sorted({surface for distance, surface in near if distance == nearest})[:_MOST_CORRECTIONS]
        return [Correction(self._stems[surface], surface, nearest) for surface in best]

    def _with_its_letter(self, word: str, most: int) -> Iterator[tuple[int, str]]:
        """Words so near that begin alike: who types two letters wrong rarely does so at the beginning."""
        for length in range(len(word) - most, len(word) + most + 1):
            choices = self._near.get((length, word[0]), ())
            found = process.extract(word, choices, scorer=OSA.distance, score_cutoff=most, limit=None)
            yield from ((int(distance), surface) for surface, distance, _ in found)

    def _with_another_letter(self, word: str) -> Iterator[str]:
        """Words one edit away that begin otherwise; they are few enough to be looked up one by one."""
        rest = word[1:]
        others = [rest, word[1] + word[0] + word[2:]]
        for letter in self._first_letters:
            others += (letter + rest, letter + word)
        return (one for one in others if one[0] != word[0] and one in self._stems)


def _set(held: dict[str, str], surface: str, stem: str | None) -> str | None:
    """Let a word have a stem, or none; gives the one before."""
    before = held.pop(surface, None)
    if stem is not None:
        held[surface] = stem
    return before


def _merge(ordered: list[_T], gone: Collection[_T], new: list[_T]) -> None:
    if len(gone) + len(new) > _FEW:
        ordered[:] = sorted([one for one in ordered if one not in gone] + new)
        return
    for one in gone:
        del ordered[bisect_left(ordered, one)]
    for one in new:
        insort(ordered, one)
