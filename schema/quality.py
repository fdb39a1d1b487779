"""Quality as the graph shows it: what a source's office should look at."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from catalog_sync.catalog.keys import EntryId
from catalog_sync.quality.rules import QualityRule
from resolvers import quality
from schema.fields import relation, value
from schema.link import LinkHealth
from schema.node import Node

if TYPE_CHECKING:
    from schema.connections import PageInfo

strawberry.enum(QualityRule, description="Woran es einem Objekt fehlt.")

_WORDS = {
    QualityRule.MISSING_MODULES: "Leistungsbeschreibung ohne Textmodul 03 (oder 02), 05 (oder 24), 06, 07, 08 oder 11.",
    QualityRule.NOT_APPROVED: "Leistungsbeschreibung ohne Datum der fachlichen Freigabe.",
    QualityRule.OUTDATED: "Leistungsbeschreibung oder Spezialisierung, die vor dem Stichtag zuletzt geändert wurde.",
    QualityRule.RESPONSIBILITY_WAITING: "Zuständigkeit, deren Stelle, Onlinedienst oder Leistung nicht geliefert ist.",
    QualityRule.WITHOUT_RESPONSIBILITY: "Leistungsbeschreibung, für die keine Zuständigkeit da ist.",
    QualityRule.ONLINE_SERVICE_WITHOUT_LINK: "Onlinedienst ohne Link.",
    QualityRule.DUPLICATE: "Leistungsbeschreibung, deren Leistung im selben Gebiet auch eine andere Quelle beschreibt.",
    QualityRule.WITHOUT_AREAS: "Leistungsbeschreibung ohne Gebiet; sie gilt überall, wo ihre Quelle liefern darf.",
    QualityRule.DEAD_LINK: "Objekt mit einer Adresse, die seit Tagen nicht antwortet oder die es nicht mehr gibt.",
    QualityRule.MOVED_LINK: "Objekt mit einer Adresse, die dauerhaft auf eine andere weiterleitet.",
    QualityRule.REFUSED_LINK: "Objekt mit einer Adresse in einem internen Netz, oder mit keiner Adresse des Webs.",
}


def _describe(definition: StrawberryEnumDefinition) -> None:
    """The enum lives below the floor on which GraphQL is spoken, so that its values' words are set here."""
    for one in definition.values:
        one.description = _WORDS[QualityRule(one.value)]


_describe(QualityRule.__strawberry_definition__)  # type: ignore[attr-defined] # set by the decorator


@strawberry.type
class QualityCount:
    """How many objects a rule finds."""

    rule: QualityRule
    number: int


@strawberry.type(description="An object that an office should look at, and why.")
class QualityFinding:
    """An object that a rule found."""

    rule: QualityRule
    entry_id = value(quality.entry_id, EntryId)
    title = value(quality.title, str | None, description="Null for a responsibility: it has no words.")
    detail = value(quality.detail, str, description="What is wanting, in German or English.")
    links: list[LinkHealth] = strawberry.field(description="Of a rule about links: those that it finds.")
    entry = relation(
        quality.entries, Node | None, description="Null for a responsibility while who acts is not there."
    )


@strawberry.type
class QualityEdge:
    """One finding of a page."""

    cursor: str
    node: QualityFinding


@strawberry.type
class QualityConnection:
    """A page of what a rule finds."""

    edges: list[QualityEdge]
    page_info: Annotated["PageInfo", strawberry.lazy("schema.connections")]
    total_count = relation(quality.total_count, int)


@strawberry.type(description="Qualität: what a source's office should look at, though it was taken.")
class SourceQuality:
    """What a source's office should look at."""

    older_than: dt.date = strawberry.field(description="Texts changed before this day are OUTDATED.")
    counts = relation(quality.counts, list[QualityCount], description="Every rule, also one that finds none.")
    findings = relation(
        quality.findings, QualityConnection, description="In the order in which the objects came first."
    )
