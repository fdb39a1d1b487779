"""How long search, suggestions and place look-ups take inside the process, nothing of it asked before."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from random import Random

from bench.data.described import Described
from bench.data.tiers import Tier
from bench.search.asked import kinds_of_questions
from bench.search.timing import Times
from catalog_sync.catalog.areas import AreaMap, load_area_map
from catalog_sync.catalog.keys import AreaKey
from catalog_sync.catalog.reading import Snapshot
from catalog_sync.search.filtering import Filters
from catalog_sync.search.finding import find_services
from catalog_sync.search.memory import SearchIndex
from catalog_sync.search.offering import suggested
from hub.cli.running import Databases

PLACES = Tier("places", services=1, districts=27, municipalities=100, local_every=1)
"""10,800 municipalities, about as many as Germany has."""
FIRST = 10
_PLACE = AreaKey("06")
Row = dict[str, float]
Rows = dict[str, Row]


async def searches(databases: Databases, index: SearchIndex, data: Described, each: int) -> Rows:
    """Each kind of question, the first ten hits and how many there are."""
    told, every = {}, _Clocks()
    for kind, questions in kinds_of_questions(data, each).items():
        clocks, answered = _Clocks(), 0
        for question in questions:
            async with databases.catalog.snapshot() as snapshot, clocks.one():
                found = await find_services(snapshot, index, question, Filters(), first=FIRST)
            answered += bool(found.keys)
        told[kind] = clocks.row() | {"answered": answered / len(questions)}
        every.take(clocks)
    return told | {"all": every.row()}


def prefixes(data: Described, each: int) -> Sequence[str]:
    """What stands in the field while titles are typed: beginnings of two letters and more."""
    random = Random(5)
    titles = [data.title(random.randrange(data.services)) for _ in range(each)]
    return [title[: 2 + number % 9] for number, title in enumerate(titles)]


def places(areas: AreaMap, each: int) -> Mapping[str, Sequence[str]]:
    """Names, beginnings, names with a letter wrong, and postcodes."""
    random = Random(3)
    keys = sorted(areas.keys())
    names = [row.name for _ in range(each) if (row := areas.get(random.choice(keys)))]
    return {
        "place by name": names,
        "place by its beginning": [name[: 2 + number % 5] for number, name in enumerate(names)],
        "place mistyped": [f"{name[:2]}{name[3:]}" for name in names],
        "postcode": [f"{random.randrange(1_000, 99_999):05}" for _ in range(each)],
    }


async def others(databases: Databases, index: SearchIndex, data: Described, each: int) -> Rows:
    """Suggestions with and without a place, and places."""
    typed = prefixes(data, each)
    told = {
        "suggestions": await _timed(
            typed, databases, lambda snapshot, text: suggested(snapshot, index, text, None, 8)
        ),
        "suggestions at a place": await _timed(
            typed, databases, lambda snapshot, text: suggested(snapshot, index, text, _PLACE, 8)
        ),
    }
    async with databases.catalog.snapshot() as snapshot:
        areas = await load_area_map(snapshot)
    for kind, names in places(areas, each).items():
        clocks = _Clocks()
        for name in names:
            async with clocks.one():
                areas.search(name)
        told[kind] = clocks.row()
    return told


async def _timed(
    texts: Sequence[str], databases: Databases, ask: Callable[[Snapshot, str], Awaitable[object]]
) -> Row:
    clocks = _Clocks()
    for text in texts:
        async with databases.catalog.snapshot() as snapshot, clocks.one():
            await ask(snapshot, text)
    return clocks.row()


class _Clocks:
    """Elapsed time and CPU time together."""

    def __init__(self) -> None:
        self.elapsed, self.cpu = Times(), Times(time.process_time)

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Measure once."""
        with self.elapsed.one(), self.cpu.one():
            yield

    def take(self, other: "_Clocks") -> None:
        """Add what others measured."""
        self.elapsed.seconds += other.elapsed.seconds
        self.cpu.seconds += other.cpu.seconds

    def row(self) -> Row:
        """In milliseconds."""
        return {
            "p50": self.elapsed.milliseconds(0.5),
            "p95": self.elapsed.milliseconds(0.95),
            "cpu p50": self.cpu.milliseconds(0.5),
            "cpu p95": self.cpu.milliseconds(0.95),
        }
