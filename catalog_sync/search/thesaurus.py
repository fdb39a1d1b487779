"""The thesaurus: what people say, and what the catalogue says for it (docs/search.md)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import orjson
from sqlalchemy import select

from catalog_sync.catalog.reading import Snapshot, Statement
from catalog_sync.catalog.tables import thesaurus_entry
from catalog_sync.search.analyzer import phrase, words

Stems = tuple[str, ...]


class Relation(StrEnum):
    """How a word stands to what it means (ISO 25964: equivalence, USE, RT).

    `SAME` holds in both directions, `USE` leads from the word to the catalogue's, `RELATED` leads there more weakly.
    """

    SAME = "same"
    USE = "use"
    RELATED = "related"


_WEIGHTS = {Relation.SAME: 0.95, Relation.USE: 0.9, Relation.RELATED: 0.5}
_BACK = 0.9
_LESS_EACH = 0.06
_ALL = Statement(
    select(
        thesaurus_entry.c.word,
        thesaurus_entry.c.language,
        thesaurus_entry.c.relation,
        thesaurus_entry.c.means,
    ).order_by(thesaurus_entry.c.id)
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that a word leads to.

    Attributes:
        stems: of the phrase.
        weight: 0 to 1, how much it counts against the word itself.
        word: the entry's word.
        means: the phrase as the entry has it.
        exact: whether both are the same thing.
    """

    stems: Stems
    weight: float
    word: str
    means: str
    exact: bool = False


class Thesaurus:
    """All entries, by the stems of their words.

    Args:
        entries: word, language, relation and the phrases that it means, best first.
    """

    def __init__(self, entries: Iterable[tuple[str, str, str, Sequence[str]]]) -> None:
        found: dict[Stems, dict[Stems, Meaning]] = defaultdict(dict)
        self.surfaces: dict[str, str] = {}
        self.german: set[str] = set()
        for word, language, relation, means in entries:
            own = {one.surface: one.stem for one in words(word)}
            self.surfaces |= own
            if language == "de":
                self.german |= own.keys()
            _take(found, word, Relation(relation), means)
        self._meanings: Mapping[Stems, Sequence[Meaning]] = {
            stems: sorted(some.values(), key=lambda one: (-one.weight, one.means))
            for stems, some in found.items()
        }
        self.longest = max(map(len, self._meanings), default=1)
        self.stems = frozenset(stem for stems in self._meanings for stem in stems)

    def meanings(self, stems: Stems) -> Sequence[Meaning]:
        """What a word or phrase leads to, best first."""
        return self._meanings.get(stems, ())


def _take(
    found: dict[Stems, dict[Stems, Meaning]], word: str, relation: Relation, means: Sequence[str]
) -> None:
    own = phrase(word)
    same = relation is Relation.SAME
    for number, text in enumerate(means):
        stems = phrase(text)
        _keep(found[own], Meaning(stems, _WEIGHTS[relation] - _LESS_EACH * number, word, text, same))
        if same and number == 0:
            _keep(found[stems], Meaning(own, _BACK, word, word, exact=True))


def _keep(found: dict[Stems, Meaning], meaning: Meaning) -> None:
    known = found.get(meaning.stems)
    if meaning.stems and (known is None or known.weight < meaning.weight):
        found[meaning.stems] = meaning


async def load_thesaurus(snapshot: Snapshot) -> Thesaurus:
    """The thesaurus as it is stored."""
    rows = await snapshot.rows(_ALL)
    return Thesaurus(
        (word, language, relation, orjson.loads(means)) for word, language, relation, means in rows
    )
