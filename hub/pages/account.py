"""My account: what the hub knows about somebody, how they log in, which portals know them, and who received what."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from hub.pages.rendering import ACCOUNT, Pages
from identity.account import Accounts
from identity.broker.core import Broker
from identity.person import Person
from identity.provider import parameters
from identity.provider.forms import form_token, is_form_token
from identity.provider.interactions import LOGIN_PATH
from identity.provider.provider import Provider
from identity.sessions import SESSION_COOKIE, Farewell, Session, Sessions, forget

_PURPOSE = "account"

Show = Callable[[Request, Session], Awaitable[Response]]


def routes(
    provider: Provider,
    accounts: Accounts,
    sessions: Sessions,
    broker: Broker,
    pages: Pages,
    *,
    farewell: Farewell,
) -> list[Route]:
    """The account's pages; `farewell` tells the portals of a session that the person ends here."""
    account = _AccountPages(provider, accounts, sessions, broker, pages, farewell)
    shown = {
        ACCOUNT: account.overview,
        f"{ACCOUNT}/data": account.data,
        f"{ACCOUNT}/ways-in": account.ways_in,
        f"{ACCOUNT}/portals": account.portals,
        f"{ACCOUNT}/sessions": account.sessions_list,
    }
    commands = {
        f"{ACCOUNT}/portals/withdraw": account.withdraw,
        f"{ACCOUNT}/sessions/end": account.end_session,
    }
    return [
        *(
            Route(path, account.for_somebody(show, back=path), methods=["GET"])
            for path, show in shown.items()
        ),
        *(
            Route(path, account.for_somebody(do, back=ACCOUNT), methods=["POST"])
            for path, do in commands.items()
        ),
    ]


@dataclass(frozen=True, slots=True)
class _AccountPages:
    provider: Provider
    accounts: Accounts
    sessions: Sessions
    broker: Broker
    pages: Pages
    farewell: Farewell

    def for_somebody(self, show: Show, *, back: str) -> Callable[[Request], Awaitable[Response]]:
        """The handler for those who are signed in; the others are sent to the login and come back."""

        async def handler(request: Request) -> Response:
            session = await self.sessions.find(request.cookies.get(SESSION_COOKIE))
            if session is None:
                return self._go(f"{LOGIN_PATH}?{urlencode({'next': back})}")
            return await show(request, session)

        return handler

    async def overview(self, request: Request, session: Session) -> Response:
        """Name and level, four doors, the sources whose staff one is, and the log of releases."""
        releases = await self.accounts.releases(session.account_id)
        sources = await self.accounts.sources(session.account_id)
        return await self._page(request, session, "account.html", releases=releases, sources=sources)

    async def data(self, request: Request, session: Session) -> Response:
        """What the hub holds about the person."""
        organisations = await self.accounts.organisations(session.account_id)
        return await self._page(request, session, "account_data.html", organisations=organisations)

    async def ways_in(self, request: Request, session: Session) -> Response:
        """By which upstreams the person logs in."""
        ways = await self.accounts.ways_in(session.account_id)
        names = {upstream.id: upstream for upstream in self.broker.upstreams}
        return await self._page(request, session, "account_ways_in.html", ways=ways, upstreams=names)

    async def portals(self, request: Request, session: Session) -> Response:
        """To which portals the person has granted what."""
        portals = await self.accounts.portals(session.account_id)
        return await self._page(request, session, "account_portals.html", portals=portals)

    async def sessions_list(self, request: Request, session: Session) -> Response:
        """Where the person is signed in."""
        listed = await self.accounts.sessions(session.account_id)
        names = {upstream.id: upstream for upstream in self.broker.upstreams}
        return await self._page(request, session, "account_sessions.html", sessions=listed, upstreams=names)

    async def withdraw(self, request: Request, session: Session) -> Response:
        """Take back what was granted to a portal."""
        client_id = await self._subject(request, session, "client_id")
        if client_id is None:
            return self._refused(request)
        await self.accounts.withdraw_consent(session.account_id, client_id)
        return self._go(f"{ACCOUNT}/portals")

    async def end_session(self, request: Request, session: Session) -> Response:
        """End one of the person's sessions, and tell its portals."""
        session_id = await self._subject(request, session, "session_id")
        if session_id is None:
            return self._refused(request)
        if await self.accounts.end_session(session.account_id, session_id):
            await self.farewell(session_id)
        if session_id != session.id:
            return self._go(f"{ACCOUNT}/sessions")
        response = self._go("/")
        forget(response)
        return response

    async def _subject(self, request: Request, session: Session, field: str) -> str | None:
        """What the form is about; None unless it came from a page that was made for this session and this thing."""
        params = await parameters.of_form(request) or parameters.read(())
        subject, token = params.values.get(field, ""), params.values.get("form_token", "")
        secret = self.provider.keys.cookie_secret
        return subject if subject and is_form_token(token, secret, _PURPOSE, session, subject) else None

    async def _page(self, request: Request, session: Session, template: str, **context: Any) -> Response:
        secret = self.provider.keys.cookie_secret
        return self.pages.render(
            request,
            template,
            viewer=session,
            session=session,
            person=await self.accounts.person(session.account_id) or Person(),
            at=lambda seconds: datetime.fromtimestamp(seconds, UTC),
            token_for=lambda subject: form_token(secret, _PURPOSE, session, subject),
            **context,
        )

    def _refused(self, request: Request) -> Response:
        return self.pages.render(request, "account_refused.html", 403)

    def _go(self, path: str) -> Response:
        return RedirectResponse(self.provider.issuer + path, 303, headers={"Cache-Control": "no-store"})
