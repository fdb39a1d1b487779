"""The portals that know a session, each by a `sid` of its own."""

from sqlalchemy import Connection, insert, select, update

from identity import tables
from identity.opaque import Random, new_secret
from identity.store import inserted


def sid_for(connection: Connection, session_id: str, client_id: str, random: Random, now: int) -> str:
    """The `sid` by which a portal knows a session; made when the portal first gets an ID token of it."""
    columns = tables.session_client.c
    here = (columns.session_id == session_id, columns.client_id == client_id)
    known = select(columns.sid).where(*here)
    if connection.execute(known).first() is None:
        new = {
            "session_id": session_id,
            "client_id": client_id,
            "sid": new_secret(random),
            "first_at": now,
            "last_at": now,
        }
        inserted(connection, insert(tables.session_client).values(new))
    connection.execute(update(tables.session_client).where(*here).values(last_at=now))
    return str(connection.execute(known).scalar_one())


def session_of(connection: Connection, client_id: str, sid: str) -> str | None:
    """The id of the session that a portal knows as `sid`, living or over."""
    columns = tables.session_client.c
    found = connection.execute(
        select(columns.session_id).where(columns.client_id == client_id, columns.sid == sid)
    ).scalar()
    return str(found) if found is not None else None
