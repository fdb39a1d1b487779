"""Finding areas by what people write: a name or its beginning, a postcode, both, a key (`area_query`).

Names match however umlauts and ß are written (see `folding`). Best first: the name itself (Wetzlar, for "Wetzlar,
Stadt"), then names that begin with the words, then with the letters, then names that have such words anywhere, also
with words of what contains them (Berlin Mitte, Neustadt Wied); where nothing has them, names an edit or two away. Parts
of cities and areas that are gone stand behind; before one that is gone stands what it became. Among equals the kind of
place that was named goes first, then municipalities, then by population.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, product
from typing import NamedTuple, Protocol

from rapidfuzz import process
from rapidfuzz.distance import OSA

from catalog_sync.catalog.area_query import AreaQuery, read_area_query, spelled
from catalog_sync.catalog.folding import folded_words
from catalog_sync.catalog.keys import ARS_LENGTH, AreaKey, AreaLevel, ancestors, cut

_AGS_LENGTH = 8
_EXACT, _FIRST_WORDS, _BEGINNING, _ANYWHERE, _WITHIN = range(0, 10, 2)
_PART, _GONE, _OLD_NAME, _OTHER_KIND = 3, 4, 5, 4
_SHORTEST_CORRECTED, _LONG_WORD = 4, 8
_MOST_CORRECTIONS, _MOST_READINGS = 5, 25
_LAST = "\U0010ffff"


class Searchable(Protocol):
    """What the search looks at of an area."""

    @property
    def key(self) -> AreaKey: ...  # noqa: D102 - the catalogue's AreaRow says it
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def levels(self) -> tuple[AreaLevel, ...]: ...  # noqa: D102
    @property
    def current(self) -> bool: ...  # noqa: D102
    @property
    def part(self) -> bool: ...  # noqa: D102
    @property
    def population(self) -> int | None: ...  # noqa: D102
    @property
    def successors(self) -> tuple[AreaKey, ...]: ...  # noqa: D102
    @property
    def earlier_names(self) -> tuple[tuple[str, str], ...]: ...  # noqa: D102


class _Name(NamedTuple):
    key: AreaKey
    words: tuple[str, ...]
    mains: tuple[
        tuple[str, ...], ...
    ]  # before the comma, in each language: Wetzlar, Stadt; Bautzen / Budyšin
    behind: int
    levels: tuple[AreaLevel, ...]
    tie: tuple[bool, int, str, AreaKey]


class AreaSearch:
    """An index over all areas' words.

    Args:
        rows: all areas by key.
        postcodes: the areas of each postcode, best first.
    """

    def __init__(
        self, rows: Mapping[AreaKey, Searchable], postcodes: Mapping[str, Sequence[AreaKey]]
    ) -> None:
        self._rows = rows
        self._postcodes = postcodes
        self._by_ags = {_ags(row.key): row.key for row in _gone_first(rows.values()) if _is_town(row)}
        self._names = list(_names(rows.values()))
        self._words = sorted(
            {(word, number) for number, name in enumerate(self._names) for word in name.words}
        )
        self._folded: dict[AreaKey, tuple[str, ...]] = {}
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for word in sorted({word for word, _ in self._words}):
            self._by_length[len(word)].append(word)

    def find(self, query: str) -> list[AreaKey]:
        """The keys of all areas that match, best first."""
        asked = read_area_query(query)
        if asked.digits is not None:
            return self._by_number(asked.digits)
        if not asked.name:
            return list(self._postcodes.get(asked.postcode or "", ()))
        found = self._by_name(asked) or self._corrected(asked)
        if asked.postcode is None:
            return found
        there = set(self._postcodes.get(asked.postcode, ()))
        return [key for key in found if key in there] or found

    def _by_number(self, digits: str) -> list[AreaKey]:
        found = list(self._postcodes.get(digits, ()))
        if len(digits) == _AGS_LENGTH and digits in self._by_ags:
            found.append(self._by_ags[digits])
        if len(digits) in {*AreaLevel} - {0} and (key := cut(digits)) in self._rows:
            found.append(key)
        return found

    def _by_name(self, asked: AreaQuery) -> list[AreaKey]:
        ranked: dict[AreaKey, tuple[int, bool, tuple[bool, int, str, AreaKey]]] = {}
        for name in self._candidates(asked.name):
            rank = self._rank(name, asked)
            if rank is not None:
                other_kind = asked.level is not None and asked.level not in name.levels
                mine = (rank + name.behind + _OTHER_KIND * other_kind, other_kind, name.tie)
                ranked[name.key] = min(mine, ranked.get(name.key, mine))
        return self._with_successors(sorted(ranked, key=lambda key: ranked[key]))

    def _with_successors(self, keys: Sequence[AreaKey]) -> list[AreaKey]:
        """Before each area that is gone what it became."""
        found: dict[AreaKey, None] = {}
        for key in keys:
            row = self._rows[key]
            if not row.current:
                found |= dict.fromkeys(one for one in row.successors if one in self._rows)
            found[key] = None
        return list(found)

    def _corrected(self, asked: AreaQuery) -> list[AreaKey]:
        """What is found with words an edit or two away for those that no name begins with."""
        ways = [[word] if self._begins(word) else self._near(word) for word in asked.name]
        found: dict[AreaKey, None] = {}
        for words in islice(product(*ways), _MOST_READINGS):
            reading = AreaQuery(words, words, asked.level)
            found |= dict.fromkeys(self._by_name(reading))
        return list(found)

    def _begins(self, word: str) -> bool:
        at = bisect_left(self._words, (word, 0))
        return at < len(self._words) and self._words[at][0].startswith(word)

    def _near(self, word: str) -> list[str]:
        if len(word) < _SHORTEST_CORRECTED:
            return []
        most = 1 if len(word) < _LONG_WORD else 2
        near = [
            (int(distance), found)
            for length in range(len(word) - most, len(word) + most + 1)
            for found, distance, _ in process.extract(
                word,
                self._by_length.get(length, ()),
                scorer=OSA.distance,
                score_cutoff=most,
                limit=_MOST_CORRECTIONS,
            )
        ]
        return [found for _, found in sorted(near)[:_MOST_CORRECTIONS]]

    def _candidates(self, words: tuple[str, ...]) -> Iterable[_Name]:
        """The names that have all words; where none has, those that have one, for the others may be around it."""
        per_word = [self._numbers(word) for word in words]
        numbers = set.intersection(*per_word)
        if not numbers and len(words) > 1:
            numbers = set().union(*per_word)
        return (self._names[number] for number in sorted(numbers))

    def _numbers(self, prefix: str) -> set[int]:
        start = bisect_left(self._words, (prefix, 0))
        stop = bisect_left(self._words, (prefix + _LAST, 0))
        return {number for _, number in self._words[start:stop]}

    def _rank(self, name: _Name, asked: AreaQuery) -> int | None:
        own = [_rank(name, words) for words in dict.fromkeys((asked.words, asked.name))]
        best = min((rank for rank in own if rank is not None), default=None)
        return best if best is not None else self._rank_within(name, asked.name)

    def _rank_within(self, name: _Name, wanted: tuple[str, ...]) -> int | None:
        """Names of which one word is its own and the others are of what contains it: Berlin Mitte."""
        if len(wanted) == 1:
            return None
        own = [part for part in wanted if any(word.startswith(part) for word in name.words)]
        rest = [part for part in wanted if part not in own]
        if not rest or not own or not any(own[0] in main for main in name.mains):
            return None
        around = [word for key in ancestors(name.key)[1:] for word in self._words_of(key)]
        return _WITHIN if all(any(word.startswith(part) for word in around) for part in rest) else None

    def _words_of(self, key: AreaKey) -> tuple[str, ...]:
        known = self._folded.get(key)
        if known is None:
            row = self._rows.get(key)
            known = self._folded[key] = () if row is None else spelled(folded_words(row.name))
        return known


def _rank(name: _Name, wanted: tuple[str, ...]) -> int | None:
    if wanted == name.words or wanted in name.mains:
        return _EXACT
    if name.words[: len(wanted)] == wanted:
        return _FIRST_WORDS
    if " ".join(name.words).startswith(" ".join(wanted)):
        return _BEGINNING
    if all(any(word.startswith(part) for word in name.words) for part in wanted):
        return _ANYWHERE
    return None


def _names(rows: Iterable[Searchable]) -> Iterator[_Name]:
    """All names, earlier ones too, but those of associations that only repeat their one municipality's."""
    found = list(rows)
    towns = {(row.key[: AreaLevel.ASSOCIATION], row.name) for row in found if len(row.key) == ARS_LENGTH}
    for row in found:
        if len(row.key) == AreaLevel.ASSOCIATION and (row.key, row.name) in towns:
            continue
        behind = _GONE if not row.current else _PART if row.part else 0
        yield _name(row, row.name, behind)
        for _, earlier in row.earlier_names:
            yield _name(row, earlier, behind + _OLD_NAME)


def _name(row: Searchable, name: str, behind: int) -> _Name:
    return _Name(
        key=row.key,
        words=spelled(folded_words(name)),
        mains=tuple(spelled(folded_words(one)) for one in name.partition(",")[0].split("/")),
        behind=behind,
        levels=row.levels,
        tie=(not _is_town(row), -(row.population or 0), row.name, row.key),
    )


def _gone_first(rows: Iterable[Searchable]) -> Iterable[Searchable]:
    return sorted(rows, key=lambda row: row.current)


def _is_town(row: Searchable) -> bool:
    return AreaLevel.MUNICIPALITY in row.levels


def _ags(key: AreaKey) -> str:
    ars = key.ljust(ARS_LENGTH, "0")
    return ars[:5] + ars[9:]
