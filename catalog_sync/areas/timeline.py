"""Since when and until when each area exists, as far as lists of different days tell.

A list of municipalities also tells which districts and associations there are: those that have one. A key that was in
an older list of a scope (a level in a state) and is missing from a newer one was last valid the day before the newer
list's day: the lists' days are all that is known. A list that would end more than three quarters of a scope, and
more than twenty areas, is no list of that scope but a supplement, and ends nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from catalog_sync.areas.listed import day_before
from catalog_sync.areas.resolving import Resolved
from catalog_sync.catalog.keys import GERMANY, AreaKey, AreaLevel, ancestors

SUPPLEMENT_SHARE = 0.75
SUPPLEMENT_ROWS = 20
_IMPLIED = (AreaLevel.ASSOCIATION, AreaLevel.DISTRICT, AreaLevel.REGION)


class Scope(NamedTuple):
    """What a list can be complete for."""

    level: AreaLevel
    state: str
    part: bool = False


@dataclass(slots=True)
class Life:
    """When an area is valid; None is open."""

    since: str | None = None
    until: str | None = None


class Timeline:
    """The lives of all areas; built by adding the lists of each day in turn."""

    def __init__(self) -> None:
        self.lives: dict[AreaKey, Life] = {GERMANY: Life()}
        self.parts: set[AreaKey] = set()
        self.notices: list[str] = []
        self._covered: set[Scope] = set()

    def add_day(self, day: str, lists: Sequence[Resolved]) -> None:
        """Take in all lists of one day."""
        self.parts.update(named.key for one in lists for named in one.rows if named.row.part)
        present = {key for one in lists for key in _present(one)}
        added = {key for one in lists for key in one.added}
        for key in present:
            self._appear(key, day, new=key in added or self._scope(key) in self._covered)
        for key in {key for one in lists for key in one.gone} - present:
            if key in self.lives:
                self._end(key, day)
        self._retire(day, present, lists)

    def _appear(self, key: AreaKey, day: str, *, new: bool) -> None:
        life = self.lives.get(key)
        if life is None:
            self.lives[key] = Life(since=day if new else None)
        else:
            life.until = None

    def _end(self, key: AreaKey, day: str) -> None:
        life = self.lives[key]
        if life.until is None:
            life.until = day_before(day)

    def _retire(self, day: str, present: set[AreaKey], lists: Sequence[Resolved]) -> None:
        scopes = {
            scope for one in lists if one.source.complete and one.source.dated for scope in _scopes(one)
        }
        alive = self._alive_by_scope()
        for scope in sorted(scopes, reverse=True):  # municipalities first: they imply the levels above
            known = alive.get(scope, [])
            missing = [key for key in known if key not in present]
            if len(missing) > SUPPLEMENT_ROWS and len(missing) > SUPPLEMENT_SHARE * len(known):
                self._tell_supplement(scope, lists, len(known) - len(missing), len(known))
                continue
            for key in missing:
                self._end(key, day)
            self._covered.add(scope)
            if scope.level is AreaLevel.MUNICIPALITY and not scope.part:
                self._retire_above(day, scope.state, present, alive)

    def _retire_above(
        self, day: str, state: str, present: set[AreaKey], alive: dict[Scope, list[AreaKey]]
    ) -> None:
        for level in _IMPLIED:
            scope = Scope(level, state)
            self._covered.add(scope)
            for key in alive.get(scope, []):
                if key not in present:
                    self._end(key, day)

    def _tell_supplement(self, scope: Scope, lists: Sequence[Resolved], found: int, known: int) -> None:
        names = ", ".join(dict.fromkeys(one.source.name for one in lists))
        self.notices.append(
            f"{names}: only {found} of {known} known areas of level {scope.level.name} in state {scope.state}; "
            "taken as a supplement, the others stay valid."
        )

    def _alive_by_scope(self) -> dict[Scope, list[AreaKey]]:
        alive: dict[Scope, list[AreaKey]] = {}
        for key, life in self.lives.items():
            if life.until is None and len(key) > AreaLevel.STATE:
                alive.setdefault(self._scope(key), []).append(key)
        return alive

    def _scope(self, key: AreaKey) -> Scope:
        return Scope(AreaLevel(len(key)), key[:2], key in self.parts)


def timeline_of(lists: Sequence[Resolved]) -> Timeline:
    """The lives that all lists together tell; the lists are sorted by day."""
    made = Timeline()
    for day, of_day in groupby(lists, key=lambda one: one.source.as_of):
        made.add_day(day, tuple(of_day))
    return made


def _present(one: Resolved) -> Iterator[AreaKey]:
    for named in one.rows:
        yield named.key
        if not named.row.part:
            yield from ancestors(named.key)[1:]


def _scopes(one: Resolved) -> Iterator[Scope]:
    for named in one.rows:
        yield Scope(named.level, named.key[:2], named.row.part)
