"""The catalogue's position: one row that every transaction raises which changes an answer."""

from sqlalchemy import Connection, insert, select, update

from catalog_sync.catalog.tables import state

_ROW = 1


def raise_position(connection: Connection, *, areas: bool = False) -> int:
    """Raise the position by one, and the version of the areas where they changed; made where it is absent.

    Returns:
        the new position.
    """
    if connection.scalar(select(state.c.id).where(state.c.id == _ROW)) is None:
        connection.execute(insert(state).values(id=_ROW, position=0, areas_version=0))
    raised = update(state).where(state.c.id == _ROW).values(position=state.c.position + 1)
    if areas:
        raised = raised.values(areas_version=state.c.areas_version + 1)
    connection.execute(raised)
    return int(connection.scalar(select(state.c.position).where(state.c.id == _ROW)) or 0)
