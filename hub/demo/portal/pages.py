"""What a portal's pages ask the graph, and show."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hub.demo.portal.addresses import ARS, LEIKA_KEY, service_page
from hub.demo.portal.graph import GraphError
from hub.demo.portal.portal import conversation, portal_of, visit_of
from hub.demo.portal.view import language_of

_BAD_INPUT = frozenset({"BAD_ARS", "BAD_ENTRY_ID", "BAD_LEIKA_KEY", "BAD_POSTCODE"})


async def render(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    """A page with what all pages show: who is signed in, the notice of the moment, and the questions asked."""
    portal, visit, talk = portal_of(request), visit_of(request), conversation(request)
    notice, visit.notice = visit.notice, None
    if talk.expired and visit.login:
        portal.sessions.end(visit)
        visit.login, visit.stored, notice = None, False, "login_expired"
    return portal.view.page(
        request,
        template,
        status=status,
        login=visit.login,
        csrf=visit.csrf,
        notice=notice,
        asked=talk.asked,
        here=_here(request),
        delivery=portal.delivery,
        **values,
    )


def _here(request: Request) -> str:
    """This page as a value of ``weiter``; the stations of login and logout are no place to come back to."""
    url = request.url
    if request.method != "GET" or url.path.startswith(("/login/", "/anmelden", "/abgemeldet")):
        return "/"
    return quote(f"{url.path}?{url.query}" if url.query else url.path, safe="")


def asking(handler: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """A handler that asks the graph, with a page for each way in which that can fail."""

    async def guarded(request: Request) -> Response:
        try:
            return await handler(request)
        except GraphError as error:
            if _BAD_INPUT & set(error.codes):
                return await render(request, "not_found.html", status=404)
            print(f"graph: {error} {' '.join(error.codes)}", flush=True)
            return await render(request, "hub_down.html", status=503)

    return guarded


def place_of(request: Request) -> str:
    """The place that the page is about: the one chosen, else the portal's own state."""
    chosen = request.query_params.get("ort", "")
    return chosen if ARS.fullmatch(chosen) else portal_of(request).settings.area


def spoken(request: Request) -> str:
    """The language that the texts are asked in."""
    return language_of(request, portal_of(request).settings.key)


async def front(request: Request) -> Response:
    """One question, and some services of the portal's own area."""
    settings = portal_of(request).settings
    try:
        found = await conversation(request).ask("Front", area=settings.area, language=spoken(request))
    except GraphError:
        found = {"services": None}
    services = [edge["node"] for edge in (found.get("services") or {}).get("edges", ())]
    return await render(request, "front.html", services=services, ort=settings.area)


async def service(request: Request) -> Response:
    """A service as it is in a place: what to do, who is responsible and why, what it costs."""
    key, ort = request.path_params["key"], place_of(request)
    if not LEIKA_KEY.fullmatch(key):
        return await render(request, "not_found.html", status=404)
    found = await conversation(request).ask("ServicePage", key=key, area=ort, language=spoken(request))
    if not found.get("service"):
        return await render(request, "not_found.html", status=404)
    return await render(request, "service.html", service=found["service"], area=found.get("area"), ort=ort)


async def step_up(request: Request) -> Response:
    """What the service needs, what one has, and the shortest way."""
    return await _decided(request, "step_up.html")


async def begin(request: Request) -> Response:
    """Where the online service would begin; it is entered only when the graph says so, at this moment."""
    return await _decided(request, "begin.html")


async def _decided(request: Request, template: str) -> Response:
    key, ort = request.path_params["key"], place_of(request)
    if not LEIKA_KEY.fullmatch(key):
        return await render(request, "not_found.html", status=404)
    found = (await conversation(request).ask("StartPage", key=key, area=ort, language=spoken(request))).get(
        "service"
    )
    if not found or not found.get("viewerCanStart"):
        return await render(request, "not_found.html", status=404)
    if found["viewerCanStart"]["allowed"] != (template == "begin.html"):
        return RedirectResponse(service_page(key, ort), status_code=303)
    return await render(request, template, service=found, start=found["viewerCanStart"], ort=ort)


async def entry(request: Request) -> Response:
    """An authority or an online service, by its entry identifier."""
    found = await conversation(request).ask(
        "EntryPage", id=request.path_params["id"], language=spoken(request)
    )
    template = {"Authority": "authority.html", "OnlineService": "online_service.html"}
    shown = template.get((found.get("entry") or {}).get("__typename", ""))
    if shown is None:
        return await render(request, "not_found.html", status=404)
    return await render(request, shown, entry=found["entry"])


async def account(request: Request) -> Response:
    """Who is signed in here: the portal's own name for the person, the level, and what the graph says."""
    if visit_of(request).login is None:
        return RedirectResponse("/anmelden?weiter=/konto", status_code=303)
    found = await conversation(request).ask("Viewer")
    return await render(request, "account.html", viewer=found.get("viewer"))


async def missing(request: Request, _: Exception) -> Response:
    """Any other address."""
    return await render(request, "not_found.html", status=404)
