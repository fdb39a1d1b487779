"""Authorization codes: made for one client, address and challenge; live a minute; spent by one statement."""

import hashlib
import re
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from identity import sessions, tables
from identity.assurance import AssuranceLevel
from identity.opaque import SECOND, b64url, digest, new_secret, same
from identity.provider import tokens
from identity.provider.asking import Asked
from identity.provider.clients import Client
from identity.provider.errors import TokenError
from identity.provider.grants import Grant
from identity.store import packed, packed_organisation, unpacked, unpacked_organisation
from identity.sweep import sweep

LIFETIME_SECONDS = 60
_VERIFIER = re.compile(r"[A-Za-z0-9\-._~]{43,128}")  # RFC 7636 section 4.1


def issue(asked: Asked) -> str:
    """Make a code for a request that passed all rules; only its hash rests."""
    _tidy(asked.connection, asked.now)
    code, session, params = new_secret(asked.provider.random), asked.session, asked.params.values
    asked.connection.execute(
        insert(tables.authorization_code).values(
            code_hash=digest(code),
            client_id=asked.client.client_id,
            session_id=session.id,
            account_id=session.account_id,
            redirect_uri=asked.redirect_uri,
            scope=" ".join(asked.scopes),
            claims=packed(sorted(asked.granted)),
            nonce=params.get("nonce"),
            code_challenge=params.get("code_challenge"),
            level=int(session.level),
            authenticated_at=session.authenticated_at,
            acting_for=packed_organisation(session.acting_for),
            expires_at=asked.now + LIFETIME_SECONDS * SECOND,
        )
    )
    return code


def _tidy(connection: Connection, now: int) -> None:
    """Remove what is over; a code stays as long as its tokens may live, so that its reuse still revokes them."""
    sweep(connection, tables.authorization_code, now - tokens.LIFETIME_SECONDS * SECOND)
    sweep(connection, tables.access_token, now)
    sweep(connection, tables.session, now)


def redeem(
    connection: Connection,
    client: Client,
    *,
    code: str,
    redirect_uri: str | None,
    verifier: str | None,
    now: int,
) -> Grant | TokenError:
    """Exchange a code for what it stands for (RFC 6749 section 4.1.3, RFC 7636 section 4.6).

    A wrong attempt leaves the code as it is, so that nobody can spend another's. A right one that comes again revokes
    what the first one made; that has to be committed, which is why the error is returned and not raised.
    """
    columns = tables.authorization_code.c
    row = connection.execute(
        select(tables.authorization_code).where(columns.code_hash == digest(code))
    ).first()
    if row is None or row.client_id != client.client_id:
        return _refused("The code is not one of this portal.")
    if redirect_uri != row.redirect_uri:
        return _refused("The redirect_uri is not the one of the authorization request.")
    if (error := _pkce_error(row.code_challenge, verifier)) is not None:
        return _refused(error)
    if row.used_at is None and row.expires_at <= now:
        return _refused("The code has expired.")
    spent = connection.execute(
        update(tables.authorization_code)
        .where(columns.code_hash == row.code_hash, columns.used_at.is_(None))
        .values(used_at=now)
        .returning(columns.code_hash)
    ).first()
    if spent is None:
        tokens.revoke_made_from(connection, row.code_hash, now)
        return _refused("The code was used before; what was made from it is revoked.")
    if sessions.alive(connection, row.session_id, now) is None:
        return _refused("The session in which the code was made has ended.")
    return _grant(row, client)


def _pkce_error(challenge: str | None, verifier: str | None) -> str | None:
    if challenge is None:  # a verifier without a challenge is a downgrade (RFC 9700 section 2.1.1)
        return "The authorization request had no code_challenge." if verifier else None
    if verifier is None:
        return "The parameter code_verifier is missing (RFC 7636)."
    hashed = b64url(hashlib.sha256(verifier.encode("utf-8", "surrogatepass")).digest())
    if not _VERIFIER.fullmatch(verifier) or not same(hashed, challenge):
        return "The code_verifier does not match the code_challenge (RFC 7636)."
    return None


def _refused(sentence: str) -> TokenError:
    return TokenError("invalid_grant", sentence)


def _grant(row: Row[Any], client: Client) -> Grant:
    return Grant(
        code_hash=row.code_hash,
        client=client,
        session_id=row.session_id,
        account_id=row.account_id,
        scopes=tuple(row.scope.split()),
        granted=unpacked(row.claims),
        nonce=row.nonce,
        level=AssuranceLevel(row.level),
        authenticated_at=row.authenticated_at,
        acting_for=unpacked_organisation(row.acting_for),
    )
