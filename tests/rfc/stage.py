"""A provider on a stage: the real endpoints and pages, a login page that logs in whoever is told, a clock in hand."""

import hashlib
import re
import secrets
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlencode, urlsplit

import httpx2
from joserfc import jwt
from joserfc.jwk import KeySet
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from hub.database import Database
from hub.pages import consent, logout
from hub.pages.refusal import refusal_page
from hub.pages.rendering import Pages
from identity.assurance import AssuranceLevel
from identity.authentication import Authentication
from identity.keys import Keys
from identity.opaque import micros
from identity.person import Person
from identity.provider import endpoints
from identity.provider.backchannel import BackChannel
from identity.provider.clients import Client, Registration, register
from identity.provider.interactions import BROWSER_COOKIE, Interaction, Interactions, cancel_path, resume_path
from identity.provider.provider import Provider
from identity.sessions import SESSION_COOKIE, Sessions, remember
from identity.subject import Organisation
from identity.viewers import Viewers

ISSUER = "https://hub.example"
HIGH, SUBSTANTIAL, LOW = (str(AssuranceLevel(level).acr) for level in (3, 2, 1))
PAGES = Pages()
VERIFIER = "v" * 43
CHALLENGE = urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()

PEOPLE = {
    "erika": Person(
        given_name="Erika",
        family_name="Mustermann",
        birthdate="1964-08-12",
        email="erika@example.org",
        street="Heidestraße 17",
        postcode="51147",
        city="Köln",
    ),
    "max": Person(given_name="Max", family_name="Mustermann"),
    "toni": Person(given_name="Toni", family_name="Beispiel"),
}
MUSTERBAU = Organisation("organisation-1", "Musterbau GmbH", "GmbH", "HRB 1234")


@dataclass
class Clock:
    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class People:
    async def person(self, account_id: str) -> Person | None:
        return PEOPLE.get(account_id)


@dataclass(frozen=True)
class Answer:
    status: int


@dataclass
class Outside:
    """Where logout notices go: by default every portal says 200."""

    answers: dict[str, int | Exception] = field(default_factory=dict)
    posted: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    async def post(self, url: str, fields: dict[str, str]) -> Answer:
        self.posted.append((url, fields))
        answer = self.answers.get(url, 200)
        if isinstance(answer, Exception):
            raise answer
        return Answer(answer)


@dataclass(frozen=True)
class Portal:
    client: Client
    secret: str | None

    @property
    def redirect_uri(self) -> str:
        return self.client.redirect_uris[0]

    def asks(self, **changes: str | None) -> dict[str, str]:
        """A good authorization request of this portal, with changes; None takes a parameter away."""
        params: dict[str, str | None] = {
            "client_id": self.client.client_id,
            "redirect_uri": self.redirect_uri,
            "response_type": "code",
            "scope": "openid profile",
            "state": "state-1",
            "nonce": "nonce-1",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        return {name: value for name, value in (params | changes).items() if value is not None}


class Stage:
    """Everything of one test; `login` is who logs in when a browser comes to the login page."""

    def __init__(self, database: Database, keys: Keys) -> None:
        self.database = database
        self.clock = Clock()
        self.outside = Outside()
        self.keys = keys
        self.provider = Provider(
            issuer=ISSUER,
            database=database,
            keys=keys,
            accounts=People(),
            clock=self.clock,
            random=secrets.token_bytes,
            error_page=refusal_page(PAGES),
        )
        self.back_channel = BackChannel(self.provider, self.outside, patience=0.2)
        self.sessions = Sessions(database, self.clock, secrets.token_bytes, self.back_channel)
        self.interactions = Interactions(database, self.clock)
        self.viewers = Viewers(ISSUER, database, self.sessions, People(), self.provider.pairwise, self.clock)
        self.login: Authentication | None = self.person("erika")
        self.seen: Interaction | None = None
        self.app = Starlette(
            routes=[
                *endpoints.routes(self.provider),
                *consent.routes(self.provider, PAGES),
                *logout.routes(self.provider, PAGES, self.back_channel),
                Route("/login", self._login_page),
            ]
        )

    def person(
        self, account: str, level: int = 3, *, age: int = 0, acting_for: Organisation | None = None
    ) -> Authentication:
        """An event of logging in, now or `age` seconds ago."""
        return Authentication(account, AssuranceLevel(level), int(self.clock()) - age, "stand-in", acting_for)

    async def portal(self, name: str = "Portal Hessen", host: str = "hessen.example", **more: Any) -> Portal:
        asked = Registration(
            name=name,
            redirect_uris=(f"https://{host}/callback",),
            post_logout_redirect_uris=(f"https://{host}/bye",),
            backchannel_logout_uri=f"https://{host}/backchannel",
        )
        now = micros(self.clock)
        client, secret = await self.database.write(
            lambda connection: register(connection, replace(asked, **more), secrets.token_bytes, now)
        )
        return Portal(client, secret)

    def browser(self) -> "Browser":
        return Browser(self)

    async def redeem(self, portal: Portal, code: str | None, **changes: str | None) -> httpx2.Response:
        """The portal's own call to the token endpoint."""
        fields: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": portal.redirect_uri,
            "code_verifier": VERIFIER,
        }
        if portal.secret is None:
            fields["client_id"] = portal.client.client_id
        data = {name: value for name, value in (fields | changes).items() if value is not None}
        headers = {"Authorization": basic(portal.client.client_id, portal.secret)} if portal.secret else {}
        async with self.client() as client:
            return await client.post("/token", data=data, headers=headers)

    async def tokens(self, portal: Portal, code: str) -> dict[str, Any]:
        response = await self.redeem(portal, code)
        assert response.status_code == 200, response.text
        return dict(response.json())

    async def userinfo(self, access_token: str) -> httpx2.Response:
        async with self.client() as client:
            return await client.get("/userinfo", headers={"Authorization": f"Bearer {access_token}"})

    def read(self, token: str) -> Mapping[str, Any]:
        """A JWT's claims, its signature checked against the published keys."""
        keys = KeySet.import_key_set(self.keys.jwks())  # type: ignore[arg-type]
        return jwt.decode(token, keys, algorithms=["RS256", "ES256"]).claims

    def client(self) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(transport=httpx2.ASGITransport(self.app), base_url=ISSUER)

    async def _login_page(self, request: Request) -> Response:
        interaction_id = request.query_params["interaction"]
        self.seen = await self.interactions.get(interaction_id, request.cookies.get(BROWSER_COOKIE))
        if self.seen is None:
            return JSONResponse("this login does not wait in this browser", 400)
        if self.login is None:
            return JSONResponse(
                {"cancel": cancel_path(interaction_id), "resume": resume_path(interaction_id)}
            )
        cookie = await self.sessions.begin(self.login, request.cookies.get(SESSION_COOKIE))
        response = RedirectResponse(resume_path(interaction_id), 303)
        remember(response, cookie)
        return response


class Browser:
    """A person's browser: follows redirects inside the hub, says yes on the consent page, stops at a portal."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.http = stage.client()
        self.consents: list[str] = []

    async def opens(self, path: str, params: Mapping[str, str] | None = None) -> httpx2.Response:
        """One request, followed until a page or a portal is reached."""
        address = path + (f"?{urlencode(params)}" if params else "")
        return await self.follows(await self.http.get(address))

    async def follows(self, response: httpx2.Response) -> httpx2.Response:
        while response.status_code == 303 and response.headers["location"].startswith((ISSUER, "/")):
            response = await self.http.get(response.headers["location"])
        return response

    async def signs_in(self, portal: Portal, **changes: str | None) -> dict[str, str]:
        """The whole way to the portal's callback; returns what arrives there."""
        response = await self.opens("/authorize", portal.asks(**changes))
        if response.status_code == 200 and 'action="/consent"' in response.text:
            self.consents.append(response.text)
            response = await self.decides(response.text)
        return arrived(response, portal)

    async def decides(self, page: str, decision: str = "accept", *attributes: str) -> httpx2.Response:
        """Press a button of the consent page, with optional attributes ticked."""
        fields = hidden(page) | {"decision": decision}
        body = urlencode([*fields.items(), *(("attribute", name) for name in attributes)])
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return await self.follows(await self.http.post("/consent", content=body, headers=headers))

    async def code(self, portal: Portal, **changes: str | None) -> str:
        answer = await self.signs_in(portal, **changes)
        assert "code" in answer, answer
        return answer["code"]

    @property
    def session_cookie(self) -> str | None:
        return self.http.cookies.get(SESSION_COOKIE)


def basic(user: str, password: str) -> str:
    """The header of HTTP Basic authentication, encoded as RFC 6749 section 2.3.1 says."""
    return "Basic " + b64encode(f"{quote_plus(user)}:{quote_plus(password)}".encode()).decode()


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page's form."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def arrived(response: httpx2.Response, portal: Portal) -> dict[str, str]:
    """What came to the portal's callback."""
    assert response.status_code == 303, response.text
    location = response.headers["location"]
    assert location.split("?")[0] == portal.redirect_uri.split("?")[0], location
    found = parse_qs(urlsplit(location).query, strict_parsing=True)
    assert all(len(values) == 1 for values in found.values())
    return {name: values[0] for name, values in found.items()}
