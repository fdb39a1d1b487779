"""Writing the journal: a run and its bytes before anything else, its outcomes after all else."""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from sqlalchemy import Connection, delete, insert, update

from catalog_sync.journal import Block, Counts, Refusal, Run, RunState, counted, pack_block
from catalog_sync.operations import sync_chunk, sync_file, sync_outcomes, sync_run
from catalog_sync.pipeline.fetch import raw_pieces
from catalog_sync.sources.incoming import Incoming


def write_run(connection: Connection, run: Run) -> None:
    """The row of a new run."""
    connection.execute(
        insert(sync_run).values(
            id=run.id,
            source=run.source,
            mode=run.mode,
            dry_run=run.dry_run,
            state=run.state.value,
            created_at=run.created_at,
            reverts=run.reverts,
            bytes_of=run.bytes_of,
        )
    )


def squeezed(incoming: Incoming) -> Iterator[tuple[bytes, bytes]]:
    """The bytes of a file in pieces, each as it came and as the journal keeps it."""
    for piece in raw_pieces(incoming):
        yield piece, zlib.compress(piece, 0 if incoming.packed else 1)


def write_piece(connection: Connection, run: str, number: int, ordinal: int, content: bytes) -> None:
    """One piece of a file."""
    row = {"run": run, "file": number, "ordinal": ordinal, "content": content}
    connection.execute(insert(sync_chunk), row)


def write_file(connection: Connection, run: str, number: int, incoming: Incoming, sha256: str) -> None:
    """A file's row, after its pieces; they may be another run's (`Run.bytes_of`)."""
    row = {"run": run, "ordinal": number, "name": incoming.name, "size": incoming.size}
    connection.execute(insert(sync_file), {**row, "packed": incoming.packed, "sha256": sha256})


def write_state(connection: Connection, run: str, state: RunState) -> None:
    """Where a run stands."""
    connection.execute(update(sync_run).where(sync_run.c.id == run).values(state=state.value))


def write_blocks(connection: Connection, run: str, blocks: Mapping[int, Block]) -> None:
    """The outcomes of some batches, in place of what was written of them before."""
    if not blocks:
        return
    connection.execute(
        delete(sync_outcomes).where(sync_outcomes.c.run == run, sync_outcomes.c.batch.in_(blocks.keys()))
    )
    rows = [
        {
            "run": run,
            "batch": batch,
            "content": pack_block(block),
            **counted([block]),
            "notices": len(block.notices),
        }
        for batch, block in blocks.items()
    ]
    connection.execute(insert(sync_outcomes), rows)


def write_end(
    connection: Connection,
    run: str,
    state: RunState,
    *,
    finished_at: int,
    counts: Mapping[str, int],
    refused: Sequence[Refusal] = (),
    notices: Iterable[str] = (),
    doomed: Counts | None = None,
    same_as: str | None = None,
) -> None:
    """A run's end and totals."""
    connection.execute(
        update(sync_run)
        .where(sync_run.c.id == run)
        .values(
            state=state.value,
            finished_at=finished_at,
            refused=msgspec.json.encode(refused).decode(),
            notices=msgspec.json.encode(list(notices)).decode(),
            same_as=same_as,
            **(
                {} if doomed is None else {"doomed": msgspec.json.encode(doomed).decode(), "confirmed": False}
            ),
            **counts,
        )
    )
