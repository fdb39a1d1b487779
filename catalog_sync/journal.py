"""Runs and what became of each object: the part of the sync that others may read."""

import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, Row, select

from catalog_sync.operations import sync_outcomes, sync_run
from catalog_sync.outcomes import Block, Outcome, OutcomeKind, Refusal, RunNotice

__all__ = [
    "RETENTION_KEPT",
    "RETENTION_PRUNED",
    "RETENTION_PRUNING",
    "Block",
    "Counts",
    "Outcome",
    "OutcomeKind",
    "Refusal",
    "Run",
    "RunNotice",
    "RunState",
    "again",
    "blocks_of",
    "counted",
    "newest_runs",
    "pack_block",
    "read_run",
    "revert_of",
    "run_of",
    "runs_of",
    "runs_to_confirm",
    "unpack_block",
]

RETENTION_KEPT, RETENTION_PRUNING, RETENTION_PRUNED = "kept", "pruning", "pruned"
"""Whether a run's bytes and markers are there, are being removed, or are gone (`pipeline.retention`)."""

Counts = dict[str, tuple[int, int]]
"""Kind of object -> how many would go, how many there are."""


class RunState(Enum):
    """Where a run stands."""

    RECEIVING = "receiving"  # its bytes are coming in
    RECEIVED = "received"  # its bytes are kept; its turn has not come
    WORKING = "working"
    FINISHED = "finished"
    REFUSED = "refused"  # no file of it could be taken
    TO_CONFIRM = "to_confirm"  # all is written, but its snapshot would delete more than it may unasked
    FAILED = "failed"


class Run(Struct, frozen=True):
    """One delivery and its totals; times are microseconds since 1970, UTC."""

    id: str
    source: str
    mode: str
    dry_run: bool
    state: RunState
    created_at: int
    finished_at: int | None
    counts: dict[str, int]
    refused: tuple[Refusal, ...] = ()
    notices: tuple[str, ...] = ()
    doomed: Counts | None = None
    """What it would delete, where it waits to be confirmed or was."""
    confirmed: bool = False
    reverts: str | None = None
    kept: bool = True
    """Whether its bytes and markers are there: without them it cannot be reverted."""
    bytes_of: str | None = None
    """The run with which its very bytes are kept."""
    same_as: str | None = None
    """The run whose very bytes these were, when nothing had happened since: it ended without being read, and all that
    it says that run had said."""


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Block).decode
_refusals = msgspec.json.Decoder(tuple[Refusal, ...]).decode
_counts = msgspec.json.Decoder(Counts).decode
_sentences = msgspec.json.Decoder(tuple[str, ...]).decode


def pack_block(block: Block) -> bytes:
    """A block as both databases hold it."""
    return zlib.compress(_encode(block), 1)


def unpack_block(content: bytes) -> Block:
    """The block of `sync_batch.outcomes` or `sync_outcomes.content`."""
    return _decode(zlib.decompress(content))


def run_of(connection: Connection, run: str) -> Run | None:
    """A run by its id."""
    row = connection.execute(select(sync_run).where(sync_run.c.id == run)).first()
    return None if row is None else read_run(row)


def runs_of(connection: Connection, source: str, *, limit: int = 50, skip: int = 0) -> list[Run]:
    """A source's runs, newest first."""
    rows = connection.execute(
        select(sync_run)
        .where(sync_run.c.source == source)
        .order_by(sync_run.c.created_at.desc(), sync_run.c.id.desc())
        .limit(limit)
        .offset(skip)
    )
    return [read_run(row) for row in rows]


def newest_runs(connection: Connection, *, limit: int) -> list[Run]:
    """All sources' runs, newest first."""
    order = (sync_run.c.created_at.desc(), sync_run.c.id.desc())
    return [read_run(row) for row in connection.execute(select(sync_run).order_by(*order).limit(limit))]


def runs_to_confirm(connection: Connection, source: str) -> list[Run]:
    """A source's runs that wait for a yes to their deletions, newest first."""
    reverts = sync_run.alias()
    query = (
        select(sync_run)
        .where(sync_run.c.source == source, sync_run.c.state == RunState.TO_CONFIRM.value)
        .where(sync_run.c.dry_run.is_(False))
        .where(~select(reverts.c.id).where(reverts.c.reverts == sync_run.c.id).exists())
        .order_by(sync_run.c.created_at.desc(), sync_run.c.id.desc())
    )
    return [read_run(row) for row in connection.execute(query)]


def revert_of(connection: Connection, run: str) -> str | None:
    """The run that took a run back, or is about to."""
    return connection.scalar(select(sync_run.c.id).where(sync_run.c.reverts == run))


def blocks_of(connection: Connection, run: str) -> Iterator[Block]:
    """What became of a run's objects, batch by batch."""
    first = connection.scalar(select(sync_run.c.same_as).where(sync_run.c.id == run))
    rows = connection.execute(
        select(sync_outcomes.c.content)
        .where(sync_outcomes.c.run == (first or run))
        .order_by(sync_outcomes.c.batch)
    )
    for row in rows:
        block = unpack_block(row.content)
        yield block if first is None else Block(tuple(map(again, block.objects)))


def again(one: Outcome) -> Outcome:
    """What becomes of an object that comes once more in the same bytes, when nothing has happened meanwhile."""
    return one if one.outcome is OutcomeKind.UNCHANGED else replace(one, outcome=OutcomeKind.UNCHANGED)


def read_run(row: Row[Any]) -> Run:
    """A row of `sync_run`."""
    return Run(
        id=row.id,
        source=row.source,
        mode=row.mode,
        dry_run=row.dry_run,
        state=RunState(row.state),
        created_at=row.created_at,
        finished_at=row.finished_at,
        counts={kind.value: getattr(row, kind.value) for kind in OutcomeKind},
        refused=_refusals(row.refused.encode()),
        notices=_sentences(row.notices.encode()),
        doomed=None if row.doomed is None else _counts(row.doomed.encode()),
        confirmed=row.confirmed,
        reverts=row.reverts,
        kept=row.retention == RETENTION_KEPT,
        bytes_of=row.bytes_of,
        same_as=row.same_as,
    )


def counted(blocks: Sequence[Block]) -> dict[str, int]:
    """How many objects ended in which way."""
    counts = Counter[OutcomeKind]()
    for block in blocks:
        counts.update([one.outcome for one in block.objects])
    return {kind.value: counts[kind] for kind in OutcomeKind}
