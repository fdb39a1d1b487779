import hashlib
from typing import Any

from identity.opaque import SECOND, b64url
from identity.provider.grants import Grant
from identity.provider.provider import Provider

LIFETIME_SECONDS = 600


def id_token(provider: Provider, grant: Grant, *, sid: str, access_token: str, now: int) -> str:
    """Make the ID token of a login (Core section 2); attributes go out at userinfo, not here."""
    seconds = now // SECOND
    claims: dict[str, Any] = {
        "iss": provider.issuer,
        "sub": provider.pairwise.subject(grant.client.sector, grant.account_id),
        "aud": grant.client.client_id,
        "iat": seconds,
        "exp": seconds + LIFETIME_SECONDS,
        "auth_time": grant.authenticated_at,
        "acr": grant.level.acr,
        "nonce": grant.nonce,
        "sid": sid,
        "at_hash": _half_hash(access_token),
    }
    present = {name: value for name, value in claims.items() if value is not None}
    return provider.keys.sign(present, algorithm=grant.client.id_token_signed_response_alg)


def _half_hash(token: str) -> str:
    """`at_hash`: the left half of the token's SHA-256 (Core section 3.1.3.6); RS256 and ES256 both hash with it."""
    return b64url(hashlib.sha256(token.encode()).digest()[:16])
