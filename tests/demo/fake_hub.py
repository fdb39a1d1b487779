"""A small hub for the portals' tests: speaks discovery, login, logout tokens, the graph and the push endpoint."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hub.demo.portal.settings import PortalSettings

HUB = "http://127.0.0.1:8000"
PORTAL = "http://localhost:8001"
NOW = 1_770_000_000.0
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "two", "use": "sig", "alg": "RS256"})
EVENT = "http://schemas.openid.net/event/backchannel-logout"
ACR = "http://eidas.europa.eu/LoA/"


def settings(delivery: str, key: str = "hessen", area: str = "06") -> PortalSettings:
    """A portal's settings against the fake hub."""
    return PortalSettings(
        key=key,
        name="Serviceportal Hessen (Demo)",
        state="Hessen",
        area=area,
        colour="#7a1f45",
        address=PORTAL,
        hub=HUB,
        client_id="portal-a",
        client_secret="vhc_secret",
        source=key,
        source_token="vhs_token",
        delivery=delivery,
    )


class Network(httpx2.AsyncBaseTransport):
    """Leads to the fake hub, as long as that is not down."""

    def __init__(self, hub: "FakeHub") -> None:
        self._hub = hub
        self._inner = httpx2.ASGITransport(app=hub.app)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if self._hub.down:
            raise httpx2.ConnectError("nobody there", request=request)
        return await self._inner.handle_async_request(request)


class FakeHub:
    """What the portal sees of a hub; tests change its attributes before they act."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.down = False
        self.data: dict[str, Any] = {}
        self.errors: dict[str, list[dict[str, Any]]] = {}
        self.questions: list[dict[str, Any]] = []
        self.graph_status = 200
        self.bearer: list[str | None] = []
        self.level = "low"
        self.sub = "sub-at-hessen"
        self.sid = "sid-1"
        self.claims: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {"sub": "sub-at-hessen", "name": "Erika Mustermann"}
        self.signing = KEY
        self.keys = KeySet([KEY])
        self.metadata: dict[str, Any] = {}
        self.asked: dict[str, str] = {}
        self.token_form: dict[str, str] = {}
        self.pushes: list[tuple[str, str, bytes]] = []
        self.push_answers: list[Response] = []
        self.app = Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._discovery),
                Route("/jwks", self._jwks),
                Route("/token", self._token, methods=["POST"]),
                Route("/userinfo", self._userinfo),
                Route("/graphql", self._graph, methods=["POST"]),
                Route("/sync/{source}/messages", self._push, methods=["POST"]),
            ]
        )

    def transport(self) -> httpx2.AsyncBaseTransport:
        """The network that leads to this hub only."""
        return Network(self)

    def authorize(self, location: str, **changes: str) -> str:
        """Play the person who logs in: the callback address that the hub would redirect to."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        answer = {"code": "code-1", "state": self.asked["state"], "iss": HUB} | changes
        return str(httpx2.URL(self.asked["redirect_uri"]).copy_merge_params(answer))

    def id_token(self) -> str:
        """The ID token that the next login gets."""
        claims = {
            "iss": HUB,
            "sub": self.sub,
            "aud": "portal-a",
            "iat": int(self.clock()),
            "exp": int(self.clock()) + 600,
            "nonce": self.asked.get("nonce"),
            "acr": f"{ACR}{self.level}",
            "sid": self.sid,
        } | self.claims
        return jwt.encode({"alg": "RS256", "kid": self.signing.kid}, claims, self.signing)

    def logout_token(
        self, *, header: dict[str, Any] | None = None, key: RSAKey | None = None, **changes: Any
    ) -> str:
        """A logout token; a change to None leaves that claim out."""
        claims: dict[str, Any] = {
            "iss": HUB,
            "aud": "portal-a",
            "iat": int(self.clock()),
            "exp": int(self.clock()) + 120,
            "jti": "jti-1",
            "sid": self.sid,
            "events": {EVENT: {}},
        } | changes
        signing = key or self.signing
        head = {"alg": "RS256", "kid": signing.kid, "typ": "logout+jwt"} | (header or {})
        return jwt.encode(head, {name: value for name, value in claims.items() if value is not None}, signing)

    async def _discovery(self, request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": HUB,
                "authorization_endpoint": f"{HUB}/authorize",
                "token_endpoint": f"{HUB}/token",
                "userinfo_endpoint": f"{HUB}/userinfo",
                "jwks_uri": f"{HUB}/jwks",
                "end_session_endpoint": f"{HUB}/logout",
                "authorization_response_iss_parameter_supported": True,
                "id_token_signing_alg_values_supported": ["RS256", "ES256", "none"],
            }
            | self.metadata
        )

    async def _jwks(self, request: Request) -> Response:
        return JSONResponse(self.keys.as_dict(private=False))

    async def _token(self, request: Request) -> Response:
        async with request.form() as form:
            self.token_form = {name: str(value) for name, value in form.items()}
        return JSONResponse(
            {"access_token": "vha_1", "token_type": "Bearer", "expires_in": 600, "id_token": self.id_token()}
        )

    async def _userinfo(self, request: Request) -> Response:
        return JSONResponse(self.userinfo)

    async def _graph(self, request: Request) -> Response:
        asked = json.loads(await request.body())
        self.questions.append(asked)
        bearer = request.headers.get("authorization")
        self.bearer.append(bearer)
        if self.graph_status != 200 and (bearer or self.graph_status != 401):
            return JSONResponse({"errors": []}, status_code=self.graph_status)
        name = asked["operationName"]
        answer: dict[str, Any] = {"data": self.data.get(name)}
        if name in self.errors:
            answer["errors"] = self.errors[name]
        return JSONResponse(answer)

    async def _push(self, request: Request) -> Response:
        body = await request.body()
        self.pushes.append((request.path_params["source"], request.headers["authorization"], body))
        return self.push_answers.pop(0) if self.push_answers else JSONResponse({"counts": {"added": 7}})
