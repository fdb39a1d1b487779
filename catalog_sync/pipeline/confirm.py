"""Saying yes to the deletions of a snapshot that would take much away (sync.md, Promises)."""

from collections.abc import Awaitable, Callable
from functools import partial

from sqlalchemy import Connection, select, update

from catalog_sync.errors import CatalogError
from catalog_sync.journal import Run, RunState, run_of
from catalog_sync.operations import sync_run
from catalog_sync.pipeline.turns import Store


class NotConfirmed(CatalogError):  # noqa: N818 - the wire's word
    """Deletions that cannot be confirmed."""

    code = "NOT_CONFIRMED"


async def confirm(operations: Store, run: str, work: Callable[[Run], Awaitable[None]]) -> None:
    """Mark a run as confirmed and let it go on, in its source's turn.

    Raises:
        NotConfirmed: where it does not wait for that, or would delete other numbers of objects by now.
    """
    await work(await operations.write(partial(_mark, run=run)))
    after = await operations.read(partial(run_of, run=run))
    if after is not None and after.state is RunState.TO_CONFIRM:
        raise NotConfirmed(" ".join(after.notices))


def _mark(connection: Connection, run: str) -> Run:
    found = run_of(connection, run)
    if found is None:
        raise NotConfirmed(f"There is no run {run}.")
    if found.state is not RunState.TO_CONFIRM:
        raise NotConfirmed(
            f"Run {run} is {found.state.value}; only a run that is to_confirm can be confirmed."
        )
    if found.dry_run:
        raise NotConfirmed(f"Run {run} was a dry run: nothing of it can be confirmed. Deliver it.")
    by = connection.scalar(select(sync_run.c.id).where(sync_run.c.reverts == run))
    if by is not None:
        raise NotConfirmed(f"Run {run} was reverted by {by}; its deletions cannot be confirmed any more.")
    values = {"confirmed": True, "state": RunState.WORKING.value}
    connection.execute(update(sync_run).where(sync_run.c.id == run).values(values))
    confirmed = run_of(connection, run)
    assert confirmed is not None  # noqa: S101 - it was there in this transaction
    return confirmed
