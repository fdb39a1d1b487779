"""What the provider says about itself (OpenID Connect Discovery 1.0, RFC 8414): true to what exists, nothing more."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from identity.assurance import AssuranceLevel
from identity.keys import SIGNING_ALGORITHMS
from identity.provider.claims import CLAIMS_SUPPORTED
from identity.provider.clients import SCOPES
from identity.provider.provider import Provider

_PUBLIC = {"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}


def metadata(issuer: str) -> dict[str, Any]:
    """The provider's metadata (Discovery section 3, RP-Initiated Logout 2.1, Back-Channel Logout 2.1, RFC 9207 3)."""
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "userinfo_endpoint": f"{issuer}/userinfo",
        "jwks_uri": f"{issuer}/jwks",
        "end_session_endpoint": f"{issuer}/logout",
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "acr_values_supported": [level.acr for level in AssuranceLevel if level.acr],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": list(SIGNING_ALGORITHMS),
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "claims_supported": list(CLAIMS_SUPPORTED),
        "claim_types_supported": ["normal"],
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "ui_locales_supported": ["de", "en"],
    }


async def configuration(provider: Provider, request: Request) -> Response:
    """`/.well-known/openid-configuration`."""
    return JSONResponse(metadata(provider.issuer), headers=_PUBLIC)


async def jwks(provider: Provider, request: Request) -> Response:
    """The public keys (RFC 7517)."""
    return JSONResponse(provider.keys.jwks(), headers=_PUBLIC)
