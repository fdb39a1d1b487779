"""What makes a logout token one that ends sessions (OpenID Connect Back-Channel Logout 1.0, section 2.6)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_LEEWAY_SECONDS = 30
_OLDEST_SECONDS = 300
_REFETCH_SECONDS = 30
_LONGEST_TOKEN = 8_192
_TYPES = {None, "JWT", "jwt", "logout+jwt", "application/logout+jwt"}


class LogoutTokenError(Exception):
    """The token ends nothing; the sentence goes into ``error_description``."""


@dataclass(slots=True)
class LogoutTokens:
    """Judges logout tokens for one client of one issuer.

    Attributes:
        keys: fetches the issuer's key set; True asks past any cache.
    """

    issuer: str
    client_id: str
    keys: Callable[[bool], Awaitable[dict[str, Any]]]
    clock: Callable[[], float]
    _seen: dict[str, float] = field(default_factory=dict)
    _refetched_at: float = float("-inf")

    async def judge(self, token: str) -> dict[str, Any]:
        """The claims of a good token.

        Raises:
            LogoutTokenError: with the first rule that it breaks.
        """
        if len(token) > _LONGEST_TOKEN:
            raise LogoutTokenError("The logout token is too long.")
        claims = await self._decoded(token)
        for check in (_issuer, _audience, _times, _event, _nobody, _nonce):
            check(claims, self)
        self._spend(claims)
        return claims

    async def _decoded(self, token: str) -> dict[str, Any]:
        try:
            try:
                decoded = _decode(token, await self.keys(False))
            except InvalidKeyIdError:
                # An unknown key may be a new one; asking anew is bounded, so that nobody makes us storm the hub.
                if self._refetched_at + _REFETCH_SECONDS > self.clock():
                    raise
                self._refetched_at = self.clock()
                decoded = _decode(token, await self.keys(True))
        except (JoseError, ValueError) as error:
            raise LogoutTokenError("The signature is not the issuer's (RS256).") from error
        if decoded.header.get("typ") not in _TYPES:
            raise LogoutTokenError("The token's type is not that of a logout token.")
        return decoded.claims

    def _spend(self, claims: dict[str, Any]) -> None:
        now = self.clock()
        self._seen = {jti: until for jti, until in self._seen.items() if until > now}
        jti = claims.get("jti")
        if not isinstance(jti, str) or not jti:
            raise LogoutTokenError("A logout token needs a jti.")
        if jti in self._seen:
            raise LogoutTokenError("This logout token was used before.")
        self._seen[jti] = now + _OLDEST_SECONDS + 2 * _LEEWAY_SECONDS


def _decode(token: str, keys: dict[str, Any]) -> jwt.Token:
    registry = JWSRegistry(algorithms=["RS256"])
    return jwt.decode(token, KeySet.import_key_set(keys), registry=registry)  # type: ignore[arg-type]


def _issuer(claims: dict[str, Any], to: LogoutTokens) -> None:
    if claims.get("iss") != to.issuer:
        raise LogoutTokenError("The token is from another issuer.")


def _audience(claims: dict[str, Any], to: LogoutTokens) -> None:
    named = claims.get("aud")
    if to.client_id not in (named if isinstance(named, list) else [named]):
        raise LogoutTokenError("The token is for another client.")


def _times(claims: dict[str, Any], to: LogoutTokens) -> None:
    now, issued, ends = to.clock(), _time(claims, "iat"), _time(claims, "exp")
    if issued > now + _LEEWAY_SECONDS or issued < now - _OLDEST_SECONDS:
        raise LogoutTokenError("The token's iat is not about now.")
    if ends <= now - _LEEWAY_SECONDS:
        raise LogoutTokenError("The token has expired.")


def _time(claims: dict[str, Any], name: str) -> float:
    value = claims.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise LogoutTokenError(f"A logout token needs {name} as a number.")
    return value


def _event(claims: dict[str, Any], to: LogoutTokens) -> None:
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(_EVENT), dict):
        raise LogoutTokenError("The token's events do not name a back-channel logout.")


def _nobody(claims: dict[str, Any], to: LogoutTokens) -> None:
    names = [claims[name] for name in ("sid", "sub") if name in claims]
    if not names or not all(isinstance(name, str) and name for name in names):
        raise LogoutTokenError("A logout token names a sid, a sub or both.")


def _nonce(claims: dict[str, Any], to: LogoutTokens) -> None:
    if "nonce" in claims:
        raise LogoutTokenError("A logout token has no nonce; this may be an ID token.")
