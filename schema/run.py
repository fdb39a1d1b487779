"""Deliveries and what became of their objects, as the graph shows them."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import strawberry

from catalog_sync.catalog.keys import EntryId
from catalog_sync.journal import OutcomeKind, RunState
from resolvers import runs
from schema.enums import EntryKind
from schema.fields import VIEWER, relation, value

if TYPE_CHECKING:
    from schema.connections import PageInfo

strawberry.enum(RunState, description="Stand eines Laufs: where a delivery stands.")
strawberry.enum(
    OutcomeKind, name="ObjectOutcome", description="Ergebnis: what became of an object of a delivery."
)
_OWN = "Told to the source and its staff."


def _counted(kind: OutcomeKind) -> object:
    def read(root: object) -> int:
        return runs.count(root, kind)  # type: ignore[arg-type] # the field's parent is a run

    return value(read, int)


@strawberry.type(description="How many objects of a run ended in which way.")
class RunCounts:
    """Totals of a run."""

    added = _counted(OutcomeKind.ADDED)
    changed = _counted(OutcomeKind.CHANGED)
    unchanged = _counted(OutcomeKind.UNCHANGED)
    gone = _counted(OutcomeKind.GONE)
    waiting = _counted(OutcomeKind.WAITING)
    rejected = _counted(OutcomeKind.REJECTED)


@strawberry.type(description="What became of one object of a delivery.")
class RunObject:
    """One object's outcome."""

    kind = value(runs.kind_of, EntryKind | None, description="Null for an element of no known kind.")
    agency: str | None
    id: str | None = strawberry.field(description="The identifier's value.")
    entry_id = value(runs.entry_id, EntryId | None, description="Null where a part of it is missing.")
    outcome: OutcomeKind
    reason: str | None = strawberry.field(description="A sentence, for all that is not plainly taken.")
    rule: str | None = strawberry.field(description="A stable word, such as missing-id.")
    remedy: str | None = strawberry.field(description="What would mend it.")
    file: str | None
    line: int | None


@strawberry.type
class RunObjectEdge:
    """One object of a page."""

    cursor: str
    node: RunObject


@strawberry.type
class RunObjectConnection:
    """A page of a run's objects, in the order of the delivery."""

    edges: list[RunObjectEdge]
    page_info: Annotated["PageInfo", strawberry.lazy("schema.connections")]
    total_count = relation(runs.part_total, int)

    @classmethod
    def is_type_of(cls, row: object, _info: object) -> bool:
        """Whether a resolver's row is one of these, and no error."""
        return isinstance(row, runs.PartView)


@strawberry.type(description="Something that was left out while its object was kept.")
class RunNotice:
    """What was left out."""

    sentence: str
    kind = value(runs.kind_of, EntryKind | None)
    agency: str | None
    id: str | None
    entry_id = value(runs.entry_id, EntryId | None)
    file: str | None
    line: int | None


@strawberry.type
class RunNoticeEdge:
    """One notice of a page."""

    cursor: str
    node: RunNotice


@strawberry.type
class RunNoticeConnection:
    """A page of a run's notices, in the order of the delivery."""

    edges: list[RunNoticeEdge]
    page_info: Annotated["PageInfo", strawberry.lazy("schema.connections")]
    total_count = relation(runs.part_total, int)

    @classmethod
    def is_type_of(cls, row: object, _info: object) -> bool:
        """Whether a resolver's row is one of these, and no error."""
        return isinstance(row, runs.PartView)


@strawberry.type(description="A file of a delivery that was refused whole.")
class RefusedFile:
    """A refused file."""

    file: str
    line: int | None
    rule: str
    reason: str
    remedy: str


@strawberry.type(description="How far a run is: bytes that were read, or records that were written.")
class RunProgress:
    """How far a run is."""

    step: str = strawberry.field(description="Schritt: read or write.")
    done: int
    total: int


@strawberry.type(description="Lauf: one delivery of a source.")
class SyncRun:
    """One delivery."""

    id: strawberry.ID
    mode: str = strawberry.field(description="Art der Lieferung: delta, snapshot or revert.")
    state: RunState
    dry_run: bool
    created_at = value(runs.began_at, dt.datetime)
    finished_at = value(runs.finished_at, dt.datetime | None, description="Null while it goes on.")
    counts = value(lambda root: root, RunCounts, description="Zero until it has ended.")
    progress = relation(runs.progress, RunProgress | None, description="While somebody works at it.")
    reverts: strawberry.ID | None = strawberry.field(description="The run that this one takes back.")
    same_as: strawberry.ID | None = strawberry.field(
        description="The run whose very bytes came once more, when nothing had happened since: it was not read again."
    )
    reverted_by = relation(runs.reverted_by, strawberry.ID | None, description="The run that took it back.")
    sentences = relation(
        runs.sentences,
        list[str] | None,
        description=f"What is to be said of the run as a whole. {_OWN}",
        scope=VIEWER,
    )
    refused = relation(
        runs.refused,
        list[RefusedFile] | None,
        description=f"The files that were refused whole. {_OWN}",
        scope=VIEWER,
    )
    notices = relation(
        runs.notices,
        RunNoticeConnection | None,
        description=f"What was left out of objects. {_OWN}",
        scope=VIEWER,
    )
    objects = relation(
        runs.objects,
        RunObjectConnection | None,
        description=f"What became of each object. {_OWN}",
        scope=VIEWER,
    )


@strawberry.type
class SyncRunEdge:
    """One run of a page."""

    cursor: str
    node: SyncRun


@strawberry.type
class SyncRunConnection:
    """A page of a source's runs, newest first."""

    edges: list[SyncRunEdge]
    page_info: Annotated["PageInfo", strawberry.lazy("schema.connections")]
    total_count = relation(runs.total, int)

    @classmethod
    def is_type_of(cls, row: object, _info: object) -> bool:
        """Whether a resolver's row is one of these, and no error."""
        return isinstance(row, runs.RunsView)
