"""What was kept of deliveries, read again: runs that did not come to their end, and their bytes."""

import hashlib
import tempfile
import zlib
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Connection, Row, select

from catalog_sync.catalog.tables import sync_batch
from catalog_sync.journal import Block, Run, RunState, run_of, unpack_block
from catalog_sync.operations import sync_chunk, sync_file, sync_run
from catalog_sync.pipeline.fetch import raw_pieces
from catalog_sync.pipeline.turns import Store
from catalog_sync.sources.incoming import Incoming

ACCEPTED = (RunState.RECEIVED, RunState.WORKING)
"""A run in one of these states is owed to its sender."""
UNFINISHED = (*ACCEPTED, RunState.FAILED)
"""A run in one of these states goes on when the same call comes again."""

FIRST = 64 * 1024
_MARKERS = 20


def accepted_runs(connection: Connection) -> list[Run]:
    """The runs that were accepted and did not end, oldest first."""
    states = [state.value for state in ACCEPTED]
    found = connection.scalars(
        select(sync_run.c.id)
        .where(sync_run.c.state.in_(states))
        .order_by(sync_run.c.created_at, sync_run.c.id)
    )
    return [run for id_ in found.all() if (run := run_of(connection, id_)) is not None]


def unfinished_like(
    connection: Connection, source: str, mode: str, packed: Sequence[bool]
) -> list[tuple[str, list[str]]]:
    """Unfinished runs of a source and mode with as many files, oldest first, each with the files' SHA-256."""
    states = [state.value for state in UNFINISHED]
    reverted = select(sync_run.c.reverts).where(sync_run.c.reverts.is_not(None))
    runs = connection.scalars(
        select(sync_run.c.id)
        .where(sync_run.c.source == source, sync_run.c.mode == mode, sync_run.c.state.in_(states))
        .where(sync_run.c.dry_run.is_(False), sync_run.c.id.not_in(reverted))
        .order_by(sync_run.c.created_at, sync_run.c.id)
    )
    found = []
    for run in runs.all():
        files = files_of_run(connection, run)
        if [one.packed for one in files] == list(packed):
            found.append((run, [one.sha256 for one in files]))
    return found


def digests_of(files: Sequence[Incoming]) -> list[str]:
    """SHA-256 of each file as it came."""
    digests = []
    for one in files:
        digest = hashlib.sha256()
        for piece in raw_pieces(one):
            digest.update(piece)
        digests.append(digest.hexdigest())
    return digests


def markers_after(connection: Connection, run: str, batch: int) -> list[tuple[int, Block, int | None]]:
    """The next few batches of a run that are in the catalogue: number, outcomes, last element."""
    rows = connection.execute(
        select(sync_batch.c.batch, sync_batch.c.outcomes, sync_batch.c.until)
        .where(sync_batch.c.run == run, sync_batch.c.batch > batch)
        .order_by(sync_batch.c.batch)
        .limit(_MARKERS)
    )
    return [(row.batch, unpack_block(row.outcomes), row.until) for row in rows]


@asynccontextmanager
async def kept_files(operations: Store, run: str) -> AsyncIterator[list[Incoming]]:
    """A delivery's files as they came, in files of this machine for as long as they are needed."""
    with ExitStack() as stack:
        files = []
        kept_with = await operations.read(partial(_kept_with, run=run))
        for row in await operations.read(partial(files_of_run, run=run)):
            kept = stack.enter_context(tempfile.NamedTemporaryFile(prefix="kept-"))
            ordinal = 0
            place = partial(_piece, run=kept_with, file=row.ordinal)
            while piece := await operations.read(partial(place, ordinal=ordinal)):
                kept.write(zlib.decompress(piece))
                ordinal += 1
            kept.flush()
            files.append(Incoming(row.name, partial(_opened, Path(kept.name)), row.packed, row.size))
        yield files


def _kept_with(connection: Connection, run: str) -> str:
    """The run with which its bytes are kept."""
    return connection.scalar(select(sync_run.c.bytes_of).where(sync_run.c.id == run)) or run


def first_pieces(connection: Connection, run: str) -> list[bytes]:
    """How each file of a run begins: its first 64 kB, less only where it has no more."""
    kept_with = _kept_with(connection, run)
    numbers = range(len(files_of_run(connection, run)))
    pieces = (_piece(connection, kept_with, number, 0) for number in numbers)
    return [b"" if piece is None else zlib.decompressobj().decompress(piece, FIRST) for piece in pieces]


def files_of_run(connection: Connection, run: str) -> Sequence[Row[Any]]:
    """The rows of a run's files, in order."""
    query = select(sync_file).where(sync_file.c.run == run).order_by(sync_file.c.ordinal)
    return connection.execute(query).all()


def _piece(connection: Connection, run: str, file: int, ordinal: int) -> bytes | None:
    where = (sync_chunk.c.run == run) & (sync_chunk.c.file == file) & (sync_chunk.c.ordinal == ordinal)
    return connection.scalar(select(sync_chunk.c.content).where(where))


def _opened(path: Path) -> BinaryIO:
    return path.open("rb")
