"""What a question asks for: its words as concepts, each with all that may stand for it in a service.

A word that the catalogue or the thesaurus knows stands for itself, for compounds that it is part of and for what the
thesaurus says. One that nothing knows is taken for a beginning (at the end of the question), for a compound, or for the
nearest words, in this order. Neighbouring words may be one word written apart, or one phrase of the thesaurus.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from catalog_sync.catalog.folding import folded_words
from catalog_sync.search.analyzer import Word, question_of
from catalog_sync.search.compounds import is_constituent, parts, split
from catalog_sync.search.german import stem
from catalog_sync.search.law import reference
from catalog_sync.search.memory import SearchIndex
from catalog_sync.search.thesaurus import Meaning
from catalog_sync.search.vocabulary import Correction


class How(StrEnum):
    """Why an alternative stands for a concept."""

    WORD = "word"
    PART = "part"
    BEGINNING = "beginning"
    CORRECTION = "correction"
    THESAURUS = "thesaurus"
    APART = "apart"
    LAW = "law"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class Alternative:
    """Stems that stand for a concept together.

    Attributes:
        stems: each may be found as a word or as a part of one.
        weight: 0 to 1, how sure that is.
        how: why they stand for it.
        shown: as a person would write it, folded where the catalogue says it.
        through: the meaning that the thesaurus gave.
    """

    stems: tuple[str, ...]
    weight: float
    how: How
    shown: str
    through: Meaning | None = None


@dataclass(frozen=True, slots=True)
class Concept:
    """A part of a question: one word, or several that belong together."""

    asked: str
    alternatives: tuple[Alternative, ...]
    words: int = 1


_BEGINNING, _OPEN_BEGINNING, _BEGINNING_OF_KNOWN, _APART, _LAW_ALONE = 0.8, 0.7, 0.6, 0.75, 0.35
_CORRECTED = {1: 0.85, 2: 0.7, 3: 0.6}
_FEW = 3
_SAME_AS_PART, _PARTS_IN_FULL = 3, 4
_SHORTEST_BEGINNING, _SHORTEST_JOINED, _RATHER_LONG, _LONG = 3, 3, 7, 12


def concepts(text: str, index: SearchIndex, *, phrases: bool = True) -> list[Concept]:
    """The concepts of a question, in its order; without `phrases` each word by itself, as far as its words allow."""
    found: list[Concept] = []
    named = reference(text)
    if named is not None:
        text = text.replace(named.written, " ")
        law = Alternative((named.law,), _LAW_ALONE, How.LAW, named.written)
        exact = Alternative((named.token,), 1.0, How.LAW, named.written)
        found.append(Concept(named.written, (exact, law)))
    pieces = index.thesaurus.pieces(text)
    for piece in pieces:
        if piece.meanings:
            found.append(Concept(" ".join(piece.words), tuple(_meant(piece.meanings)), len(piece.words)))
        else:
            found += _of_words(question_of(piece.words, alone=len(pieces) == 1), index, phrases=phrases)
    return found


def _of_words(asked: Sequence[Word], index: SearchIndex, *, phrases: bool) -> Iterator[Concept]:
    at = 0
    while at < len(asked):
        some, used = _from(asked, at, index, phrases=phrases)
        yield from some
        at += used


def _from(asked: Sequence[Word], at: int, index: SearchIndex, *, phrases: bool) -> tuple[list[Concept], int]:
    """The concepts that begin with a word, and how many words they take."""
    longest = min(index.thesaurus.longest, len(asked) - at) if phrases else 1
    for length in range(longest, 1, -1):
        span = asked[at : at + length]
        if meanings := index.thesaurus.meanings(span):
            return [_phrase(span, meanings)], length
    if at + 1 < len(asked) and (
        joined := _joined(asked[at], asked[at + 1], index, last=at + 2 == len(asked))
    ):
        return [joined], 2
    return list(_single(asked[at], index, last=at + 1 == len(asked))), 1


def _phrase(span: Sequence[Word], meanings: Iterable[Meaning]) -> Concept:
    asked = " ".join(word.surface for word in span)
    own = Alternative(tuple(word.stem for word in span), 1.0, How.WORD, asked)
    return Concept(asked, (own, *_meant(meanings)), len(span))


def _meant(meanings: Iterable[Meaning], weight: float = 1.0) -> Iterator[Alternative]:
    for one in meanings:
        yield Alternative(one.stems, weight * one.weight, How.THESAURUS, one.means, one)


def _joined(first: Word, second: Word, index: SearchIndex, *, last: bool) -> Concept | None:
    """Two words that are one word written apart: Personal Ausweis, SGB II."""
    if len(first.surface) < _SHORTEST_JOINED:
        return None
    asked = f"{first.surface} {second.surface}"
    surface = first.surface + second.surface
    whole = stem(surface)
    if not index.knows(whole):
        return _begun_together(first, second, index) if last else None
    own = Alternative((whole,), 1.0, How.WORD, surface)
    apart = Alternative((first.stem, second.stem), _APART, How.APART, asked)
    return Concept(asked, (own, apart, *_meant(index.thesaurus.meanings((Word(surface, whole),)))), 2)


def _begun_together(first: Word, second: Word, index: SearchIndex) -> Concept | None:
    """A word and the beginning of another that begin a known word together: kfz-kennz, Kraftfahrzeugkennzeichen."""
    if index.is_known(second):
        return None
    same = (one.means for one in index.thesaurus.meanings((first,)) if one.exact and len(one.stems) == 1)
    firsts = (first.surface, *(folded for means in same for folded in folded_words(means)))
    found = [
        Alternative((stem_,), _BEGINNING, How.BEGINNING, surface)
        for beginning in dict.fromkeys(firsts)
        for surface, stem_ in index.completions(beginning + second.surface)
    ]
    return Concept(f"{first.surface} {second.surface}", tuple(found), 2) if found else None


def _single(word: Word, index: SearchIndex, *, last: bool) -> Iterator[Concept]:
    if index.is_known(word):
        yield _known(word, index, last=last)
    elif last and len(word.surface) >= _SHORTEST_BEGINNING and (begun := _begun(word, index, _BEGINNING)):
        yield begun
    else:
        yield from _unknown(word, index)


def _known(word: Word, index: SearchIndex, *, last: bool) -> Concept:
    found = list(_said(word, index))
    if last and len(word.surface) > _SHORTEST_BEGINNING:
        found += [
            Alternative((one,), _BEGINNING_OF_KNOWN, How.BEGINNING, surface)
            for surface, one in index.completions(word.surface)
            if one != word.stem
        ]
    inner = parts(word.surface)
    if inner and index.count(word.stem) < _FEW:
        found.append(Alternative(tuple(stem(part) for part in inner), _APART, How.APART, " ".join(inner)))
    return Concept(word.surface, tuple(found))


def _said(word: Word, index: SearchIndex) -> Iterator[Alternative]:
    """A word itself and what it leads to; one of another language that German has the stem of is hardly that German.

    A German word that another language writes alike leads where its own language says; Rat has nothing of rats.
    """
    german, foreign = index.thesaurus.of_german((word,)), index.thesaurus.of_others((word,))
    if not foreign or index.is_german(word.surface):
        yield Alternative((word.stem,), 1.0, How.WORD, word.surface)
        alike = (one for one in foreign if folded_words(one.entry.word) == (word.surface,))
        yield from _meant(german or alike)
        return
    yield from _meant(foreign)
    yield Alternative((word.stem,), _BEGINNING_OF_KNOWN, How.WORD, word.surface)


def _begun(word: Word, index: SearchIndex, weight: float) -> Concept | None:
    found = [
        Alternative((one,), weight, How.BEGINNING, surface)
        for surface, one in index.completions(word.surface)
    ]
    return Concept(word.surface, tuple(found)) if found else None


def _unknown(word: Word, index: SearchIndex) -> Iterator[Concept]:
    corrections = [] if is_constituent(word.surface) else index.corrections(word.surface)
    inner = split(word.surface, index.may_be_part)
    if inner and not (corrections and _mistyped(word.surface, corrections[0])):
        found_apart = [Word(part, stem(part)) for part in inner]
        if all(index.knows(part.stem) for part in found_apart):
            yield _compound(word, found_apart, index)
        else:
            for part in found_apart:
                yield from _single(part, index, last=False)
        return
    found = []
    for one in corrections:
        weight = _CORRECTED[one.distance]
        found.append(Alternative((one.stem,), weight, How.CORRECTION, one.surface))
        found += _meant(index.thesaurus.meanings((Word(one.surface, one.stem),)), weight)
    if not found and len(word.surface) > _SHORTEST_BEGINNING + 1:
        begun = _begun(word, index, _OPEN_BEGINNING)
        found = list(begun.alternatives) if begun else []
    yield Concept(word.surface, tuple(found))


def _compound(word: Word, inner: Sequence[Word], index: SearchIndex) -> Concept:
    """A compound that no service has as one word: a service has to have all its parts, or other words for them."""
    ways = [_same_as_part(part, index) for part in inner]
    found = [
        Alternative(
            tuple(dict.fromkeys(stem_ for one in way for stem_ in one.stems)),
            min(one.weight for one in way),
            How.APART,
            " ".join(one.shown for one in way),
        )
        for way in product(*ways[:_PARTS_IN_FULL])
    ]
    return Concept(word.surface, tuple(found), len(inner))


def _same_as_part(part: Word, index: SearchIndex) -> list[Alternative]:
    same = [one for one in _meant(index.thesaurus.meanings((part,))) if len(one.stems) == 1]
    return [Alternative((part.stem,), 1.0, How.WORD, part.surface), *same[:_SAME_AS_PART]]


def _mistyped(surface: str, nearest: Correction) -> bool:
    """Whether a word that can be split is rather a known one mistyped: Kindegeld is not Kind and Geld."""
    return len(surface) > _LONG or (nearest.distance == 1 and len(nearest.surface) > _RATHER_LONG)
