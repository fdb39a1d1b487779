"""Hub, stand-in identity provider and a browser on one stage: real applications, no sockets, a clock in hand."""

import html
import re
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx2
import pytest
from starlette.applications import Starlette

from hub.database import Database
from hub.demo.identity_provider.app import create_identity_provider
from hub.demo.identity_provider.settings import InsecureStandInWarning, StandInSettings
from hub.pages import account, consent, login, logout
from hub.pages.refusal import refusal_page
from hub.pages.rendering import Pages
from identity.account import Accounts
from identity.broker.core import Broker
from identity.broker.openid import OpenIDUpstream
from identity.broker.pending import PendingLogins
from identity.broker.upstream import Upstream
from identity.keys import Keys
from identity.opaque import micros
from identity.provider import endpoints
from identity.provider.backchannel import BackChannel
from identity.provider.clients import Client, Registration, register
from identity.provider.provider import Provider
from identity.sessions import Sessions
from tests.identity.broker.upstream_double import Clock

HUB, IDP, PORTAL = "https://hub.example", "https://idp.example", "https://hessen.example"
ACR = "http://eidas.europa.eu/LoA/"
VERIFIER = "v" * 43
PAGES = Pages()


class Streets(httpx2.AsyncBaseTransport):
    """Leads a request to the application of its host; a host in `closed` does not answer."""

    def __init__(self) -> None:
        self.apps: dict[str, Starlette] = {}
        self.closed: set[str] = set()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.host in self.closed:
            raise httpx2.ConnectError("closed", request=request)
        inner = httpx2.ASGITransport(self.apps[request.url.host])
        return await inner.handle_async_request(request)


class Answered:
    status = 200


class Told:
    """Where logout notices of portals end."""

    def __init__(self) -> None:
        self.posted: list[str] = []

    async def post(self, url: str, fields: dict[str, str]) -> Answered:
        self.posted.append(url)
        return Answered()


class LoginStage:
    def __init__(self, database: Database, keys: Keys) -> None:
        self.clock, self.streets, self.told = Clock(), Streets(), Told()
        self.database = database
        self.portal_secrets: dict[str, str] = {}
        self.accounts = Accounts(database, self.clock, secrets.token_bytes)
        self.provider = Provider(
            HUB, database, keys, self.accounts, self.clock, secrets.token_bytes, refusal_page(PAGES)
        )
        back_channel = BackChannel(self.provider, self.told)
        self.sessions = Sessions(database, self.clock, secrets.token_bytes, back_channel)
        self.settings = Upstream(
            id="demo",
            name={"de": "Bürgerkonto", "en": "Citizen account"},
            issuer=IDP,
            client_id="hub",
            client_secret="secret",
            levels=("low", "substantial", "high"),
            organisations=True,
        )
        callback = login.redirect_uri(HUB, "demo")
        pending = PendingLogins(database, self.clock, secrets.token_bytes)
        upstream = OpenIDUpstream(self.settings, self.streets, self.clock, callback)
        self.broker = Broker([upstream], pending, self.accounts)
        self.streets.apps["hub.example"] = Starlette(
            routes=[
                *endpoints.routes(self.provider),
                *consent.routes(self.provider, PAGES),
                *logout.routes(self.provider, PAGES, back_channel),
                *login.routes(self.provider, self.broker, self.sessions, PAGES),
                *account.routes(
                    self.provider, self.accounts, self.sessions, self.broker, PAGES, farewell=back_channel
                ),
            ]
        )
        with pytest.warns(InsecureStandInWarning):
            self.streets.apps["idp.example"] = create_identity_provider(
                StandInSettings(IDP, "hub", "secret", (callback,)), clock=self.clock
            )

    async def portal(self) -> Client:
        asked = Registration(
            name="Portal Hessen",
            redirect_uris=(f"{PORTAL}/callback",),
            post_logout_redirect_uris=(),
            backchannel_logout_uri=f"{PORTAL}/backchannel",
        )
        client, secret = await self.database.write(
            lambda connection: register(connection, asked, secrets.token_bytes, micros(self.clock))
        )
        self.portal_secrets[client.client_id] = secret or ""
        return client

    async def redeemed(self, client: Client, code: str) -> str:
        """The portal's own call for its tokens; returns the access token."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": f"{PORTAL}/callback",
            "code_verifier": VERIFIER,
        }
        async with httpx2.AsyncClient(transport=self.streets) as http:
            auth = (client.client_id, self.portal_secrets[client.client_id])
            response = await http.post(f"{HUB}/token", data=form, auth=auth)
            assert response.status_code == 200, response.text
            return str(response.json()["access_token"])

    def browser(self, **headers: str) -> "Browser":
        return Browser(httpx2.AsyncClient(transport=self.streets, headers=headers))


class Browser:
    """Follows redirects between hub and stand-in, and stops at a page or at a portal.

    Attributes:
        at: the address of now.
        page: what is shown there.
    """

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self.http = http
        self.at = ""
        self.response = httpx2.Response(0)

    @property
    def page(self) -> str:
        return html.unescape(self.response.text)

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.at).query).items()}

    @property
    def heading(self) -> str:
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.page, re.DOTALL)
        return found[1].strip() if found else ""

    async def opens(self, address: str) -> None:
        self.at = urljoin(HUB, address)
        await self._arrives(await self.http.get(self.at))

    async def _arrives(self, response: httpx2.Response) -> None:
        self.response = response
        while response.status_code == 303:
            self.at = urljoin(self.at, response.headers["location"])
            if self.at.startswith(PORTAL):
                return
            response = self.response = await self.http.get(self.at)

    def link(self, beginning: str) -> str:
        """The address of the page's first link that begins so."""
        return beginning + self.page.split(f'href="{beginning}')[1].split('"')[0]

    def hidden(self) -> dict[str, str]:
        """The hidden fields of the page's first form."""
        form = self.response.text.split("<form", 1)[1].split("</form>", 1)[0]
        found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
        return {name: html.unescape(value) for name, value in found}

    async def presses(self, action: str, **fields: str) -> None:
        """Send the page's first form with these fields beside its hidden ones."""
        self.at = urljoin(self.at, action)
        await self._arrives(await self.http.post(self.at, data=self.hidden() | fields))

    async def sends(self, action: str, fields: Mapping[str, str], **headers: str) -> None:
        """Send a form that no page has shown."""
        self.at = urljoin(HUB, action)
        await self._arrives(await self.http.post(self.at, data=dict(fields), headers=headers))

    async def logs_in(self, choice: str) -> None:
        """From the hub's login page over the stand-in and back."""
        await self.presses("/login/start", upstream="demo")
        assert self.at.startswith(f"{IDP}/authorize"), self.heading
        await self.presses("/choose", choice=choice)
