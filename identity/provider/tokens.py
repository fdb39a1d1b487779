"""Access tokens: opaque, for the graph alone, alive no longer than the session they were made in."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from identity import sessions, tables
from identity.assurance import AssuranceLevel
from identity.opaque import SECOND, Random, digest, new_secret
from identity.provider import clients
from identity.provider.clients import Client
from identity.provider.grants import Grant
from identity.store import packed, packed_organisation, unpacked, unpacked_organisation
from identity.subject import Organisation

LIFETIME_SECONDS = 3600
_PREFIX = "vha_"


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A valid access token. Level and organisation are those of the login it was made from, not of the session now.

    Attributes:
        granted: attributes that may be told with it.
    """

    token_hash: str
    client: Client
    account_id: str
    audience: str
    scopes: frozenset[str]
    granted: tuple[str, ...]
    level: AssuranceLevel
    acting_for: Organisation | None


def issue(connection: Connection, grant: Grant, audience: str, random: Random, now: int) -> str:
    """Make an access token; only its hash rests."""
    token = new_secret(random, _PREFIX)
    connection.execute(
        insert(tables.access_token).values(
            token_hash=digest(token),
            code_hash=grant.code_hash,
            client_id=grant.client.client_id,
            session_id=grant.session_id,
            account_id=grant.account_id,
            audience=audience,
            scope=" ".join(grant.scopes),
            claims=packed(grant.granted),
            level=int(grant.level),
            acting_for=packed_organisation(grant.acting_for),
            created_at=now,
            expires_at=now + LIFETIME_SECONDS * SECOND,
        )
    )
    return token


def find(connection: Connection, token: str, now: int) -> AccessToken | None:
    """The token if it is ours, not expired, not revoked, and its session lives."""
    if not token.startswith(_PREFIX):
        return None
    columns = tables.access_token.c
    row = connection.execute(
        select(tables.access_token).where(
            columns.token_hash == digest(token), columns.revoked_at.is_(None), columns.expires_at > now
        )
    ).first()
    if row is None or sessions.alive(connection, row.session_id, now) is None:
        return None
    client = clients.load(connection, row.client_id)
    if client is None:
        return None
    return AccessToken(
        token_hash=row.token_hash,
        client=client,
        account_id=row.account_id,
        audience=row.audience,
        scopes=frozenset(row.scope.split()),
        granted=unpacked(row.claims),
        level=AssuranceLevel(row.level),
        acting_for=unpacked_organisation(row.acting_for),
    )


def revoke_made_from(connection: Connection, code_hash: str, now: int) -> None:
    """Revoke what was made from a code that came a second time (RFC 6749 section 4.1.2)."""
    columns = tables.access_token.c
    connection.execute(
        update(tables.access_token)
        .where(columns.code_hash == code_hash, columns.revoked_at.is_(None))
        .values(revoked_at=now)
    )
