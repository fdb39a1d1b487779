"""The stand-in's key, its ID tokens and its userinfo."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from hub.demo.identity_provider.memory import Login
from hub.demo.identity_provider.settings import StandInSettings

LIFETIME_SECONDS = 300
_SCOPES = {
    "profile": ("name", "given_name", "family_name", "birthdate", "organisation"),
    "email": ("email", "email_verified"),
    "address": ("address",),
}


class Tokens:
    """Signs with RS256 under a key that is made at every start; clients find the new one by its `kid`."""

    def __init__(self, settings: StandInSettings, clock: Callable[[], float], kid: str) -> None:
        self._settings = settings
        self._clock = clock
        self._key = RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})

    @property
    def jwks(self) -> dict[str, Any]:
        """The public key set (RFC 7517)."""
        return {"keys": [self._key.as_dict(private=False)]}

    def id_token(self, login: Login, access_token: str) -> str:
        """The ID token of a login (Core 2 and 3.1.3.6)."""
        now = int(self._clock())
        half = hashlib.sha256(access_token.encode()).digest()[:16]
        claims = {
            "iss": self._settings.issuer,
            "sub": login.person.sub,
            "aud": self._settings.client_id,
            "iat": now,
            "exp": now + LIFETIME_SECONDS,
            "auth_time": login.at,
            "acr": login.means.level.acr,
            "amr": [login.means.key],
            "at_hash": urlsafe_b64encode(half).rstrip(b"=").decode(),
        } | ({"nonce": login.nonce} if login.nonce else {})
        return jwt.encode({"alg": "RS256", "kid": self._key.kid}, claims, self._key)


def userinfo(login: Login) -> dict[str, Any]:
    """What the scopes of a login release (Core 5.3.2 and 5.4)."""
    names = {name for scope in login.scope.split() for name in _SCOPES.get(scope, ())}
    claims = {name: value for name, value in login.person.claims.items() if name in names}
    return {"sub": login.person.sub, **claims}
