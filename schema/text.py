"""Parts of descriptions: text modules, fees, deadlines, durations, links."""

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry

from catalog_sync.catalog.keys import AreaLevel, EntryId
from catalog_sync.catalog.language import LanguageTag
from resolvers import provenance as provenance_resolvers
from resolvers import texts
from schema.enums import DeadlineKind, FeeKind, TextModuleKind, TimeUnit
from schema.fields import relation, value
from schema.scalars import Url

if TYPE_CHECKING:
    from schema.source import Source


@strawberry.type(
    description="Herkunft: from which source, entry, version and approval a part of an answer comes."
)
class Provenance:
    """Where a part of an answer comes from."""

    source: Annotated["Source", strawberry.lazy("schema.source")]
    entry_id: EntryId
    version: str | None
    changed_at: dt.datetime | None
    approved_at: dt.date | None
    approved_by = relation(
        provenance_resolvers.approved_by, list[str], description="Fachliche Freigabe durch."
    )
    level: AreaLevel
    inherited: bool = strawberry.field(description="It holds for a wider area than the one asked for.")
    received_at: dt.datetime


@strawberry.type(description="Link: a web address with its words.")
class Link:
    """A web address with its words."""

    url: Url
    title: str | None
    description: str | None
    language: LanguageTag | None
    type_code: str | None


@strawberry.type(description="Textmodul: one part of a description.")
class TextModule:
    """One part of a description."""

    kind = value(texts.module_kind, TextModuleKind)
    code: str
    html: str = strawberry.field(description="Sanitised HTML.")
    text = value(texts.module_text, str, description="The same without markup.")
    language: LanguageTag
    links: list[Link]
    provenance: Provenance


@strawberry.type(description="Dauer: a span, or a range of spans.")
class Duration:
    """A span, or a range of spans."""

    amount: int
    unit = value(texts.unit, TimeUnit | None)
    unit_code: str = strawberry.field(description="The unit as delivered.")
    amount_to: int | None
    unit_to = value(texts.unit_to, TimeUnit | None)
    unit_to_code: str | None
    provenance: Provenance | None


@strawberry.type(description="Gebühr: what it costs.")
class Fee:
    """A fee."""

    kind: FeeKind
    amount: Decimal | None
    minimum: Decimal | None
    maximum: Decimal | None
    currency: str | None
    prepaid: bool | None
    description: str | None
    provenance: Provenance


@strawberry.type(description="Frist: until when, or for how long.")
class Deadline:
    """A deadline."""

    kind: DeadlineKind
    duration: Duration | None
    begins: str | None = strawberry.field(
        name="from", description="First day, as delivered (--10-01 is every year)."
    )
    ends: str | None = strawberry.field(name="until", description="Last day, as delivered.")
    description: str | None
    provenance: Provenance
