"""The signature of an upstream's ID token (Core 3.1.3.7; RFC 8725)."""

from collections.abc import Collection

from joserfc import jws, jwt
from joserfc.errors import JoseError

from identity.broker.claims import SignedClaims, UnverifiedToken
from identity.broker.errors import AnswerRefusedError
from identity.broker.keys import UpstreamKeys

_LONGEST = 16_384
_KEY_TYPES = {"RS256": "RSA", "ES256": "EC"}


async def signed_claims(
    unverified_token: UnverifiedToken, keys: UpstreamKeys, algorithms: Collection[str]
) -> SignedClaims:
    """Check the signature and nothing else: the claims may still be meant for somebody else.

    The key comes from the upstream's published set only; `jwk`, `jku` and `x5u` in the header are not looked at. The
    algorithm must be one of ours before any key is chosen, so that neither ``none`` nor HS256 under a public key pass.

    Raises:
        AnswerRefusedError: the token is malformed, unsigned, or signed by somebody else.
        UpstreamUnavailableError: the keys can't be fetched.
    """
    if len(unverified_token) > _LONGEST:
        raise AnswerRefusedError("The ID token is too long.")
    try:
        header = jws.extract_compact(unverified_token.encode()).headers()
    except (JoseError, ValueError) as error:
        raise AnswerRefusedError("The ID token is malformed.", repr(error)) from error
    algorithm, kid = header.get("alg"), header.get("kid")
    if algorithm not in algorithms or algorithm not in _KEY_TYPES:
        raise AnswerRefusedError("The ID token's algorithm is not allowed.")
    if (
        "crit" in header
        or str(header.get("typ", "JWT")).upper() != "JWT"
        or not isinstance(kid, (str, type(None)))
    ):
        raise AnswerRefusedError("The ID token's header is not that of an ID token.")
    key = await keys.find(kid, _KEY_TYPES[algorithm])
    try:
        return SignedClaims(jwt.decode(unverified_token, key, algorithms=[algorithm]).claims)
    except (JoseError, ValueError) as error:
        raise AnswerRefusedError("The ID token's signature is wrong.", repr(error)) from error
