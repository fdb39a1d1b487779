"""Portals as OpenID clients: how they rest, and which addresses they may register."""

import json
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import Connection, insert, select

from identity import tables
from identity.errors import IdentityError
from identity.opaque import Random, b64url, digest, new_secret
from identity.store import packed, unpacked

SCOPES = ("openid", "profile", "email", "address", "organisation", "graph:viewer")
"""What a portal may ask for."""

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_ALLOWED = re.compile(r"[A-Za-z0-9\-._~:/?\[\]@!$&'()+,;=%]+")  # RFC 3986 without '#' and without '*'


class ClientRefusedError(IdentityError):
    """A registration that would be unsafe (RFC 7591 section 3.2.2)."""

    code = "invalid_redirect_uri"


@dataclass(frozen=True, slots=True)
class Client:
    """A registered portal; the fields are those of RFC 7591 section 2.

    Attributes:
        sector: the host its pairwise names are made for (Core section 8.1).
        secret_hash: None for a public client.
    """

    client_id: str
    name: str
    secret_hash: str | None
    token_endpoint_auth_method: str
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...]
    backchannel_logout_uri: str | None
    sector: str
    scopes: tuple[str, ...]
    id_token_signed_response_alg: str
    require_pkce: bool

    @property
    def public(self) -> bool:
        """Whether it can't keep a secret (RFC 6749 section 2.1)."""
        return self.secret_hash is None


@dataclass(frozen=True, slots=True)
class Registration:
    """What an operator says about a new portal."""

    name: str
    redirect_uris: tuple[str, ...]
    public: bool = False
    post_logout_redirect_uris: tuple[str, ...] = ()
    backchannel_logout_uri: str | None = None
    require_pkce: bool = True
    id_token_signed_response_alg: str = "RS256"  # noqa: S105 - an algorithm


def load(connection: Connection, client_id: str) -> Client | None:
    """The client of that id."""
    row = connection.execute(select(tables.client).where(tables.client.c.client_id == client_id)).first()
    if row is None:
        return None
    lists = ("redirect_uris", "post_logout_redirect_uris", "scopes")
    fields = {name: getattr(row, name) for name in Client.__dataclass_fields__}
    return Client(**fields | {name: unpacked(fields[name]) for name in lists})


def register(
    connection: Connection, asked: Registration, random: Random, now: int
) -> tuple[Client, str | None]:
    """Check and keep a new client; returns it and its secret, which is told this once only.

    Raises:
        ClientRefusedError: with the address that is unsafe and why.
    """
    _check(asked)
    secret = None if asked.public else new_secret(random, "vhc_")
    client_id = b64url(random(16))
    made = Client(
        client_id=client_id,
        name=asked.name.strip(),
        secret_hash=digest(secret) if secret else None,
        token_endpoint_auth_method="client_secret_basic" if secret else "none",
        redirect_uris=asked.redirect_uris,
        post_logout_redirect_uris=asked.post_logout_redirect_uris,
        backchannel_logout_uri=asked.backchannel_logout_uri,
        sector=_sector(asked.redirect_uris, client_id),
        scopes=SCOPES,
        id_token_signed_response_alg=asked.id_token_signed_response_alg,
        require_pkce=asked.require_pkce,
    )
    connection.execute(insert(tables.client).values(_row(made) | {"created_at": now}))
    return made, secret


def _row(client: Client) -> dict[str, object]:
    fields = {name: getattr(client, name) for name in Client.__dataclass_fields__}
    return {name: packed(value) if isinstance(value, tuple) else value for name, value in fields.items()}


def _check(asked: Registration) -> None:
    if not asked.name.strip():
        raise ClientRefusedError("A portal needs a name; people see it when they are asked for consent.")
    if not asked.redirect_uris:
        raise ClientRefusedError("A portal needs at least one redirect URI.")
    if asked.public and not asked.require_pkce:
        raise ClientRefusedError("A public client always needs PKCE (RFC 9700 section 2.1.1).")
    for uri in (*asked.redirect_uris, *asked.post_logout_redirect_uris):
        check_uri(uri)
    if asked.backchannel_logout_uri is not None:
        check_uri(asked.backchannel_logout_uri)


def check_uri(uri: str) -> None:
    """Refuse an address that could carry a code to somebody else (RFC 9700 section 4.1, RFC 6749 section 3.1.2).

    Raises:
        ClientRefusedError: with the address and what would be right.
    """
    quoted = json.dumps(uri)
    try:
        parts = urlsplit(uri)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ClientRefusedError(f"{quoted} is no address: {error}.") from error
    if "#" in uri:
        raise ClientRefusedError(
            f"{quoted} has a fragment; a redirect URI has none (RFC 6749 section 3.1.2)."
        )
    if not _ALLOWED.fullmatch(uri):
        raise ClientRefusedError(
            f"{quoted} has a wildcard, a space or another character that is not allowed."
        )
    if parts.scheme not in ("https", "http") or not host:
        raise ClientRefusedError(f"{quoted} is no web address; it begins with https:// and a host.")
    if parts.scheme == "http" and host not in _LOOPBACK:
        raise ClientRefusedError(f"{quoted} is not https; plain http is for loopback addresses only.")
    if parts.username is not None or parts.password is not None:
        raise ClientRefusedError(f"{quoted} holds a user name; a redirect URI has none.")


def _sector(redirect_uris: tuple[str, ...], client_id: str) -> str:
    """The one host of all redirect URIs; with several hosts the client is a sector of its own.

    On loopback the port counts too: there it is what tells two portals apart.
    """
    places = [urlsplit(uri) for uri in redirect_uris]
    hosts = {place.netloc.lower() if place.hostname in _LOOPBACK else str(place.hostname) for place in places}
    return hosts.pop() if len(hosts) == 1 else f"client:{client_id}"
