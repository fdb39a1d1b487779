"""Which areas a postcode is used in, as far as the lists of postcodes and of areas tell together."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from catalog_sync.areas.deriving import Derived, DerivedArea
from catalog_sync.areas.listed import ListedPostcode, PostcodeList
from catalog_sync.areas.resolving import ags_of
from catalog_sync.areas.rows import AGS_LENGTH
from catalog_sync.catalog.folding import folded_words
from catalog_sync.catalog.keys import AreaKey, AreaLevel, cut

_SHOWN = 5
Places = dict[tuple[str, AreaKey], str | None]
"""(postcode, area) to the place's name beside it."""


@dataclass(slots=True)
class Placed:
    """The result, with what could not be placed."""

    places: Places = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)


def place(lists: Sequence[PostcodeList], derived: Derived) -> Placed:
    """Map all rows to areas; a later list replaces what an earlier one said about a municipality.

    A municipality that is gone keeps its postcodes, and its successor has them too. A key that no list knows, for it
    went before the oldest list, is placed by name where one current municipality of the same district has it.
    """
    known = _Known(derived)
    placed = Placed()
    for one, rows_by_ags in _newest(lists):
        unknown: list[str] = []
        named: list[str] = []
        for ags, rows in rows_by_ags.items():
            keys = known.by_key(ags)
            if not keys:
                keys = known.by_name(ags, rows)
                (named if keys else unknown).append(ags)
            for row in rows:
                placed.places.update(((row.postcode, key), row.place) for key in keys)
        placed.notices.extend(_notices(one, named, unknown))
    return placed


def _newest(lists: Sequence[PostcodeList]) -> list[tuple[PostcodeList, dict[str, list[ListedPostcode]]]]:
    taken: set[str] = set()
    found: list[tuple[PostcodeList, dict[str, list[ListedPostcode]]]] = []
    for one in reversed(lists):
        rows: dict[str, list[ListedPostcode]] = defaultdict(list)
        for row in one.rows:
            ags = row.digits if len(row.digits) == AGS_LENGTH else ags_of(cut(row.digits))
            if ags not in taken:
                rows[ags].append(row)
        taken.update(rows)
        found.append((one, rows))
    return found


class _Known:
    """The municipalities, by all that a list of postcodes may call them."""

    def __init__(self, derived: Derived) -> None:
        self._following: Mapping[AreaKey, AreaKey] = derived.successors
        self._by_ags: dict[str, list[AreaKey]] = defaultdict(list)
        self._by_name: dict[tuple[str, ...], list[AreaKey]] = defaultdict(list)
        for area in derived.areas.values():
            if AreaLevel.MUNICIPALITY in area.levels:
                self._add(area)

    def _add(self, area: DerivedArea) -> None:
        self._by_ags[ags_of(area.key)].append(area.key)
        if area.municipality and area.valid_until is None:
            self._by_name[folded_words(area.name.partition(",")[0])].append(area.key)

    def by_key(self, ags: str) -> set[AreaKey]:
        keys = set(self._by_ags.get(ags, ()))
        return keys | {self._following[key] for key in keys if key in self._following}

    def by_name(self, ags: str, rows: Sequence[ListedPostcode]) -> set[AreaKey]:
        """Only in the old district; a city that was a district of its own can be in any of the state's."""
        around = ags[:2] if ags.endswith("000") else ags[:5]
        names = {folded_words(row.place.partition(",")[0]) for row in rows if row.place}
        found = {key for name in names for key in self._by_name.get(name, ()) if key.startswith(around)}
        return found if len(found) == 1 else set()


def _notices(one: PostcodeList, named: list[str], unknown: list[str]) -> list[str]:
    notices: list[str] = []
    if named:
        notices.append(
            f"{one.name}: {len(named)} keys are in no list; their places were found by name ({_some(named)})."
        )
    if unknown:
        notices.append(
            f"{one.name}: {len(unknown)} keys are in no list and were left out ({_some(unknown)})."
        )
    return notices


def _some(keys: list[str]) -> str:
    return ", ".join(keys[:_SHOWN]) + (", ..." if len(keys) > _SHOWN else "")
