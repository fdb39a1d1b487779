"""Consent by attribute: asked once for each portal and set of attributes, then remembered."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from identity import tables
from identity.store import inserted, packed, unpacked


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person has decided about a portal; `given_at` in microseconds."""

    asked: frozenset[str]
    granted: frozenset[str]
    given_at: int


def decision(connection: Connection, account_id: str, client_id: str) -> Decision | None:
    """The person's decision about a portal, or None when they were never asked."""
    columns = tables.consent.c
    row = connection.execute(
        select(tables.consent).where(columns.account_id == account_id, columns.client_id == client_id)
    ).first()
    return (
        Decision(frozenset(unpacked(row.asked)), frozenset(unpacked(row.granted)), row.given_at)
        if row
        else None
    )


def give(
    connection: Connection,
    account_id: str,
    client_id: str,
    *,
    asked: Iterable[str],
    granted: Iterable[str],
    now: int,
) -> None:
    """Remember a decision; what was not asked this time stays as it was."""
    asked_now, granted_now = frozenset(asked), frozenset(granted)
    before = decision(connection, account_id, client_id)
    if before is not None:
        granted_now |= before.granted - asked_now
        asked_now |= before.asked
    values = {"asked": packed(sorted(asked_now)), "granted": packed(sorted(granted_now)), "given_at": now}
    mine = {"account_id": account_id, "client_id": client_id}
    if before is None and inserted(connection, insert(tables.consent).values(mine | values)):
        return
    columns = tables.consent.c
    connection.execute(
        update(tables.consent)
        .where(columns.account_id == account_id, columns.client_id == client_id)
        .values(values)
    )
