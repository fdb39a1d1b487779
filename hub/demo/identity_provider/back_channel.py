"""What the client asks for itself: token, userinfo, keys, discovery."""

import hashlib
import hmac
from base64 import b64decode, urlsafe_b64encode
from urllib.parse import unquote_plus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hub.demo.identity_provider.memory import Brief, Login
from hub.demo.identity_provider.people import Level
from hub.demo.identity_provider.settings import StandInSettings
from hub.demo.identity_provider.tokens import LIFETIME_SECONDS, Tokens, userinfo

_SECRET = {"Cache-Control": "no-store"}


class BackChannel:
    """The endpoints that no browser shows."""

    def __init__(
        self, settings: StandInSettings, tokens: Tokens, codes: Brief[Login], access: Brief[Login]
    ) -> None:
        self._settings = settings
        self._tokens = tokens
        self._codes = codes
        self._access = access

    async def discovery(self, request: Request) -> Response:
        """The provider's metadata (Discovery, section 3)."""
        issuer = self._settings.issuer
        return JSONResponse(
            {
                "issuer": issuer,
                "authorization_endpoint": f"{issuer}/authorize",
                "token_endpoint": f"{issuer}/token",
                "userinfo_endpoint": f"{issuer}/userinfo",
                "jwks_uri": f"{issuer}/jwks",
                "response_types_supported": ["code"],
                "response_modes_supported": ["query"],
                "grant_types_supported": ["authorization_code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
                "code_challenge_methods_supported": ["S256"],
                "scopes_supported": ["openid", "profile", "email", "address"],
                "acr_values_supported": [level.acr for level in Level],
                "ui_locales_supported": ["de", "en"],
                "authorization_response_iss_parameter_supported": True,
                "request_uri_parameter_supported": False,
            }
        )

    async def jwks(self, request: Request) -> Response:
        """The public keys."""
        return JSONResponse(self._tokens.jwks)

    async def token(self, request: Request) -> Response:
        """A code becomes tokens, once (RFC 6749 section 4.1.3; RFC 7636 section 4.6)."""
        form = {name: str(value) for name, value in (await request.form()).items()}
        if not self._is_client(request, form):
            return _error("invalid_client", 401, {"WWW-Authenticate": "Basic"})
        if form.get("grant_type") != "authorization_code":
            return _error("unsupported_grant_type", 400)
        login = self._codes.spend(form.get("code", ""))
        if login is None or form.get("redirect_uri") != login.redirect_uri:
            return _error("invalid_grant", 400)
        if not hmac.compare_digest(_challenge(form.get("code_verifier", "")), login.code_challenge.encode()):
            return _error("invalid_grant", 400)
        access_token = self._access.keep(login)
        return JSONResponse(
            {
                "access_token": access_token,
                "token_type": "Bearer",
                "expires_in": LIFETIME_SECONDS,
                "scope": login.scope,
                "id_token": self._tokens.id_token(login, access_token),
            },
            headers=_SECRET,
        )

    def _is_client(self, request: Request, form: dict[str, str]) -> bool:
        given = _basic(request.headers.get("authorization", ""))
        client_id, secret = given or (form.get("client_id", ""), form.get("client_secret", ""))
        return hmac.compare_digest(
            client_id.encode(), self._settings.client_id.encode()
        ) and hmac.compare_digest(secret.encode(), self._settings.client_secret.encode())

    async def userinfo(self, request: Request) -> Response:
        """The person's claims, for an access token in the header (RFC 6750 section 2.1)."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        login = self._access.find(token) if kind.lower() == "bearer" else None
        if login is None:
            return _error("invalid_token", 401, {"WWW-Authenticate": 'Bearer error="invalid_token"'})
        return JSONResponse(userinfo(login), headers=_SECRET)


def _basic(header: str) -> tuple[str, str] | None:
    kind, _, value = header.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        client_id, _, secret = b64decode(value, validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return unquote_plus(client_id), unquote_plus(secret)


def _challenge(verifier: str) -> bytes:
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")


def _error(code: str, status: int, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"error": code}, status, headers={**_SECRET, **(headers or {})})
