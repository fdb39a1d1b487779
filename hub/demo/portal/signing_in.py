"""The ways in and out: login at the hub with step-up, logout from here, logout from there."""

from typing import Any

import httpx2
from authlib.integrations.starlette_client import OAuthError
from joserfc.errors import JoseError
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from hub.demo.portal.addresses import local
from hub.demo.portal.hub_client import acr_of, finished_login
from hub.demo.portal.logout_token import LogoutTokenError
from hub.demo.portal.pages import render
from hub.demo.portal.portal import portal_of, visit_of
from hub.demo.portal.view import language_of

_STATES = 5
_ORDER = ("NONE", "LOW", "SUBSTANTIAL", "HIGH")
_FAILURES = (OAuthError, JoseError, httpx2.HTTPError, ValueError, KeyError, RuntimeError)
_EXPLAINED = frozenset({"access_denied", "mismatching_state", "unmet_authentication_requirements"})


async def start(request: Request) -> Response:
    """Send the browser to the hub; ``niveau`` asks for a level, ``weiter`` is the path to come back to."""
    portal, visit = portal_of(request), visit_of(request)
    level, onward = request.query_params.get("niveau", ""), local(request.query_params.get("weiter"))
    asked = {"ui_locales": language_of(request, portal.settings.key)}
    if acr := acr_of(level):
        asked["acr_values"] = acr
    try:
        answer: Response = await portal.login.authorize_redirect(request, portal.settings.callback, **asked)
    except _FAILURES as error:
        return await _failed(request, error)
    _remember(visit.data, onward, level.upper() if acr else "")
    return answer


def _remember(data: dict[str, object], onward: str, level: str) -> None:
    states = [name for name in data if name.startswith("_state_")]
    for name in states[:-_STATES]:
        data.pop(name)
    kept = data.get("onward")
    onwards: dict[str, list[str]] = kept if isinstance(kept, dict) else {}
    data["onward"] = {name: way for name, way in onwards.items() if name in data} | {
        states[-1]: [onward, level]
    }


async def finish(request: Request) -> Response:
    """Take the hub's answer: the visit goes on under a new identifier, signed in."""
    portal, visit = portal_of(request), visit_of(request)
    state = f"_state_{portal.settings.key}_{request.query_params.get('state', '')}"
    onward, wanted = visit.data.get("onward", {}).get(state, ["/", ""])
    if {"code", "error", "iss"} & {name for name in request.query_params if _doubled(request, name)}:
        return await _failed(request, OAuthError("invalid_request", "A parameter came twice."))
    try:
        if request.query_params.get("error") and state not in visit.data:
            raise OAuthError("mismatching_state", "This error answers nothing that was asked here.")
        login = await finished_login(portal.login, request, portal.clock)
    except _FAILURES as error:
        return await _failed(request, error, onward)
    renewed = portal.sessions.renewed(visit, login)
    renewed.data.clear()
    if _ORDER.index(login.level) < _ORDER.index(wanted or "NONE"):
        renewed.notice = "level_not_reached"
    request.scope["visit"] = renewed
    return RedirectResponse(onward, status_code=303)


def _doubled(request: Request, name: str) -> bool:
    return len(request.query_params.getlist(name)) > 1


async def _failed(request: Request, error: Exception, onward: str = "/") -> Response:
    code = str(getattr(error, "error", "") or "")
    unreachable = isinstance(error, httpx2.HTTPError)
    known = "hub_down" if unreachable else code if code in _EXPLAINED else "other"
    print(f"login failed: {type(error).__name__} {code}", flush=True)
    return await render(
        request, "login_failed.html", status=503 if unreachable else 400, reason=known, onward=onward
    )


async def leave(request: Request) -> Response:
    """Sign out here at once, then at the hub, which tells the other portals (RP-Initiated Logout, section 2)."""
    portal, visit = portal_of(request), visit_of(request)
    async with request.form(max_files=0, max_fields=4) as form:
        if form.get("csrf") != visit.csrf or not visit.stored:
            return await render(request, "refused.html", status=403)
    renewed = portal.sessions.renewed(visit, None)
    renewed.data.clear()
    request.scope["visit"], request.scope["session"] = renewed, renewed.data
    if visit.login is None:
        return RedirectResponse("/", status_code=303)
    try:
        answer = await portal.login.logout_redirect(
            request,
            post_logout_redirect_uri=portal.settings.signed_out,
            id_token_hint=visit.login.id_token,
            client_id=portal.settings.client_id,
        )
    except _FAILURES as error:
        return await _failed(request, error)
    return RedirectResponse(answer.headers["location"], status_code=303)


async def left(request: Request) -> Response:
    """Where the hub sends the browser after a logout."""
    portal, visit = portal_of(request), visit_of(request)
    try:
        validate: Any = portal.login.validate_logout_response  # untyped in the library's stubs
        await validate(request)
        everywhere = True
    except OAuthError:
        everywhere = False
    if not visit.worth_keeping:
        portal.sessions.end(visit)
        visit.stored = False
    return await render(request, "signed_out.html", everywhere=everywhere)


async def end_from_hub(request: Request) -> Response:
    """End what a logout token names (Back-Channel Logout, sections 2.5 to 2.8); 200 even if nothing was left to end."""
    portal = portal_of(request)
    async with request.form(max_files=0, max_fields=4) as form:
        token = form.get("logout_token")
    headers = {"cache-control": "no-store"}
    try:
        claims = await portal.logout_tokens.judge(token if isinstance(token, str) else "")
    except LogoutTokenError as error:
        problem = {"error": "invalid_request", "error_description": str(error)}
        return JSONResponse(problem, status_code=400, headers=headers)
    except (httpx2.HTTPError, OAuthError, RuntimeError):
        return JSONResponse({"error": "temporarily_unavailable"}, status_code=503, headers=headers)
    portal.sessions.end_logins(sid=claims.get("sid"), sub=claims.get("sub"))
    return Response(status_code=200, headers=headers)
