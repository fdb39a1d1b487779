"""A delivery whose very bytes have come before, when nothing has happened since: it is recognised without being read.

What it costs is a hash of the bytes and one run's record. The bytes are kept once, with the run that brought them
first, and so is all that was said in them: that counts for as long as one of these runs stands (`revert`).
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from msgspec.structs import replace
from sqlalchemy import Connection, exists, select, update

from catalog_sync.catalog.steady import steady_run
from catalog_sync.catalog.tables import source, sync_batch
from catalog_sync.journal import RETENTION_KEPT, OutcomeKind, Run, RunState, run_of
from catalog_sync.operations import sync_run
from catalog_sync.pipeline.attempt import Attempt
from catalog_sync.pipeline.fetch import raw_pieces
from catalog_sync.pipeline.kept import FIRST, files_of_run, first_pieces
from catalog_sync.pipeline.receiving import write_received
from catalog_sync.pipeline.record import write_end, write_file, write_run
from catalog_sync.pipeline.turns import Store
from catalog_sync.sources.incoming import Incoming
from catalog_sync.xzufi.delivered import READER_VERSION

READER = READER_VERSION.decode()
_STANDING = (OutcomeKind.ADDED, OutcomeKind.CHANGED, OutcomeKind.UNCHANGED)


@dataclass(frozen=True, slots=True)
class Twin:
    """What is known of the same bytes.

    Attributes:
        bytes_of: the run with which they are kept.
        sha256: of each file.
    """

    bytes_of: str
    sha256: Sequence[str]


async def find_twin(catalog: Store, operations: Store, run: Run, files: Sequence[Incoming]) -> Twin | None:
    """Look whether a new run's bytes are those of the last run of its source and mode, and nothing happened since."""
    steady = await catalog.read(partial(steady_run, key=run.source, reader=READER))
    first = None if steady is None else await operations.read(partial(run_of, run=steady))
    if first is None or first.mode != run.mode or not first.kept:
        return None
    rows = await operations.read(partial(files_of_run, run=first.id))
    named = [(one.name, one.packed, one.size) for one in files]
    if [(row.name, row.packed, row.size) for row in rows] != named:
        return None
    begins = await operations.read(partial(first_pieces, run=first.id))
    digests = [row.sha256 for row in rows]
    try:
        same = await asyncio.to_thread(_same, files, begins, digests)
    except OSError:
        return None  # its reading will say so
    return Twin(first.bytes_of or first.id, digests) if same else None


def _same(files: Sequence[Incoming], begins: Sequence[bytes], digests: Sequence[str]) -> bool:
    """Whether files are these; most that are others begin differently, and need not be read to their end."""
    return all(_begin(one) == begin for one, begin in zip(files, begins, strict=True)) and all(
        _digest(one) == digest for one, digest in zip(files, digests, strict=True)
    )


def _begin(incoming: Incoming) -> bytes:
    with incoming.open() as stream:
        return stream.read(FIRST)


def _digest(incoming: Incoming) -> str:
    digest = hashlib.sha256()
    for piece in raw_pieces(incoming):
        digest.update(piece)
    return digest.hexdigest()


def keep_beside(connection: Connection, run: Run, files: Sequence[Incoming], twin: Twin) -> bool:
    """Commit a run and which bytes are its; False where they are not kept any more."""
    held = select(sync_run.c.id).where(sync_run.c.id == twin.bytes_of, sync_run.c.retention == RETENTION_KEPT)
    if connection.scalar(held.with_for_update()) is None:  # see retention
        return False
    write_run(connection, replace(run, bytes_of=twin.bytes_of))
    for number, (incoming, sha256) in enumerate(zip(files, twin.sha256, strict=True)):
        write_file(connection, run.id, number, incoming, sha256)
    write_received(connection, run.id)
    return True


async def repeat(attempt: Attempt) -> bool:
    """End a run that says again what the last one said; False where it must be read."""
    run, around = attempt.run, attempt.around
    if run.bytes_of is None:
        return False
    steady = await around.catalog.read(partial(_steady, run=run))
    first = None if steady is None else await around.operations.read(partial(run_of, run=steady))
    if first is None or first.mode != run.mode or (first.bytes_of or first.id) != run.bytes_of:
        return False
    await attempt.turn.check()
    now = around.now()
    await around.catalog.write(partial(_freshen, run=run, now=now))
    return await around.operations.write(partial(_end, run=run, first=first, now=now))


def _steady(connection: Connection, run: Run) -> str | None:
    """The source's run after which nothing has happened, unless this one was begun to be written."""
    begun = select(exists().where(sync_batch.c.run == run.id))
    return None if connection.scalar(begun) else steady_run(connection, run.source, READER)


def _freshen(connection: Connection, run: Run, now: int) -> None:
    values = {"last_run": run.id, "fresh_at": now}
    connection.execute(update(source).where(source.c.key == run.source).values(values))


def _end(connection: Connection, run: Run, first: Run, now: int) -> bool:
    kept = select(sync_run.c.id).where(sync_run.c.id == first.id, sync_run.c.retention == RETENTION_KEPT)
    if connection.scalar(kept.with_for_update()) is None:  # its markers are going: see retention
        return False
    counts = {kind.value: 0 for kind in OutcomeKind}
    counts[OutcomeKind.UNCHANGED.value] = sum(first.counts[kind.value] for kind in _STANDING)
    write_end(connection, run.id, RunState.FINISHED, finished_at=now, counts=counts, same_as=first.id)
    return True
