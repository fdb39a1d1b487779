"""What to say beside the hits: the question with corrected words, and bundles near by where nothing was found."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from catalog_sync.catalog.folding import located_words
from catalog_sync.search.asking import Alternative, Concept, How, concepts
from catalog_sync.search.bits import members
from catalog_sync.search.finding import Found
from catalog_sync.search.memory import SearchIndex
from catalog_sync.search.scoring import answering, nearest

_MOST_QUESTIONS = 3
_MOST_BUNDLES = 5
_LEAST = 0.15
_LOOSE = 0.5
_NOT_FOLLOWED = 0.5


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of the question that may be mistyped, and what may be meant."""

    asked: str
    meant: tuple[str, ...]


def did_you_mean(index: SearchIndex, found: Found) -> list[str]:
    """The question with corrected words, best first; only questions that find something."""
    if not found.concepts or found.question is None:
        return []
    words = [_corrected(one) for one in found.concepts]
    if not found.answer.everything:
        words = [word or _looser(one, index) for word, one in zip(words, found.concepts, strict=True)]
    mistyped = [word for word in words if word is not None]
    questions = list(islice(_questions(found.question, mistyped, index), _MOST_QUESTIONS))
    if found.answer.everything or not questions:
        return questions
    return [one for one in questions if answering(concepts(one, index), found.generation)]


def nearest_bundles(index: SearchIndex, found: Found) -> list[str]:
    """The OZG bundles nearest to a question that found nothing, best first, by their numbers; a few at most.

    Where filters left nothing, they are the bundles of the hits without filters.
    """
    if found.keys or found.question is None:
        return []
    if found.answer.everything:
        near: Iterable[tuple[float, int]] = found.answer.ranking()
    else:
        loose = [_loosened(one, index) for one in found.concepts]
        near = nearest(loose, found.generation, _LEAST)
    roster = found.generation.roster
    bundles: dict[str, float] = {}
    for points, bits in near:
        last = sorted(bundles.values(), reverse=True)[:_MOST_BUNDLES]
        if last and (points < _NOT_FOLLOWED * last[0] or (len(last) == _MOST_BUNDLES and points < last[-1])):
            break
        for bundle in sorted({bundle for slot in members(bits) if (bundle := roster.services[slot].bundle)}):
            bundles.setdefault(bundle, points)
    return sorted(bundles, key=lambda bundle: (-bundles[bundle], bundle))[:_MOST_BUNDLES]


def _corrected(concept: Concept) -> _Word | None:
    """A word that was found by corrections of it."""
    meant = [one.shown for one in concept.alternatives if one.how is How.CORRECTION]
    return _Word(concept.asked, tuple(meant)) if meant else None


def _looser(concept: Concept, index: SearchIndex) -> _Word | None:
    """A word that nothing knows, with known words one letter further away than a search goes."""
    if concept.alternatives:
        return None
    meant = [one.surface for one in index.corrections(concept.asked, more=1)]
    return _Word(concept.asked, tuple(meant)) if meant else None


def _loosened(concept: Concept, index: SearchIndex) -> Concept:
    if concept.alternatives:
        return concept
    near = index.corrections(concept.asked, more=1)
    found = [Alternative((one.stem,), _LOOSE, How.CORRECTION, one.surface) for one in near]
    return replace(concept, alternatives=tuple(found))


def _questions(question: str, mistyped: Sequence[_Word], index: SearchIndex) -> Iterator[str]:
    """The question with all mistyped words corrected, by the first correction of each, by the second."""
    longest = max((len(word.meant) for word in mistyped), default=0)
    told = {question}
    for number in range(longest):
        chosen = {
            word.asked: index.spellings.written(word.meant[min(number, len(word.meant) - 1)])
            for word in mistyped
        }
        written = _with(question, chosen)
        if written not in told:
            told.add(written)
            yield written


def _with(question: str, chosen: Mapping[str, str]) -> str:
    """A question with some words written otherwise, all else as it was."""
    pieces, behind = [], 0
    for word, places in located_words(question):
        if word in chosen:
            pieces += [question[behind : places[0]], chosen[word]]
            behind = places[-1]
    return "".join(pieces) + question[behind:]
