"""Finding areas by what people write: a name or its beginning, a postcode, a key.

Names match however umlauts and ß are written (see `folding`). Best first: the name itself (Wetzlar, for "Wetzlar,
Stadt"), then names that begin with the words, then with the letters, then names that have such words anywhere; parts
of cities and areas that are gone two steps behind; among equals municipalities, then by population.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from catalog_sync.catalog.folding import folded_words
from catalog_sync.catalog.keys import ARS_LENGTH, AreaKey, AreaLevel, cut

_POSTCODE_LENGTH = 5
_AGS_LENGTH = 8
_EXACT, _FIRST_WORDS, _BEGINNING, _ANYWHERE = range(4)
_BEHIND = 2


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


class _Name(NamedTuple):
    key: AreaKey
    words: tuple[str, ...]
    main: tuple[str, ...]  # before the comma: Wetzlar, Stadt
    behind: int
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

    def find(self, query: str) -> list[AreaKey]:
        """The keys of all areas that match, best first."""
        digits = "".join(query.split())
        if digits.isascii() and digits.isdigit():
            return self._by_number(digits)
        wanted = folded_words(query)
        if not wanted:
            return []
        ranked = [
            (rank + name.behind, name.tie)
            for name in self._candidates(max(wanted, key=len))
            if (rank := _rank(name, wanted)) is not None
        ]
        return [tie[-1] for _, tie in sorted(ranked)]

    def _by_number(self, digits: str) -> list[AreaKey]:
        found = list(self._postcodes.get(digits, ()))
        if len(digits) == _AGS_LENGTH and digits in self._by_ags:
            found.append(self._by_ags[digits])
        if len(digits) in {*AreaLevel} - {0} and (key := cut(digits)) in self._rows:
            found.append(key)
        return found

    def _candidates(self, prefix: str) -> Iterable[_Name]:
        start = bisect_left(self._words, (prefix, 0))
        numbers: set[int] = set()
        for word, number in self._words[start:]:
            if not word.startswith(prefix):
                break
            numbers.add(number)
        return (self._names[number] for number in numbers)


def _rank(name: _Name, wanted: tuple[str, ...]) -> int | None:
    if wanted in (name.main, name.words):
        return _EXACT
    if name.words[: len(wanted)] == wanted:
        return _FIRST_WORDS
    if " ".join(name.words).startswith(" ".join(wanted)):
        return _BEGINNING
    if all(any(word.startswith(part) for word in name.words) for part in wanted):
        return _ANYWHERE
    return None


def _names(rows: Iterable[Searchable]) -> Iterable[_Name]:
    """All names but those of associations that only repeat their one municipality's."""
    found = list(rows)
    towns = {(row.key[: AreaLevel.ASSOCIATION], row.name) for row in found if len(row.key) == ARS_LENGTH}
    for row in found:
        if len(row.key) == AreaLevel.ASSOCIATION and (row.key, row.name) in towns:
            continue
        yield _Name(
            key=row.key,
            words=folded_words(row.name),
            main=folded_words(row.name.partition(",")[0]),
            behind=0 if row.current and not row.part else _BEHIND,
            tie=(not _is_town(row), -(row.population or 0), row.name, row.key),
        )


def _gone_first(rows: Iterable[Searchable]) -> Iterable[Searchable]:
    return sorted(rows, key=lambda row: row.current)


def _is_town(row: Searchable) -> bool:
    return AreaLevel.MUNICIPALITY in row.levels


def _ags(key: AreaKey) -> str:
    ars = key.ljust(ARS_LENGTH, "0")
    return ars[:5] + ars[9:]
