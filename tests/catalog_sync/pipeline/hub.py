"""A hub with one source, and what can be seen of its catalogue: what the tests of the sync deliver to and look at."""

import gzip
import io
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, insert, select

from catalog_sync.catalog.keys import AreaLevel, EntryKind, code_of, parse_ars
from catalog_sync.catalog.tables import area, edge, entry, state
from catalog_sync.pipeline.run import Pipeline
from catalog_sync.pipeline.steps import Mode
from catalog_sync.sources.incoming import Incoming
from catalog_sync.sources.registry import add_source
from tests.conftest import Databases

AREAS = ("06", "064", "06532", "065320023023", "065310005005", "14", "02")
START = 1_772_500_000.0


def file(content: bytes, name: str = "message.xml") -> Incoming:
    """A file of a delivery."""
    return Incoming(name, lambda: io.BytesIO(content), name.endswith(".gz"), len(content))


def packed(content: bytes, name: str = "message.xml.gz") -> Incoming:
    """The same, packed."""
    return file(gzip.compress(content), name)


def add_areas(connection: Connection, keys: Iterable[str]) -> None:
    """Make areas known."""
    rows = [
        {
            "code": code_of(parse_ars(key)),
            "ars": key.ljust(12, "0"),
            "name": key,
            "levels": 1 << list(AreaLevel).index(AreaLevel(len(parse_ars(key)))),
            "part": False,
            "sort_name": key,
        }
        for key in keys
    ]
    connection.execute(insert(area), rows)


@dataclass
class Hub:
    """A pipeline over fresh databases, with the source ``hessen`` of agency L100042 in area 06."""

    databases: Databases
    pipeline: Pipeline
    now: "Clock"

    async def deliver(
        self, *files: Incoming | bytes, source: str = "hessen", mode: Mode = "delta", dry_run: bool = False
    ) -> dict[str, Any]:
        """Deliver; gives the run's report."""
        taken = [one if isinstance(one, Incoming) else file(one) for one in files]
        return await self.pipeline.deliver(source, taken, mode=mode, dry_run=dry_run)

    async def add_source(self, key: str, agencies: Sequence[str], areas: Sequence[str], **more: Any) -> None:
        """One more source."""
        await self.databases.catalog.write(
            lambda c: add_source(c, key, key.title(), agencies=agencies, areas=areas, now=0, **more)
        )

    async def live(self) -> dict[str, int]:
        """How many live objects there are of each kind."""

        def count(connection: Connection) -> dict[str, int]:
            rows = connection.execute(
                select(entry.c.kind, func.count()).where(entry.c.live).group_by(entry.c.kind)
            )
            return {EntryKind.numbered(kind).value: there for kind, there in rows}

        return await self.databases.catalog.read(count)

    async def links(self) -> set[tuple[str, str, int, int]]:
        """The rules that answer: service, owner, role and area code."""
        service, owner = entry.alias("s"), entry.alias("o")

        def read(connection: Connection) -> set[tuple[str, str, int, int]]:
            rows = connection.execute(
                select(service.c.value, owner.c.value, edge.c.role, edge.c.area)
                .join(service, service.c.id == edge.c.service_id)
                .join(owner, owner.c.id == edge.c.owner_id)
            )
            return {(row[0], row[1], row[2], row[3]) for row in rows}

        return await self.databases.catalog.read(read)

    async def position(self) -> int:
        """The catalogue's position."""
        return await self.databases.catalog.read(lambda c: c.scalar(select(state.c.position)) or 0)


@dataclass
class Clock:
    """A clock that goes on by a second each time it is asked."""

    seconds: "itertools.count[float]" = field(default_factory=lambda: itertools.count(START))

    def __call__(self) -> float:
        return next(self.seconds)


def counting_random() -> Any:
    """Bytes that never repeat."""
    numbers = itertools.count(1)
    return lambda size: next(numbers).to_bytes(size)


async def open_hub(databases: Databases, **settings: Any) -> Hub:
    """A hub with its source and some areas."""
    clock = Clock()
    pipeline = Pipeline(
        databases.catalog, databases.operations, clock=clock, random=counting_random(), **settings
    )
    hub = Hub(databases, pipeline, clock)
    await databases.catalog.write(lambda c: add_areas(c, AREAS))
    await hub.add_source("hessen", ["L100042"], ["06"])
    return hub


def ends(report: dict[str, Any]) -> dict[str, str]:
    """Identifier's value -> outcome, of a report without repeated objects."""
    return {one["id"]: one["outcome"] for one in report["objects"]}


def one(report: dict[str, Any], id: str) -> dict[str, Any]:
    """The object of a report with this identifier."""
    found: list[dict[str, Any]] = [told for told in report["objects"] if told["id"] == id]
    assert len(found) == 1, found
    return found[0]
