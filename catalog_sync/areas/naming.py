"""What each area is called, and what it is: from the newest list that names it, else said honestly from its key."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from catalog_sync.areas.listed import day_before
from catalog_sync.areas.resolving import Named, Resolved
from catalog_sync.catalog.keys import GERMANY, AreaKey, AreaLevel

STATES: Mapping[str, str] = {
    "01": "Schleswig-Holstein",
    "02": "Hamburg",
    "03": "Niedersachsen",
    "04": "Bremen",
    "05": "Nordrhein-Westfalen",
    "06": "Hessen",
    "07": "Rheinland-Pfalz",
    "08": "Baden-Württemberg",
    "09": "Bayern",
    "10": "Saarland",
    "11": "Berlin",
    "12": "Brandenburg",
    "13": "Mecklenburg-Vorpommern",
    "14": "Sachsen",
    "15": "Sachsen-Anhalt",
    "16": "Thüringen",
}
COUNTRY = "Deutschland"
EarlierNames = tuple[tuple[str, str], ...]
"""Last day (ISO) and name, the oldest first."""
_WORDS = {
    AreaLevel.REGION: "Region",
    AreaLevel.DISTRICT: "Kreis",
    AreaLevel.ASSOCIATION: "Gemeindeverband",
    AreaLevel.MUNICIPALITY: "Gemeinde",
}


def listed_names(lists: Sequence[Resolved]) -> dict[AreaKey, str]:
    """Each area's name in the newest list that has it; of one day, the row of the higher level goes first.

    A state is called as lists of states call it: Hamburg, although lists of municipalities have it too, as
    Hamburg, Freie und Hansestadt.
    """
    ranked: dict[AreaKey, tuple[tuple[str, int], str]] = {}
    for one in lists:
        for named in one.rows:
            if _names(named):
                rank = (one.source.as_of, -named.level)
                if named.key not in ranked or rank >= ranked[named.key][0]:
                    ranked[named.key] = (rank, named.row.name)
    return {key: name for key, (_, name) in ranked.items()}


def earlier_names(lists: Sequence[Resolved]) -> dict[AreaKey, EarlierNames]:
    """What areas were called before, as far as lists of different days tell: until the eve of the list that renames.

    Only rows of one level are compared, the lowest that an area has: a city that is a district is Mainz, kreisfreie
    Stadt, in a list of districts, and Mainz, Stadt, in one of municipalities, and was not renamed.
    """
    called: dict[AreaKey, tuple[AreaLevel, dict[str, str]]] = {}
    for one in lists:
        for named in filter(_names, one.rows):
            level, of_day = called.get(named.key, (named.level, {}))
            if named.level > level:
                of_day = {}
            if named.level >= level:
                called[named.key] = (named.level, of_day)
                of_day[one.source.as_of] = named.row.name
    changes = {key: _renamings(of_day) for key, (_, of_day) in called.items() if len(of_day) > 1}
    return {key: found for key, found in changes.items() if found}


def _renamings(of_day: Mapping[str, str]) -> EarlierNames:
    return tuple(
        (day_before(later), of_day[earlier])
        for earlier, later in pairwise(sorted(of_day))
        if of_day[earlier] != of_day[later]
    )


def _names(named: Named) -> bool:
    return len(named.key) == named.level or (
        len(named.key) > AreaLevel.STATE and named.level is not AreaLevel.ASSOCIATION
    )


def name_of(key: AreaKey, listed: Mapping[AreaKey, str], below: Mapping[AreaKey, list[AreaKey]]) -> str:
    """An area's name, also when no list has one.

    An association or a district of one municipality is called like it; any other is called by its key.

    Args:
        key: the area.
        listed: see `listed_names`.
        below: the municipalities in each upper area.
    """
    if key == GERMANY:
        return COUNTRY
    if key in listed:
        return listed[key]
    if key in STATES:
        return STATES[key]
    inside = below.get(key, [])
    if len(inside) == 1 and inside[0] in listed and len(key) != AreaLevel.REGION:
        return listed[inside[0]]
    return f"{_WORDS[AreaLevel(len(key))]} {key}"


def levels_of(lists: Sequence[Resolved]) -> dict[AreaKey, set[AreaLevel]]:
    """What lists say that each area is; its key's own level always is one of them."""
    found: dict[AreaKey, set[AreaLevel]] = {}
    for one in lists:
        for named in one.rows:
            found.setdefault(named.key, set()).update(_levels(named))
    return found


def _levels(named: Named) -> Iterator[AreaLevel]:
    """A municipality whose key is shorter is all that lies between: a district too.

    It is no association, although the directory repeats it as one, for want of any.
    """
    yield AreaLevel(len(named.key))
    if named.level is AreaLevel.MUNICIPALITY and len(named.key) <= AreaLevel.DISTRICT:
        yield AreaLevel.DISTRICT
    if named.level is not AreaLevel.ASSOCIATION:
        yield named.level
