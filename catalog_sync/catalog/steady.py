"""Of each source the run after which nothing has happened to its objects: its very bytes again change nothing.

The catalogue depends on the set of messages alone, so the same bytes never change it. What is kept here says more: that
each object would also end as ``unchanged``, without a word to be said of it, so that they need not even be read.
"""

from collections.abc import Collection

from sqlalchemy import Connection, select, update

from catalog_sync.catalog.bulk import as_list
from catalog_sync.catalog.reading import listed
from catalog_sync.catalog.tables import entry, source

_OWNERS = select(entry.c.source_id).where(listed(entry.c.id, "numbers"))
_UNSTEADY = {"steady_run": None, "steady_reader": None}


def make_steady(connection: Connection, source_id: int, run: str | None, reader: str | None) -> None:
    """Say that a run has ended, whose bytes would change nothing (None: one of whose that is not certain).

    Args:
        connection: a transaction.
        source_id: the source's number.
        run: the run.
        reader: how messages are read by now; another reader may understand more.
    """
    values = {"steady_run": run, "steady_reader": reader}
    connection.execute(update(source).where(source.c.id == source_id).values(values))


def disturb(connection: Connection, numbers: Collection[int]) -> None:
    """Say that something happens to these entries: to be called before their rows are written."""
    if numbers:
        steady = source.c.steady_run.is_not(None) & source.c.id.in_(_OWNERS)
        connection.execute(
            update(source).where(steady).values(_UNSTEADY), {"numbers": as_list(connection, numbers)}
        )


def disturb_all(connection: Connection) -> None:
    """Say that what may be delivered is judged by other lists now."""
    connection.execute(update(source).where(source.c.steady_run.is_not(None)).values(_UNSTEADY))


def steady_run(connection: Connection, key: str, reader: str) -> str | None:
    """The run of a source whose bytes again would change nothing, read by this reader."""
    query = select(source.c.steady_run).where(source.c.key == key, source.c.steady_reader == reader)
    run: str | None = connection.scalar(query)
    return run
