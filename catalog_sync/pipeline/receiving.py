"""Deliveries that were lost while they came in: their process died, or could not keep them.

Nothing of them was acknowledged, so nothing of them is kept; their run says so. One that is still coming holds a turn
of its own for as long, by which it is told from a lost one.
"""

from collections.abc import Callable
from functools import partial

import msgspec
from sqlalchemy import Connection, delete, select, update

from catalog_sync.errors import CatalogError
from catalog_sync.journal import RETENTION_PRUNING, RunState
from catalog_sync.operations import sync_file, sync_lease, sync_run
from catalog_sync.pipeline.turns import Holder, Store

SILENT_AFTER_SECONDS = 60.0
"""A receiver on another machine that was not heard of for so long is gone. Longer than a turn is waited for: nobody
waits here, and the clocks of two machines may differ."""

_MICROSECONDS = 1_000_000
_LOST = "The hub stopped while this delivery came in: nothing of it was taken. Send it again."


class NotReceived(CatalogError):  # noqa: N818 - the wire's word
    """A delivery whose run was given up while its bytes still came; it must be sent again."""

    code = "NOT_RECEIVED"


def receiving_turn(run: str) -> str:
    """What stands for the source in the turn that a run holds while its bytes come in."""
    return f"receive:{run}"


def write_received(connection: Connection, run: str) -> None:
    """All bytes of a run are here.

    Raises:
        NotReceived: where it was given up meanwhile.
    """
    coming = (sync_run.c.id == run) & (sync_run.c.state == RunState.RECEIVING.value)
    if not connection.execute(update(sync_run).where(coming).values(state=RunState.RECEIVED.value)).rowcount:
        raise NotReceived(f"Run {run} was given up while its delivery came in. Send it again.")


async def give_up_lost(operations: Store, clock: Callable[[], float], process: Holder) -> list[str]:
    """Let runs fail whose bytes will never come whole; gives their ids."""
    now = int(clock() * _MICROSECONDS)
    return [
        run
        for run, holder in await operations.read(partial(_lost, now=now, process=process))
        if await operations.write(partial(_give_up, run=run, holder=holder, now=now))
    ]


def _lost(connection: Connection, now: int, process: Holder) -> list[tuple[str, str | None]]:
    """Runs that nobody receives any more, each with the holder of the turn that is left of it."""
    turn = sync_lease.c.source == "receive:" + sync_run.c.id
    query = (
        select(sync_run.c.id, sync_lease.c.holder, sync_lease.c.beat_at)
        .select_from(sync_run.outerjoin(sync_lease, turn))
        .where(sync_run.c.state == RunState.RECEIVING.value)
    )
    silent = now - int(SILENT_AFTER_SECONDS * _MICROSECONDS)
    return [
        (row.id, row.holder)
        for row in connection.execute(query)
        if row.holder is None or row.beat_at <= silent or process.gone(row.holder.partition("#")[0])
    ]


def _give_up(connection: Connection, run: str, holder: str | None, now: int) -> bool:
    """Let one fail, unless it was heard of again or has come meanwhile."""
    turn = sync_lease.c.source == receiving_turn(run)
    if connection.scalar(select(sync_lease.c.holder).where(turn)) != holder:
        return False
    coming = (sync_run.c.id == run) & (sync_run.c.state == RunState.RECEIVING.value)
    failed = {
        "state": RunState.FAILED.value,
        "finished_at": now,
        "notices": msgspec.json.encode([_LOST]).decode(),
        "retention": RETENTION_PRUNING,
    }
    if not connection.execute(update(sync_run).where(coming).values(failed)).rowcount:
        return False
    connection.execute(delete(sync_lease).where(turn))
    connection.execute(delete(sync_file).where(sync_file.c.run == run))
    return True
