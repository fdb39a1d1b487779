"""Quality as the graph shows it: what a source's office should look at."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import strawberry

from catalog_sync.catalog.keys import EntryId
from catalog_sync.quality.rules import QualityRule
from resolvers import quality
from schema.fields import relation, value
from schema.link import LinkHealth
from schema.node import Node

if TYPE_CHECKING:
    from schema.connections import PageInfo

strawberry.enum(QualityRule, description="Qualitätsregel: what is wanting in an object.")


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
