"""From what lists write to areas: each row's key, AGS mapped to ARS, and what each row says the area is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from catalog_sync.areas.listed import AreaList, ListedArea
from catalog_sync.areas.rows import AGS_LENGTH
from catalog_sync.catalog.keys import ARS_LENGTH, AreaKey, AreaLevel, ancestors, ars_of, cut

_CITY_TAIL = "000"  # the last digits of an AGS whose municipality is a district of its own


@dataclass(frozen=True, slots=True)
class Named:
    """A row whose area is known; `level` is what the list says that it is, `key` can be shorter than that."""

    key: AreaKey
    level: AreaLevel
    row: ListedArea


@dataclass(frozen=True, slots=True)
class Resolved:
    """One list with all its rows' keys."""

    source: AreaList
    rows: tuple[Named, ...]
    unresolved: tuple[str, ...]
    added: frozenset[AreaKey]
    gone: frozenset[AreaKey]


def ags_of(key: AreaKey) -> str:
    """The 8 digits of a municipality's key without its association."""
    ars = ars_of(key)
    return ars[:5] + ars[9:]


def resolve(lists: Sequence[AreaList]) -> list[Resolved]:
    """All lists, oldest first; of lists of one day, in the order given.

    A full key that is listed like a municipality, but has municipalities below it, names an upper level: a table may
    list Hessen as 060000000000.
    """
    ordered = sorted(lists, key=lambda one: one.as_of)
    by_ags = _ars_by_ags(ordered)
    inner = _with_areas_below(ordered)
    return [_resolved(one, by_ags, inner) for one in ordered]


def _ars_by_ags(ordered: Iterable[AreaList]) -> dict[str, str]:
    """The newest list decides which association a municipality belongs to."""
    return {
        row.digits[:5] + row.digits[9:]: row.digits
        for one in ordered
        for row in one.rows
        if len(row.digits) == ARS_LENGTH and row.digits not in one.gone
    }


def _with_areas_below(ordered: Iterable[AreaList]) -> frozenset[AreaKey]:
    below = {
        cut(row.digits)
        for one in ordered
        for row in one.rows
        if len(row.digits) == ARS_LENGTH and not row.part
    }
    return frozenset(above for key in below for above in ancestors(key)[1:])


def _resolved(one: AreaList, by_ags: dict[str, str], inner: frozenset[AreaKey]) -> Resolved:
    rows: list[Named] = []
    unresolved: list[str] = []
    for row in one.rows:
        ars = _ars(row.digits, by_ags)
        if ars is None:
            unresolved.append(row.digits)
        else:
            key = cut(ars)
            upper = key in inner and row.level is AreaLevel.MUNICIPALITY
            rows.append(Named(key, AreaLevel(len(key)) if upper else row.level, row))
    return Resolved(
        one,
        tuple(rows),
        tuple(unresolved),
        frozenset(cut(digits) for digits in one.added),
        frozenset(cut(digits) for digits in one.gone),
    )


def _ars(digits: str, by_ags: dict[str, str]) -> str | None:
    if len(digits) != AGS_LENGTH:
        return digits
    alone = digits[:5].ljust(ARS_LENGTH, "0") if digits.endswith(_CITY_TAIL) else None
    return by_ags.get(digits, alone)
