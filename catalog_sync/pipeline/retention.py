"""How long raw deliveries are kept, with the markers by which a run could be taken back. Runs and outcomes stay.

What may still be needed is never removed: bytes of a run that is to go on or to be confirmed, and whatever a revert
that has begun still reads. Two databases have no transaction together, so a run is first marked, then emptied, and
emptied again where that was cut short.
"""

from functools import partial

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, delete, exists, or_, select, tuple_, update

from catalog_sync.catalog.tables import sync_batch
from catalog_sync.journal import RETENTION_KEPT, RETENTION_PRUNED, RETENTION_PRUNING, RunState
from catalog_sync.operations import sync_chunk, sync_file, sync_foreseen, sync_run
from catalog_sync.pipeline.kept import UNFINISHED
from catalog_sync.pipeline.turns import Store

_EXPIRED = (
    "Its deletions waited to be confirmed for longer than deliveries are kept: they are not made any more. "
    "Deliver the snapshot again to be asked again."
)
_AT_ONCE = 100
"""Runs of one look, so that a hub with years of deliveries stays free for others."""

_PIECES = 16
"""Pieces of one transaction, a megabyte each at most: the journal's writer must stay free for heartbeats."""

_reverts, _repeats = sync_run.alias("reverts"), sync_run.alias("repeats")
_of_it = _reverts.c.reverts == sync_run.c.id
_being_reverted = exists().where(_of_it, _reverts.c.state.in_([state.value for state in UNFINISHED]))
_reverted = exists().where(_of_it, _reverts.c.state == RunState.FINISHED.value)
_shared = exists().where(
    or_(_repeats.c.bytes_of == sync_run.c.id, _repeats.c.same_as == sync_run.c.id),
    _repeats.c.retention == RETENTION_KEPT,
)
"""Another run has its bytes, or its markers."""


def _over() -> ColumnElement[bool]:
    """Runs of which nothing but a revert could need anything, and no revert has begun."""
    ended = sync_run.c.state.in_([RunState.FINISHED.value, RunState.REFUSED.value])
    rehearsed = and_(
        sync_run.c.dry_run, sync_run.c.state.in_([RunState.TO_CONFIRM.value, RunState.FAILED.value])
    )
    return and_(or_(ended, rehearsed, _reverted), ~_being_reverted, ~_shared)


async def prune(catalog: Store, operations: Store, before: int) -> list[str]:
    """Remove bytes and markers of runs that ended before a time (microseconds since 1970, UTC).

    Returns:
        the runs that have nothing left to remove now; some of those that were due, where they are many.
    """
    for run in await operations.read(partial(_due, before=before)):
        await operations.write(partial(_mark, run=run))
    return await finish(catalog, operations)


async def expire(operations: Store, before: int, now: int) -> list[str]:
    """End runs that have waited for a yes since before a time: their deletions are not made any more.

    From now on they are kept as long as any other run. All times are microseconds since 1970, UTC.
    """
    return await operations.write(partial(_expire, before=before, now=now))


def _expire(connection: Connection, before: int, now: int) -> list[str]:
    waiting = (sync_run.c.state == RunState.TO_CONFIRM.value) & sync_run.c.dry_run.is_(False)
    values = {
        "state": RunState.FINISHED.value,
        "finished_at": now,
        "notices": msgspec.json.encode([_EXPIRED]).decode(),
    }
    expired = update(sync_run).where(waiting, sync_run.c.finished_at < before).values(values)
    return list(connection.scalars(expired.returning(sync_run.c.id)).all())


async def finish(catalog: Store, operations: Store) -> list[str]:
    """Empty the runs that are marked for it."""
    marked = await operations.read(_marked)
    for run in marked:
        await catalog.write(lambda c, run=run: c.execute(delete(sync_batch).where(sync_batch.c.run == run)))  # type: ignore[misc]
        while await operations.write(partial(_remove_pieces, run=run)):
            pass
        await operations.write(partial(_close, run=run))
    return marked


def _due(connection: Connection, before: int) -> list[str]:
    query = select(sync_run.c.id).where(
        sync_run.c.retention == RETENTION_KEPT, sync_run.c.finished_at < before, _over()
    )
    return list(connection.scalars(query.order_by(sync_run.c.finished_at).limit(_AT_ONCE)))


def _mark(connection: Connection, run: str) -> None:
    """From here on it cannot be reverted. Its row is held first, so that no revert begins between look and mark."""
    connection.execute(select(sync_run.c.id).where(sync_run.c.id == run).with_for_update())
    mine = (sync_run.c.id == run) & (sync_run.c.retention == RETENTION_KEPT) & _over()
    connection.execute(update(sync_run).where(mine).values(retention=RETENTION_PRUNING))


def _marked(connection: Connection) -> list[str]:
    return list(
        connection.scalars(select(sync_run.c.id).where(sync_run.c.retention == RETENTION_PRUNING)).all()
    )


def _remove_pieces(connection: Connection, run: str) -> bool:
    place = (sync_chunk.c.file, sync_chunk.c.ordinal)
    some = connection.execute(select(*place).where(sync_chunk.c.run == run).limit(_PIECES)).all()
    if some:
        mine = (sync_chunk.c.run == run) & tuple_(*place).in_([tuple(row) for row in some])
        connection.execute(delete(sync_chunk).where(mine))
    return bool(some)


def _close(connection: Connection, run: str) -> None:
    connection.execute(delete(sync_file).where(sync_file.c.run == run))
    connection.execute(delete(sync_foreseen).where(sync_foreseen.c.run == run))
    connection.execute(update(sync_run).where(sync_run.c.id == run).values(retention=RETENTION_PRUNED))
