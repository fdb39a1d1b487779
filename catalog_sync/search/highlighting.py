"""Marking in a text what was asked for: the word, or the part of a compound."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import combinations

from catalog_sync.catalog.folding import Located, located_words
from catalog_sync.search.compounds import parts
from catalog_sync.search.explaining import Part
from catalog_sync.search.german import stem


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a text."""

    text: str
    matched: bool


def marked_stems(explained: Collection[Part]) -> frozenset[str]:
    """The stems by which a hit was found."""
    return frozenset(one for part in explained for one in part.stems)


def highlighted(text: str, stems: Collection[str]) -> list[Segment]:
    """A text in pieces, those marked that are words or parts of words with these stems."""
    found: list[Segment] = []
    behind = 0
    for begin, end in _joined(range_ for word in located_words(text) for range_ in _ranges(word, stems)):
        if begin > behind:
            found.append(Segment(text[behind:begin], matched=False))
        found.append(Segment(text[begin:end], matched=True))
        behind = end
    if behind < len(text):
        found.append(Segment(text[behind:], matched=False))
    return found


def _ranges(word: Located, stems: Collection[str]) -> Iterator[tuple[int, int]]:
    if stem(word.folded) in stems:
        yield word.places[0], word.places[-1]
        return
    spans = _spans(word.folded)
    for first, last in combinations(range(len(spans) + 1), 2):
        begin, end = spans[first][0], spans[last - 1][1]
        joined = "".join(word.folded[slice(*span)] for span in spans[first:last])
        if (own := stem(joined)) in stems:
            inside = last < len(spans) and word.folded.startswith(own, begin)  # Hund in Hundesteuer
            yield word.places[begin], word.places[begin + len(own) if inside else end]


def _spans(word: str) -> list[tuple[int, int]]:
    """Where the parts of a compound stand in it; linking letters stand between."""
    found, at = [], 0
    for part in parts(word):
        begin = word.index(part, at)
        at = begin + len(part)
        found.append((begin, at))
    return found


def _joined(ranges: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Ranges in order, those that touch or overlap as one."""
    before: tuple[int, int] | None = None
    for begin, end in sorted(ranges):
        if before is not None and begin <= before[1]:
            before = (before[0], max(before[1], end))
            continue
        if before is not None:
            yield before
        before = (begin, end)
    if before is not None:
        yield before
