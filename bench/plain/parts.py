"""The types below a service, written as Strawberry's guide writes them."""

import datetime as dt
from typing import Any

import strawberry
from strawberry.types import Info

from bench.plain.choosing import in_german, name_of
from bench.plain.loaders import Loaders
from bench.plain.models import Area, Edge, Entry, TextModule
from catalog_sync.catalog.keys import AreaKey, AreaLevel, ars_of, key_of
from catalog_sync.catalog.markup import plain_text
from resolvers.assurance import level_of_code
from resolvers.identifiers import global_id
from resolvers.regulatory_types import label
from schema import enums
from schema.scalars import Url


def loaders_of(info: Info[Any, Any]) -> Loaders:
    loaders: Loaders = info.context["loaders"]
    return loaders


@strawberry.type
class RegulatoryType:
    code: str

    @strawberry.field
    def label(self) -> str:
        return label(self.code)


@strawberry.type
class Source:
    name: str


@strawberry.type
class Provenance:
    entry: strawberry.Private[Entry]
    area: strawberry.Private[AreaKey]
    place: strawberry.Private[AreaKey]

    @strawberry.field
    def entry_id(self) -> str:
        return self.entry.flat_id("LB")

    @strawberry.field
    def version(self) -> str | None:
        return self.entry.version_label

    @strawberry.field
    def level(self) -> enums.AreaLevel:
        return AreaLevel(len(self.area))

    @strawberry.field
    def inherited(self) -> bool:
        return len(self.area) < len(self.place)

    @strawberry.field
    def changed_at(self) -> dt.datetime | None:
        return self.entry.changed

    @strawberry.field
    async def source(self, info: Info[Any, Any]) -> Source:
        found = await loaders_of(info).source.load(self.entry.source_id)
        return Source(name=found.name if found else "")


@strawberry.type
class Module:
    row: strawberry.Private[TextModule]

    @strawberry.field
    def kind(self) -> enums.TextModuleKind:
        return enums.TextModuleKind(self.row.code)

    @strawberry.field
    def code(self) -> str:
        return self.row.code

    @strawberry.field
    def text(self) -> str:
        return plain_text(self.row.html)

    @strawberry.field
    def language(self) -> str:
        return self.row.language


@strawberry.type
class Description:
    layers: strawberry.Private[list[tuple[AreaKey, Entry]]]
    place: strawberry.Private[AreaKey]
    title: str
    language: str
    machine_translated: bool

    @strawberry.field
    async def modules(self, info: Info[Any, Any], kinds: list[enums.TextModuleKind]) -> list[Module]:
        rows = await loaders_of(info).modules.load_many([entry.id for _, entry in self.layers])
        first = next((in_german(of_entry) for of_entry in rows if in_german(of_entry)), [])
        return [Module(row=row) for row in first]

    @strawberry.field
    def provenance(self) -> Provenance:
        area, entry = self.layers[0]
        return Provenance(entry=entry, area=area, place=self.place)


@strawberry.type
class Place:
    ars: str
    name: str


@strawberry.type
class Authority:
    entry: strawberry.Private[Entry]

    @strawberry.field
    def id(self) -> strawberry.ID:
        return strawberry.ID(global_id("Authority", self.entry.flat_id("OE")))

    @strawberry.field
    def name(self) -> str:
        return name_of(self.entry) or ""


@strawberry.type
class Responsibility:
    edge: strawberry.Private[Edge]

    @strawberry.field
    def role(self) -> enums.ResponsibilityRole:
        return enums.ResponsibilityRole(self.edge.role)

    @strawberry.field
    def matched_level(self) -> enums.AreaLevel:
        return AreaLevel(len(key_of(self.edge.area)))

    @strawberry.field
    async def authority(self, info: Info[Any, Any]) -> Authority | None:
        entry = await loaders_of(info).entry.load(self.edge.owner_id)
        return Authority(entry=entry) if entry else None

    @strawberry.field
    async def area(self, info: Info[Any, Any]) -> Place | None:
        row: Area | None = await loaders_of(info).area.load(self.edge.area)
        return Place(ars=ars_of(key_of(self.edge.area)), name=row.name) if row else None


@strawberry.type
class OnlineService:
    entry: strawberry.Private[Entry]

    @strawberry.field
    def name(self) -> str | None:
        return name_of(self.entry)

    @strawberry.field
    def required_assurance(self) -> enums.AssuranceLevel | None:
        return level_of_code(self.entry.facts.get("assurance"))


@strawberry.type
class Offer:
    entry: strawberry.Private[Entry]
    edge: strawberry.Private[Edge]
    place: strawberry.Private[AreaKey]
    leika_key: strawberry.Private[str]

    @strawberry.field
    def matched_level(self) -> enums.AreaLevel:
        return AreaLevel(len(key_of(self.edge.area)))

    @strawberry.field
    def start_url(self) -> Url | None:
        links = self.entry.facts.get("links", [])
        if not links:
            return None
        url: str = links[0]["url"]
        return Url(url.replace("{leistungsschluessel}", self.leika_key).replace("{ars}", ars_of(self.place)))

    @strawberry.field
    def online_service(self) -> OnlineService:
        return OnlineService(entry=self.entry)
