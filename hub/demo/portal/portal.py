from collections.abc import Callable
from dataclasses import dataclass

import httpx2
from starlette.requests import Request

from hub.demo.portal.delivery import Delivery
from hub.demo.portal.graph import Conversation
from hub.demo.portal.hub_client import HubClient
from hub.demo.portal.logout_token import LogoutTokens
from hub.demo.portal.sessions import Session, Sessions
from hub.demo.portal.settings import PortalSettings
from hub.demo.portal.view import View


@dataclass(slots=True)
class Portal:
    """All that a portal's handlers work with; one for each process, at ``app.state.portal``."""

    settings: PortalSettings
    view: View
    sessions: Sessions
    login: HubClient
    logout_tokens: LogoutTokens
    http: httpx2.AsyncClient
    delivery: Delivery
    clock: Callable[[], float]


def portal_of(request: Request) -> Portal:
    """The portal that a request came to."""
    portal: Portal = request.app.state.portal
    return portal


def visit_of(request: Request) -> Session:
    """The browser's visit (see `SessionCookie`)."""
    visit: Session = request.scope["visit"]
    return visit


def conversation(request: Request) -> Conversation:
    """A conversation with the graph in the name of whoever is signed in; the same one for the whole request."""
    known: Conversation | None = getattr(request.state, "conversation", None)
    if known is None:
        portal, login = portal_of(request), visit_of(request).login
        alive = login is not None and login.expires_at > portal.clock()
        known = Conversation(
            portal.http,
            f"{portal.settings.hub}/graphql",
            token=login.access_token if login and alive else None,
            expired=login is not None and not alive,
        )
        request.state.conversation = known
    return known
