from collections.abc import Iterable

from sqlalchemy import Connection, insert, select

from identity import tables
from identity.assurance import AssuranceLevel


def record(
    connection: Connection,
    claims: Iterable[str],
    *,
    account_id: str,
    client_id: str,
    purpose: str,
    level: AssuranceLevel,
    grant_hash: str,
    now: int,
) -> None:
    """Write down, a row for each claim, what a portal receives about a person.

    The purpose is ``login`` (ID token), ``userinfo`` or ``graph``; `grant_hash` names the code or token that it was
    released for.
    """
    common = {
        "account_id": account_id,
        "client_id": client_id,
        "purpose": purpose,
        "level": int(level),
        "grant_hash": grant_hash,
        "released_at": now,
    }
    if rows := [common | {"claim": claim} for claim in claims]:
        connection.execute(insert(tables.release), rows)


def recorded(connection: Connection, *, grant_hash: str, purpose: str) -> bool:
    """Whether a release for that token and purpose is written down already."""
    columns = tables.release.c
    asked = select(columns.claim).where(columns.grant_hash == grant_hash, columns.purpose == purpose).limit(1)
    return connection.execute(asked).first() is not None
