"""How a portal proves at the token endpoint that it is the one (RFC 6749 section 2.3, Core section 9)."""

import binascii
from base64 import b64decode
from dataclasses import dataclass
from urllib.parse import unquote_plus

from sqlalchemy import Connection

from identity.opaque import digest, same
from identity.provider import clients
from identity.provider.clients import Client
from identity.provider.errors import TokenError
from identity.provider.parameters import Parameters


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who a request says it is; `secret` is None for a public client."""

    client_id: str
    secret: str | None


def credentials(authorization: str | None, params: Parameters) -> Credentials:
    """Read the credentials, from exactly one place (RFC 6749 section 2.3).

    Raises:
        TokenError: when there are none, several, or they can't be read.
    """
    posted = params.values.get("client_id"), params.values.get("client_secret")
    if authorization is None:
        if posted[0] is None:
            raise TokenError("invalid_client", "The portal did not say who it is.")
        return Credentials(posted[0], posted[1])
    basic = _basic(authorization)
    if posted[1] is not None:
        raise TokenError("invalid_request", "The portal authenticates in two ways at once.")
    if posted[0] not in (None, basic.client_id):
        raise TokenError("invalid_request", "The client_id in the body is another one than in the header.")
    return basic


def authenticated(connection: Connection, given: Credentials) -> Client:
    """The client, if the secret is right; secrets of 256 bits are compared by hash in constant time.

    A confidential client may use client_secret_basic and client_secret_post alike; a public one has no secret.

    Raises:
        TokenError: invalid_client, with one sentence whatever was wrong.
    """
    client = clients.load(connection, given.client_id)
    expected = client.secret_hash if client else None
    if client is not None and expected is None and given.secret is None:
        return client
    if client is None or expected is None or given.secret is None or not same(digest(given.secret), expected):
        raise TokenError("invalid_client", "There is no such portal, or its secret is wrong.")
    return client


def _basic(authorization: str) -> Credentials:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        raise TokenError("invalid_client", "The portal authenticates with Basic, in the body, or is public.")
    try:
        user, colon, password = b64decode(encoded.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError) as error:
        raise TokenError("invalid_client", "The Authorization header can not be read.") from error
    client_id, secret = unquote_plus(user), unquote_plus(password)
    if not colon or "\0" in client_id:
        raise TokenError("invalid_client", "The Authorization header can not be read.")
    return Credentials(client_id, secret)
