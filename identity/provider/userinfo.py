"""`/userinfo`: the attributes that a person granted to a portal (Core section 5.3), each release written down."""

from dataclasses import dataclass

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from identity.opaque import micros
from identity.provider import parameters, releases, tokens
from identity.provider.claims import claims_of
from identity.provider.errors import BearerError
from identity.provider.provider import Provider
from identity.provider.tokens import AccessToken

_NO_STORE = {"Cache-Control": "no-store"}


async def userinfo(provider: Provider, request: Request) -> Response:
    """Answer by GET and POST; the token comes in the header or, with POST, in the body (RFC 6750 section 2)."""
    try:
        return JSONResponse(await _claims(provider, await _bearer(request)), headers=_NO_STORE)
    except BearerError as error:
        return _refused(error)


async def _bearer(request: Request) -> str:
    found = []
    if header := request.headers.get("authorization"):
        scheme, _, token = header.partition(" ")
        found += [token.strip()] if scheme.lower() == "bearer" else []
    if request.method == "POST" and (params := await parameters.of_form(request)):
        if "access_token" in params.unusable:
            raise BearerError("invalid_request", 400, "The access_token is doubled or garbled.")
        found += [params.values["access_token"]] if "access_token" in params.values else []
    if len(found) > 1:
        raise BearerError("invalid_request", 400, "The access token comes in two ways at once.")
    if not found:
        raise BearerError("", 401, "An access token is needed.")
    return found[0]


async def _claims(provider: Provider, bearer: str) -> dict[str, object]:
    now = micros(provider.clock)
    token = await provider.database.read(lambda connection: tokens.find(connection, bearer, now))
    person = await provider.accounts.person(token.account_id) if token else None
    if token is None or person is None:
        raise BearerError("invalid_token", 401, "The access token is unknown, expired or revoked.")
    sector = token.client.sector
    acting_for = token.acting_for and provider.pairwise.organisation(sector, token.acting_for)
    claims = claims_of(person, token.granted, acting_for)
    await provider.database.write(_Release(token, tuple(claims), now))
    return {"sub": provider.pairwise.subject(sector, token.account_id)} | claims


@dataclass(frozen=True, slots=True)
class _Release:
    token: AccessToken
    claims: tuple[str, ...]
    now: int

    def __call__(self, connection: Connection) -> None:
        releases.record(
            connection,
            self.claims,
            account_id=self.token.account_id,
            client_id=self.token.client.client_id,
            purpose="userinfo",
            level=self.token.level,
            grant_hash=self.token.token_hash,
            now=self.now,
        )


def _refused(error: BearerError) -> Response:
    challenge = 'Bearer realm="userinfo"'
    if error.code:
        challenge += f', error="{error.code}", error_description="{error.sentence}"'
    body = {"error": error.code or "invalid_request", "error_description": error.sentence}
    return JSONResponse(body, error.status, {**_NO_STORE, "WWW-Authenticate": challenge})
