"""All areas in memory: some 16,000 small rows that every answer needs, loaded again only when they changed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import orjson
from sqlalchemy import Connection, bindparam, select

from catalog_sync.catalog.area_names import AreaNames
from catalog_sync.catalog.area_search import AreaSearch
from catalog_sync.catalog.keys import GERMANY, AreaCode, AreaKey, AreaLevel, ars_of, code_of, key_of, level_of
from catalog_sync.catalog.reading import Row, Snapshot, Statement, listed
from catalog_sync.catalog.tables import area, area_postcode, area_successor, state

_LEVELS = tuple(AreaLevel)


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area.

    Attributes:
        levels: what official lists say it is, from the top; Hamburg is a state, a district and a municipality.
        valid_from, valid_until: ISO days; the last day is the eve of the list that lacks it. None is open.
        part: a city's part (Ortsteil, Stadtbezirk), which is no municipality.
        population: of the newest list that has it; above municipalities the sum.
        successors: the areas that it became, where that is certain.
        earlier_names: what it was called before, each with its last day, the oldest first.
    """

    key: AreaKey
    code: AreaCode
    ars: str
    name: str
    level: AreaLevel
    levels: tuple[AreaLevel, ...]
    valid_from: str | None = None
    valid_until: str | None = None
    part: bool = False
    population: int | None = None
    seat_postcode: str | None = None
    successors: tuple[AreaKey, ...] = ()
    earlier_names: tuple[tuple[str, str], ...] = ()

    @property
    def current(self) -> bool:
        """Whether the newest official list has it."""
        return self.valid_until is None

    def valid_on(self, day: date) -> bool:
        """Whether it existed on a day, as far as the lists tell."""
        iso = day.isoformat()
        return (self.valid_from or iso) <= iso <= (self.valid_until or iso)

    def on(self, day: date) -> "AreaRow | None":
        """As it was on a day, by its name of then; None where it did not exist."""
        if not self.valid_on(day):
            return None
        iso = day.isoformat()
        name = next((name for last, name in self.earlier_names if iso <= last), self.name)
        return replace(self, name=name)


@dataclass(frozen=True, slots=True)
class Place:
    """A place as it is named in a question, and as it is looked up.

    Attributes:
        key: by which rules and descriptions are looked up.
        asked: the area that was named; None where no list has it.
        gone: whether that area was no more on the day of the question.
        successors: what it had become by then, as far as that is certain.
    """

    key: AreaKey
    asked: AreaRow | None = None
    gone: bool = False
    successors: tuple[AreaRow, ...] = ()


_COUNTRY = AreaRow(
    GERMANY, code_of(GERMANY), ars_of(GERMANY), "Deutschland", AreaLevel.COUNTRY, (AreaLevel.COUNTRY,)
)


class AreaMap:
    """Every area that a list ever had, gone ones too; Germany is there before any list is."""

    def __init__(
        self, rows: Iterable[AreaRow] = (), postcodes: Mapping[str, Sequence[AreaKey]] | None = None
    ) -> None:
        self._rows: dict[AreaKey, AreaRow] = {GERMANY: _COUNTRY}
        self._rows.update((row.key, row) for row in rows)
        self._search = AreaSearch(self._rows, postcodes or {})
        self.named = AreaNames(self._rows.values()).named

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, key: AreaKey) -> AreaRow | None:
        """The area of a key, or None where no list has it."""
        return self._rows.get(key)

    def known(self, key: AreaKey) -> bool:
        """Whether any list has the key or had it."""
        return key in self._rows

    def keys(self) -> frozenset[AreaKey]:
        """All keys, gone ones too."""
        return frozenset(self._rows)

    def search(self, query: str) -> list[AreaRow]:
        """Areas by name, postcode or key, best first; see `AreaSearch`."""
        return [self._rows[key] for key in self._search.find(query)]

    def place_on(self, key: AreaKey, day: date) -> Place:
        """What to look up for a key: on days when its area is no more, the one that it became.

        An area that was split, or of which no list tells what it became, is looked up by its own key: which rules
        cover all of it is sure, which of its parts is meant is not.
        """
        asked = self._rows.get(key)
        if asked is None or (asked.valid_until or "9999") >= day.isoformat():
            return Place(key, asked)
        successors = tuple(self.resolve_current(key, day))
        found = successors[0].key if len(successors) == 1 else key
        return Place(found, asked, gone=True, successors=successors)

    def resolve_current(self, key: AreaKey, today: date) -> list[AreaRow]:
        """The area itself while it is valid, else what it became; nothing where that is not known."""
        found: dict[AreaKey, AreaRow] = {}
        seen: set[AreaKey] = set()
        waiting = [key]
        while waiting:
            row = self._rows.get(waiting.pop(0))
            if row is None or row.key in seen:
                continue
            seen.add(row.key)
            if row.valid_until is None or row.valid_until >= today.isoformat():
                found[row.key] = row
            else:
                waiting.extend(row.successors)
        return list(found.values())


_VERSION = Statement(select(state.c.areas_version))
_AREAS = Statement(
    select(
        area.c.code,
        area.c.name,
        area.c.levels,
        area.c.valid_from,
        area.c.valid_until,
        area.c.part,
        area.c.population,
        area.c.seat_postcode,
        area.c.earlier_names,
    )
)
_SUCCESSORS = Statement(
    select(area_successor.c.code, area_successor.c.successor).order_by(area_successor.c.successor)
)
_CURRENT_PLACES = (
    select(area_postcode.c.postcode, area_postcode.c.code)
    .join(area, area.c.code == area_postcode.c.code)
    .where(area.c.valid_until.is_(None))
    .order_by(area_postcode.c.postcode, area.c.population.desc().nulls_last(), area.c.sort_name, area.c.code)
)
_POSTCODES = Statement(_CURRENT_PLACES)
_AREAS_OF_POSTCODE = Statement(
    _CURRENT_PLACES.where(
        area_postcode.c.postcode == bindparam("postcode", type_=area_postcode.c.postcode.type)
    )
)
_POSTCODES_OF_AREAS = Statement(
    select(area_postcode.c.code, area_postcode.c.postcode)
    .where(listed(area_postcode.c.code, "codes"))
    .order_by(area_postcode.c.code, area_postcode.c.postcode)
)


async def load_area_map(snapshot: Snapshot) -> AreaMap:
    """Read all areas."""
    successors: dict[int, list[AreaKey]] = defaultdict(list)
    for code, successor in await snapshot.rows(_SUCCESSORS):
        successors[code].append(key_of(successor))
    postcodes: dict[str, list[AreaKey]] = defaultdict(list)
    for postcode, code in await snapshot.rows(_POSTCODES):
        postcodes[postcode].append(key_of(code))
    rows = await snapshot.rows(_AREAS)
    return AreaMap((_row(row, successors.get(row[0], ())) for row in rows), postcodes)


def _row(row: Row, successors: Sequence[AreaKey]) -> AreaRow:
    code, name, bits, valid_from, valid_until, part, population, seat_postcode, earlier = row
    key = key_of(code)
    return AreaRow(
        key=key,
        code=AreaCode(code),
        ars=ars_of(key),
        name=name,
        level=level_of(key),
        levels=tuple(level for index, level in enumerate(_LEVELS) if bits >> index & 1),
        valid_from=valid_from,
        valid_until=valid_until,
        part=bool(part),
        population=population,
        seat_postcode=seat_postcode,
        successors=tuple(successors),
        earlier_names=tuple((last, before) for last, before in orjson.loads(earlier)) if earlier else (),
    )


class AreaMaps:
    """The newest map, read again only after an import of areas changed something."""

    def __init__(self) -> None:
        self._version: int | None = None
        self._map = AreaMap()

    async def current(self, snapshot: Snapshot) -> AreaMap:
        """The map as this snapshot has it."""
        rows = await snapshot.rows(_VERSION)
        version = int(rows[0][0]) if rows else 0
        if version != self._version:
            self._map, self._version = await load_area_map(snapshot), version
        return self._map


async def areas_of_postcode(snapshot: Snapshot, postcode: str) -> list[AreaKey]:
    """The current places in which a postcode is used, biggest first."""
    return [key_of(code) for _, code in await snapshot.rows(_AREAS_OF_POSTCODE, postcode=postcode)]


async def postcodes_of(snapshot: Snapshot, keys: Iterable[AreaKey]) -> dict[AreaKey, list[str]]:
    """The postcodes of each area, in order; an area without any has an empty list."""
    found: dict[AreaKey, list[str]] = {key: [] for key in keys}
    for code, postcode in await snapshot.rows(_POSTCODES_OF_AREAS, codes=[code_of(key) for key in found]):
        found[key_of(code)].append(postcode)
    return found


def known_area_keys(connection: Connection) -> frozenset[AreaKey]:
    """All keys that any list has or had, Germany always; for those who write."""
    return frozenset({GERMANY, *map(key_of, connection.scalars(select(area.c.code)))})
