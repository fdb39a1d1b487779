"""Removing rows that are over, a few at a time where new ones are made, so that no table grows for ever.

A sweep removes at most `MOST` rows of a table while its caller adds one: the work of a request stays bounded, and what
has gathered shrinks faster than it grows.
"""

from sqlalchemy import Connection, Table, delete, select

MOST = 20


def sweep(connection: Connection, table: Table, before: int) -> int:
    """Remove rows of a table that expired before a moment (microseconds), the oldest first; returns how many.

    The table has one column as its key, and an `expires_at` with an index. Rows that another request is removing in
    this very moment are left to it.
    """
    (key,) = table.primary_key.columns
    expiry = table.c.expires_at
    old = select(key).where(expiry < before).order_by(expiry).limit(MOST).with_for_update(skip_locked=True)
    return connection.execute(delete(table).where(key.in_(old))).rowcount
