import datetime as dt

import strawberry

from catalog_sync.catalog.chronicle import Action
from catalog_sync.catalog.keys import EntryId
from catalog_sync.feed.cursors import Cursor
from resolvers import changes
from schema.area import Area
from schema.connections import PageInfo
from schema.enums import EntryKind
from schema.fields import relation, value
from schema.node import Node

ChangeAction = strawberry.enum(Action, name="ChangeAction", description="What happened to an object.")


@strawberry.type(description="An object was added, changed or is gone; every change is told once, in order.")
class Change:
    """One change of the catalogue."""

    cursor: Cursor = strawberry.field(description="Behind this change: the place to go on from.")
    entry_id: EntryId
    kind = value(lambda root: root.entry_id.kind, EntryKind)
    action = value(lambda root: root.action, ChangeAction)
    version = value(lambda root: root.label, str | None, description="The office's own label of the version.")
    content_hash = value(
        lambda root: root.content_hash or None,
        str | None,
        description="Names the content; null when it is gone.",
    )
    at = value(changes.at, dt.datetime, description="When it began to answer here, or ceased to.")
    changed_at = value(changes.changed_at, dt.datetime | None, description="The office's date.")
    received_at = value(
        changes.received_at, dt.datetime | None, description="When this version came here first."
    )
    areas = value(changes.areas, list[Area], description="Where an answer may differ.")
    entry = relation(
        changes.entries, Node | None, description="The object as it is now; null when it is gone."
    )


@strawberry.type
class ChangeEdge:
    """One change of a page."""

    cursor: Cursor
    node: Change


@strawberry.type
class ChangeConnection:
    """A page of changes; `pageInfo.endCursor` is where to go on, also when the page is empty."""

    edges: list[ChangeEdge]
    page_info: PageInfo
