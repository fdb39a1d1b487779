"""One session and one set of DataLoaders a request."""

from collections import defaultdict
from collections.abc import Hashable
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session
from strawberry.dataloader import DataLoader

from bench.plain.models import Area, Described, Edge, Entry, ListedService, Source, TextModule
from catalog_sync.catalog.keys import AreaKey, ancestor_codes

K = TypeVar("K", bound=Hashable)


class Loaders:
    """Each relation's loader: one SELECT for all keys of a turn."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.services: DataLoader[str, ListedService | None] = DataLoader(self._services)
        self.entries: DataLoader[str, list[Entry]] = DataLoader(self._entries)
        self.entry: DataLoader[int, Entry | None] = DataLoader(self._entry)
        self.modules: DataLoader[int, list[TextModule]] = DataLoader(self._modules)
        self.edges: DataLoader[tuple[int, AreaKey], list[Edge]] = DataLoader(self._edges)
        self.source: DataLoader[int, Source | None] = DataLoader(self._source)
        self.area: DataLoader[int, Area | None] = DataLoader(self._area)

    async def _services(self, keys: list[str]) -> list[ListedService | None]:
        return self._one_each(ListedService, ListedService.leika_key, keys)

    async def _entry(self, keys: list[int]) -> list[Entry | None]:
        return self._one_each(Entry, Entry.id, keys)

    async def _source(self, keys: list[int]) -> list[Source | None]:
        return self._one_each(Source, Source.id, keys)

    async def _area(self, keys: list[int]) -> list[Area | None]:
        return self._one_each(Area, Area.code, keys)

    def _one_each(self, model: Any, column: Any, keys: list[K]) -> list[Any | None]:
        rows = self.session.scalars(select(model).where(column.in_(keys)))
        found = {getattr(row, column.key): row for row in rows}
        return [found.get(key) for key in keys]

    async def _entries(self, keys: list[str]) -> list[list[Entry]]:
        statement = (
            select(Described.leika_key, Entry)
            .join(Entry, Entry.id == Described.entry_id)
            .where(Described.leika_key.in_(keys), Entry.live)
        )
        found: dict[str, list[Entry]] = defaultdict(list)
        for key, entry in self.session.execute(statement):
            found[key].append(entry)
        return [found[key] for key in keys]

    async def _modules(self, keys: list[int]) -> list[list[TextModule]]:
        statement = select(TextModule).where(
            TextModule.entry_id.in_(keys),
            TextModule.code == "05",
        )
        found: dict[int, list[TextModule]] = defaultdict(list)
        for row in self.session.scalars(statement):
            found[row.entry_id].append(row)
        return [found[key] for key in keys]

    async def _edges(self, keys: list[tuple[int, AreaKey]]) -> list[list[Edge]]:
        areas = {code for _, place in keys for code in ancestor_codes(place)}
        statement = select(Edge).where(
            Edge.service_id.in_({service for service, _ in keys}),
            Edge.area.in_(areas),
        )
        found: dict[int, list[Edge]] = defaultdict(list)
        for row in self.session.scalars(statement):
            found[row.service_id].append(row)
        return [
            [edge for edge in found[service] if edge.area in ancestor_codes(place)] for service, place in keys
        ]
