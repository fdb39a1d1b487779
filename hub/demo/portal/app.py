import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from hub.demo.portal import pages, signing_in, suggesting
from hub.demo.portal.delivery import Delivery, deliver
from hub.demo.portal.hub_client import HubClient, hub_client
from hub.demo.portal.logout_token import LogoutTokens
from hub.demo.portal.middleware import SecurityHeaders, SessionCookie
from hub.demo.portal.portal import Portal, portal_of
from hub.demo.portal.searching import search
from hub.demo.portal.sessions import Sessions
from hub.demo.portal.settings import PortalSettings
from hub.demo.portal.view import View

_STATIC = Path(__file__).parent / "static"
_ASSETS = Path(__file__).parents[2] / "pages" / "assets"


def create_portal(
    settings: PortalSettings,
    *,
    transport: httpx2.AsyncBaseTransport | None = None,
    clock: Callable[[], float] = time.time,
    random: Callable[[int], str] = secrets.token_urlsafe,
    assets: Path = _ASSETS,
) -> Starlette:
    """A stand-in state portal: a client of the hub like any other, which knows it by its address only.

    Args:
        settings: which portal this is.
        transport: stands in for the network in tests.
        clock: epoch seconds.
        random: text of so many random bytes.
        assets: folder of the design system's files; the pages are plainer without.
    """
    login = hub_client(settings, transport)
    portal = Portal(
        settings,
        View(settings, sheets(assets)),
        Sessions(clock, random),
        login,
        LogoutTokens(settings.hub, settings.client_id, _keys(login), clock),
        httpx2.AsyncClient(transport=transport, trust_env=False, timeout=10),
        Delivery(),
        clock,
    )
    app = Starlette(
        routes=_routes(assets),
        middleware=_middleware(settings, portal.sessions),
        exception_handlers={404: pages.missing},
        lifespan=_lifespan,
    )
    app.state.portal = portal
    return app


def _middleware(settings: PortalSettings, sessions: Sessions) -> list[Middleware]:
    cookie = f"{settings.key}_session"
    return [
        Middleware(SecurityHeaders, hub=settings.hub),
        Middleware(SessionCookie, sessions=sessions, name=cookie, secure=settings.secure),
    ]


def sheets(assets: Path) -> tuple[str, ...]:
    """Addresses of the style sheets, the design system's first where it was fetched."""
    fetched = [name for name in ("kern/kern.min.css", "kern/fonts.css") if (assets / name).is_file()]
    base = tuple(f"/assets/{name}" for name in fetched) or ("/static/plain.css",)
    return (*base, "/static/portal.css", "/colour.css")


def _keys(login: HubClient) -> Callable[[bool], Any]:
    async def keys(force: bool) -> Any:
        return await login.fetch_jwk_set(force=force)

    return keys


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    portal: Portal = app.state.portal
    delivering = asyncio.create_task(deliver(portal.http, portal.settings, portal.delivery))
    try:
        yield
    finally:
        delivering.cancel()
        with suppress(asyncio.CancelledError):
            await delivering
        await portal.http.aclose()


async def _colour(request: Request) -> Response:
    colour = portal_of(request).settings.colour
    return Response(f":root {{ --portal-colour: {colour}; }}\n", media_type="text/css")


async def _alive(request: Request) -> Response:
    return PlainTextResponse("ok\n")


async def _ready(request: Request) -> Response:
    """200 as soon as the portal's entries were delivered or refused: from then on its pages are as they will be."""
    state = portal_of(request).delivery.state
    return PlainTextResponse(f"{state}\n", status_code=503 if state == "waiting" else 200)


def _routes(assets: Path) -> list[BaseRoute]:
    return [
        Route("/", pages.asking(pages.front)),
        Route("/suche", pages.asking(search)),
        Route("/vorschlaege", suggesting.services),
        Route("/orte", suggesting.places),
        Route("/suggest.js", suggesting.script),
        Route("/leistung/{key}", pages.asking(pages.service)),
        Route("/vertrauensniveau/{key}", pages.asking(pages.step_up)),
        Route("/antrag/{key}", pages.asking(pages.begin)),
        Route("/behoerde/{id}", pages.asking(pages.entry)),
        Route("/onlinedienst/{id}", pages.asking(pages.entry)),
        Route("/konto", pages.asking(pages.account)),
        Route("/anmelden", signing_in.start),
        Route("/login/callback", signing_in.finish),
        Route("/login/backchannel-logout", signing_in.end_from_hub, methods=["POST"]),
        Route("/abmelden", signing_in.leave, methods=["POST"]),
        Route("/abgemeldet", signing_in.left),
        Route("/colour.css", _colour),
        Route("/healthz", _alive),
        Route("/readyz", _ready),
        Mount("/static", StaticFiles(directory=_STATIC)),
        Mount("/assets", StaticFiles(directory=assets, check_dir=False)),
    ]
