"""Authorization codes to be redeemed, as `/authorize` makes them for a portal, and the requests that redeem them."""

import hashlib
import secrets
import time
from base64 import b64encode
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import orjson
from joserfc import jwt
from joserfc.jwk import KeySet
from sqlalchemy import Connection

from bench.load import ask_once, post
from hub.database import Database
from identity import sessions
from identity.assurance import AssuranceLevel
from identity.authentication import Authentication
from identity.keys import Keys
from identity.opaque import SECOND, b64url, micros
from identity.provider import codes
from identity.provider.clients import Client, Registration, register

_REDIRECT = "https://portal.example/callback"
_LATER = 3600 * SECOND
"""The codes are made ahead of their use: their minute begins later."""


@dataclass(frozen=True, slots=True)
class Portal:
    """A registered portal, and its session of a person."""

    client: Client
    secret: str
    session: sessions.Session


async def register_portal(identity: Database) -> Portal:
    """A confidential client with PKCE, and a person who is logged in."""
    asked = Registration("Bench", (_REDIRECT,))
    client, secret = await identity.write(
        lambda connection: register(connection, asked, secrets.token_bytes, micros(time.time))
    )
    login = Authentication("bench-account", AssuranceLevel.SUBSTANTIAL, int(time.time()), "bench")
    house = sessions.Sessions(identity, time.time, secrets.token_bytes)
    cookie = await house.begin(login, None)
    session = await identity.read(lambda connection: sessions.load(connection, cookie, micros(time.time)))
    if session is None or secret is None:
        raise RuntimeError("A confidential client has a secret, and a session begun now is alive.")
    return Portal(client, secret, session)


async def token_requests(identity: Database, portal: Portal, number: int) -> list[bytes]:
    """So many requests to the token endpoint, each with a code of its own."""
    verifiers = [secrets.token_urlsafe(48) for _ in range(number)]
    made = await identity.write(lambda connection: [_code(connection, portal, one) for one in verifiers])
    basic = b64encode(f"{portal.client.client_id}:{portal.secret}".encode()).decode()
    return [
        post(
            "/token",
            urlencode(
                {
                    "grant_type": "authorization_code",
                    "code": code,
                    "redirect_uri": _REDIRECT,
                    "code_verifier": verifier,
                }
            ).encode(),
            "application/x-www-form-urlencoded",
            f"authorization: Basic {basic}\r\n",
        )
        for code, verifier in zip(made, verifiers, strict=True)
    ]


def _code(connection: Connection, portal: Portal, verifier: str) -> str:
    challenge = b64url(hashlib.sha256(verifier.encode()).digest())
    asked: Any = SimpleNamespace(
        provider=SimpleNamespace(random=secrets.token_bytes),
        connection=connection,
        session=portal.session,
        params=SimpleNamespace(values={"nonce": "nonce", "code_challenge": challenge}),
        client=portal.client,
        redirect_uri=_REDIRECT,
        scopes=("openid", "profile", "graph:viewer"),
        granted=("given_name", "family_name"),
        now=micros(time.time) + _LATER,
    )
    return codes.issue(asked)


async def checked_grant(port: int, request: bytes, keys: Keys) -> bytes:
    """Redeem one code and check what came: an access token, and an ID token signed by the hub."""
    body = await ask_once(port, request)
    answer = orjson.loads(body)
    found = jwt.decode(answer["id_token"], KeySet.import_key_set(keys.jwks()), algorithms=["RS256"])  # type: ignore[arg-type]
    if found.claims["nonce"] != "nonce" or not answer["access_token"]:
        raise RuntimeError("The grant did not bring what was asked for.")
    return body
