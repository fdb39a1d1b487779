"""All areas from all lists that were ever imported: a function of the lists, whatever order they came in."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from catalog_sync.areas.listed import AreaList
from catalog_sync.areas.naming import EarlierNames, earlier_names, levels_of, listed_names, name_of
from catalog_sync.areas.resolving import Resolved, resolve
from catalog_sync.areas.succession import Successors, successors
from catalog_sync.areas.timeline import Timeline, timeline_of
from catalog_sync.catalog.keys import AreaKey, AreaLevel, ancestors

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class DerivedArea:
    """One area as the tables hold it; days as ISO text."""

    key: AreaKey
    name: str
    levels: frozenset[AreaLevel]
    valid_from: str | None
    valid_until: str | None
    part: bool
    population: int | None
    seat_postcode: str | None
    earlier_names: EarlierNames = ()

    @property
    def municipality(self) -> bool:
        """Whether it is one, unincorporated areas included, city parts not."""
        return AreaLevel.MUNICIPALITY in self.levels and not self.part


@dataclass(frozen=True, slots=True)
class Derived:
    """All areas and which of them follow others that are gone."""

    areas: Mapping[AreaKey, DerivedArea]
    successors: Successors
    notices: list[str] = field(default_factory=list)


def derive(lists: Sequence[AreaList]) -> Derived:
    """Work out all areas."""
    resolved = resolve(lists)
    timeline = timeline_of(resolved)
    levels = levels_of(resolved)
    towns = {
        key for key, said in levels.items() if AreaLevel.MUNICIPALITY in said and key not in timeline.parts
    }
    names = _names(resolved, timeline, towns)
    following = successors(timeline, names, towns)
    counts = _Counts(resolved, timeline, towns, following)
    earlier = earlier_names(resolved)
    areas = {
        key: DerivedArea(
            key=key,
            name=names[key],
            levels=frozenset(levels.get(key) or {AreaLevel(len(key))}),
            valid_from=life.since,
            valid_until=life.until,
            part=key in timeline.parts,
            population=counts.population.get(key),
            seat_postcode=counts.seats.get(key),
            earlier_names=earlier.get(key, ()),
        )
        for key, life in timeline.lives.items()
    }
    return Derived(areas, following, [*timeline.notices, *_unresolved(resolved)])


def _names(resolved: Sequence[Resolved], timeline: Timeline, towns: Iterable[AreaKey]) -> dict[AreaKey, str]:
    listed = listed_names(resolved)
    current: dict[AreaKey, list[AreaKey]] = defaultdict(list)
    ever: dict[AreaKey, list[AreaKey]] = defaultdict(list)
    for key in towns:
        for above in ancestors(key)[1:]:
            ever[above].append(key)
            if timeline.lives[key].until is None:
                current[above].append(key)
    return {key: name_of(key, listed, current if key in current else ever) for key in timeline.lives}


class _Counts:
    """Population and seat: as listed, handed on to a successor, and summed for the levels above."""

    def __init__(
        self,
        resolved: Sequence[Resolved],
        timeline: Timeline,
        towns: Iterable[AreaKey],
        following: Mapping[AreaKey, AreaKey],
    ) -> None:
        self.population: dict[AreaKey, int] = {}
        self.seats: dict[AreaKey, str] = {}
        for one in resolved:
            for named in one.rows:
                if named.row.population is not None:
                    self.population[named.key] = named.row.population
                if named.row.seat_postcode is not None:
                    self.seats[named.key] = named.row.seat_postcode
        for gone, successor in following.items():
            self._hand_on(gone, successor)
        self._sum([key for key in towns if timeline.lives[key].until is None])

    def _hand_on(self, gone: AreaKey, successor: AreaKey) -> None:
        if gone in self.population:
            self.population.setdefault(successor, self.population[gone])
        if gone in self.seats:
            self.seats.setdefault(successor, self.seats[gone])

    def _sum(self, towns: Iterable[AreaKey]) -> None:
        sums: dict[AreaKey, int] = defaultdict(int)
        for key in towns:
            for above in ancestors(key)[1:]:
                if key in self.population:
                    sums[above] += self.population[key]
        self.population.update(sums)


def _unresolved(resolved: Sequence[Resolved]) -> list[str]:
    return [
        f"{one.source.name}: {len(one.unresolved)} municipality keys (AGS) have no regional key (ARS) in any list and "
        f"were left out ({', '.join(one.unresolved[:_SHOWN])}, ...). Import a list of regional keys too."
        for one in resolved
        if one.unresolved
    ]
