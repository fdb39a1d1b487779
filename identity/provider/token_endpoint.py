"""`/token`: a code against an ID token and an access token (RFC 6749 sections 4.1.3 and 5)."""

import logging
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from identity.opaque import micros
from identity.provider import codes, parameters, portals, releases, tokens
from identity.provider.client_authentication import authenticated, credentials
from identity.provider.errors import TokenError
from identity.provider.grants import Grant
from identity.provider.id_token import id_token
from identity.provider.parameters import Parameters
from identity.provider.provider import Provider

_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}  # RFC 6749 section 5.1
_log = logging.getLogger(__name__)


async def token(provider: Provider, request: Request) -> Response:
    """Exchange a code. All of it is one transaction, so that parallel redemptions can't both succeed."""
    authorization = request.headers.get("authorization")
    params = await parameters.of_form(request)
    made = await _exchanged(provider, params, authorization)
    if not isinstance(made, TokenError):
        return JSONResponse(made, headers=_NO_STORE)
    _log.info("token refused: %s %s", made.code, made.sentence)
    return _error(made, basic=authorization is not None)


async def _exchanged(
    provider: Provider, params: Parameters | None, authorization: str | None
) -> dict[str, Any] | TokenError:
    if params is None:
        return TokenError("invalid_request", "The body has to be application/x-www-form-urlencoded.")
    try:
        return await provider.database.write(_Exchange(provider, params, authorization))
    except TokenError as error:
        return error


@dataclass(frozen=True, slots=True)
class _Exchange:
    provider: Provider
    params: Parameters
    authorization: str | None

    def __call__(self, connection: Connection) -> dict[str, Any] | TokenError:
        values, now = self.params.values, micros(self.provider.clock)
        if self.params.unusable or self.params.too_long:
            raise TokenError(
                "invalid_request", "A parameter is doubled, too long or holds control characters."
            )
        client = authenticated(connection, credentials(self.authorization, self.params))
        if "grant_type" not in values:
            raise TokenError("invalid_request", "The parameter grant_type is missing.")
        if values["grant_type"] != "authorization_code":
            raise TokenError("unsupported_grant_type", "The only grant_type here is authorization_code.")
        if "code" not in values:
            raise TokenError("invalid_request", "The parameter code is missing.")
        redeemed = codes.redeem(
            connection,
            client,
            code=values["code"],
            redirect_uri=values.get("redirect_uri"),
            verifier=values.get("code_verifier"),
            now=now,
        )
        return redeemed if isinstance(redeemed, TokenError) else self._made(connection, redeemed, now)

    def _made(self, connection: Connection, grant: Grant, now: int) -> dict[str, Any]:
        house = self.provider
        access_token = tokens.issue(connection, grant, house.graph_audience, house.random, now)
        sid = portals.sid_for(connection, grant.session_id, grant.client.client_id, house.random, now)
        releases.record(
            connection,
            ["sub"],
            account_id=grant.account_id,
            client_id=grant.client.client_id,
            purpose="login",
            level=grant.level,
            grant_hash=grant.code_hash,
            now=now,
        )
        return {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": tokens.LIFETIME_SECONDS,
            "scope": " ".join(grant.scopes),
            "id_token": id_token(house, grant, sid=sid, access_token=access_token, now=now),
        }


def _error(error: TokenError, *, basic: bool) -> Response:
    headers = dict(_NO_STORE)
    if error.code == "invalid_client" and basic:  # RFC 6749 section 5.2
        headers["WWW-Authenticate"] = 'Basic realm="token"'
    return JSONResponse({"error": error.code, "error_description": error.sentence}, error.status, headers)
