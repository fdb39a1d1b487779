"""The portal as an OpenID client, on Authlib's client; the checks that it leaves out are made here."""

from collections.abc import Callable, Mapping
from typing import Any

import httpx2
from authlib.integrations.starlette_client import OAuthError, StarletteIntegration, StarletteOAuth2App
from starlette.requests import Request

from hub.demo.portal.sessions import Login
from hub.demo.portal.settings import PortalSettings

SCOPE = "openid profile organisation graph:viewer"
_ACR = "http://eidas.europa.eu/LoA/"
_LEVELS = {f"{_ACR}{level.lower()}": level for level in ("LOW", "SUBSTANTIAL", "HIGH")}


class HubClient(StarletteOAuth2App):
    """Authlib's client with the issuer and the algorithm pinned."""

    expected_issuer = ""

    async def load_server_metadata(self) -> dict[str, Any]:
        """The hub's discovery document; one that names another issuer is refused (Discovery, section 4.3)."""
        metadata: dict[str, Any] = await super().load_server_metadata()
        if metadata.get("issuer") != self.expected_issuer:
            raise OAuthError("invalid_issuer", "The discovery document names another issuer.")
        metadata["id_token_signing_alg_values_supported"] = ["RS256"]
        return metadata


def hub_client(settings: PortalSettings, transport: httpx2.AsyncBaseTransport | None) -> HubClient:
    """A client for that portal; `transport` stands in for the network in tests."""
    kwargs: dict[str, Any] = {
        "scope": SCOPE,
        "code_challenge_method": "S256",
        "trust_env": False,
        "timeout": 10,
    }
    if transport is not None:
        kwargs["transport"] = transport
    client = HubClient(
        StarletteIntegration(settings.key),
        settings.key,
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        server_metadata_url=f"{settings.hub}/.well-known/openid-configuration",
        client_kwargs=kwargs,
    )
    client.expected_issuer = settings.hub
    return client


def acr_of(level: str) -> str | None:
    """The `acr` value that asks for a level, or None for a word that is no level."""
    return {name: acr for acr, name in _LEVELS.items()}.get(level.upper())


async def finished_login(client: HubClient, request: Request, clock: Callable[[], float]) -> Login:
    """The login that the hub's answer to the callback proves.

    Raises:
        OAuthError: the answer is an error, was not asked for by this browser, or proves nothing.
    """
    await _check_issuer(client, request)
    authorize: Any = client.authorize_access_token  # untyped in the library's stubs
    token: dict[str, Any] = await authorize(request)
    claims = token.get("userinfo")
    if not claims or not claims.get("sub"):
        raise OAuthError("invalid_token", "The hub's answer holds no valid ID token.")
    info = await client.userinfo(token=token)
    if info.get("sub") != claims["sub"]:
        raise OAuthError(
            "invalid_token", "Userinfo is about somebody else (OpenID Connect Core, section 5.3.2)."
        )
    return _login(token, claims, {**claims, **info}, clock())


async def _check_issuer(client: HubClient, request: Request) -> None:
    metadata = await client.load_server_metadata()
    named = request.query_params.get("iss")
    wanted = metadata.get("authorization_response_iss_parameter_supported")
    if (wanted or named is not None) and named != client.expected_issuer:
        raise OAuthError("invalid_issuer", "The answer is not from our hub (RFC 9207, section 2.4).")


def _login(token: Mapping[str, Any], claims: Mapping[str, Any], info: Mapping[str, Any], now: float) -> Login:
    organisation = info.get("organisation")
    acting_for = organisation.get("name") if isinstance(organisation, dict) else organisation
    return Login(
        sub=str(claims["sub"]),
        sid=str(claims.get("sid") or ""),
        name=str(info.get("name") or ""),
        level=_LEVELS.get(str(claims.get("acr")), "NONE"),
        acting_for=str(acting_for) if acting_for else None,
        id_token=str(token["id_token"]),
        access_token=str(token["access_token"]),
        expires_at=now + float(token.get("expires_in") or 300),
    )
