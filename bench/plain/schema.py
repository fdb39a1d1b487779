"""Service and query of the plain stack, written as Strawberry's guide writes them."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import orjson
import strawberry
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.types import Info

from bench.plain import searching
from bench.plain.choosing import deepest, layers_at, title_of
from bench.plain.models import Edge, Entry
from bench.plain.parts import Description, Offer, RegulatoryType, Responsibility, loaders_of
from catalog_sync.catalog.keys import GERMANY, AreaKey, LeikaKey
from resolvers.assurance import level_of_code
from resolvers.identifiers import global_id
from schema import enums
from schema.scalars import SCALARS

ONLINE = 0


@strawberry.type
class Service:
    leika_key: LeikaKey

    @strawberry.field
    def id(self) -> strawberry.ID:
        return strawberry.ID(global_id("Service", self.leika_key))

    @strawberry.field
    async def title(self, info: Info[Any, Any]) -> str:
        layers = layers_at(await self._entries(info), GERMANY)
        chosen = title_of([entry for _, entry in layers])
        listed = await loaders_of(info).services.load(self.leika_key)
        return chosen[0] if chosen else listed.title if listed else self.leika_key

    @strawberry.field
    async def audiences(self, info: Info[Any, Any]) -> list[enums.Audience]:
        codes = {code for entry in await self._entries(info) for code in entry.facts.get("audiences", ())}
        return [enums.Audience(code) for code in sorted(codes)]

    @strawberry.field
    async def regulatory_types(self, info: Info[Any, Any]) -> list[RegulatoryType]:
        listed = await loaders_of(info).services.load(self.leika_key)
        return [
            RegulatoryType(code=code)
            for code in sorted(orjson.loads(listed.regulatory_types if listed else "[]"))
        ]

    @strawberry.field
    async def description(self, info: Info[Any, Any], area: AreaKey) -> Description | None:
        layers = layers_at(await self._entries(info), area)
        if not layers:
            return None
        found = title_of([entry for _, entry in layers])
        listed = await loaders_of(info).services.load(self.leika_key)
        title, language = found or (listed.title if listed else self.leika_key, "de")
        machine = any(language in entry.facts.get("machine_translated", ()) for _, entry in layers)
        return Description(
            layers=layers, place=area, title=title, language=language, machine_translated=machine
        )

    @strawberry.field
    async def responsibilities(
        self, info: Info[Any, Any], area: AreaKey, role: enums.ResponsibilityRole
    ) -> list[Responsibility]:
        edges = deepest(await self._edges(info, area), role.value)
        return [Responsibility(edge=edge) for edge in edges]

    @strawberry.field
    async def online_services(self, info: Info[Any, Any], area: AreaKey) -> list[Offer]:
        return [
            Offer(entry=entry, edge=edge, place=area, leika_key=self.leika_key)
            for edge, entry in await self._offered(info, area)
        ]

    @strawberry.field
    async def required_assurance(self, info: Info[Any, Any], area: AreaKey) -> enums.AssuranceLevel | None:
        offered = [entry for _, entry in await self._offered(info, area)]
        described = [entry for _, entry in layers_at(await self._entries(info), area)]
        levels = (level_of_code(entry.facts.get("assurance")) for entry in (*offered, *described))
        return next((level for level in levels if level is not None), None)

    async def _entries(self, info: Info[Any, Any]) -> list[Entry]:
        return await loaders_of(info).entries.load(self.leika_key)

    async def _edges(self, info: Info[Any, Any], area: AreaKey) -> list[Edge]:
        entries = await self._entries(info)
        found = await loaders_of(info).edges.load_many([(entry.id, area) for entry in entries])
        return [edge for of_entry in found for edge in of_entry]

    async def _offered(self, info: Info[Any, Any], area: AreaKey) -> list[tuple[Edge, Entry]]:
        edges = deepest(await self._edges(info, area), ONLINE)
        entries = await loaders_of(info).entry.load_many([edge.owner_id for edge in edges])
        return [(edge, entry) for edge, entry in zip(edges, entries, strict=True) if entry]


@strawberry.type
class ServiceEdge:
    cursor: str
    node: Service


@strawberry.type
class ServiceConnection:
    edges: list[ServiceEdge]
    total_count: int


@strawberry.type
class Query:
    @strawberry.field
    async def services(
        self, info: Info[Any, Any], query: str, first: int, after: str | None = None
    ) -> ServiceConnection:
        keys = searching.found(loaders_of(info).session, query)
        start = int(urlsafe_b64decode(after).decode()) + 1 if after else 0
        edges = [
            ServiceEdge(
                cursor=urlsafe_b64encode(str(place).encode()).decode(), node=Service(leika_key=LeikaKey(key))
            )
            for place, key in enumerate(keys[start : start + first], start)
        ]
        return ServiceConnection(edges=edges, total_count=len(keys))


def build(*, cached: bool) -> strawberry.Schema:
    """The schema; `cached` with Strawberry's own caches of parsed and validated documents."""
    extensions = [ParserCache, ValidationCache] if cached else []
    return strawberry.Schema(query=Query, config=StrawberryConfig(scalar_map=SCALARS), extensions=extensions)
