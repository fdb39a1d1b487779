"""Logging in: which portal asks for what, the ways in, and the way back from an upstream."""

import hashlib
import hmac
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from hub.pages.language import chosen
from hub.pages.local_path import local_path
from hub.pages.rendering import ACCOUNT, Pages
from identity.assurance import AssuranceLevel
from identity.broker import errors
from identity.broker.core import Broker
from identity.broker.errors import BrokerError
from identity.broker.purpose import Purpose
from identity.opaque import new_secret, same
from identity.provider import parameters
from identity.provider.interactions import (
    BROWSER_COOKIE,
    LOGIN_PATH,
    Interaction,
    Interactions,
    cancel_path,
    resume_path,
)
from identity.provider.provider import Provider
from identity.sessions import SESSION_COOKIE, Sessions, remember

LOGIN_COOKIE = "__Host-verbundhub_login"
_COOKIE_SECONDS = 3600
_log = logging.getLogger(__name__)

_FAILURES: dict[type[BrokerError], tuple[str, int]] = {
    errors.UnknownUpstreamError: ("unknown", 404),
    errors.UpstreamUnavailableError: ("unavailable", 503),
    errors.StateRefusedError: ("gone", 400),
    errors.LoginCancelledError: ("cancelled", 200),
    errors.LevelNotReachedError: ("level", 403),
}


def redirect_uri(issuer: str, upstream_id: str) -> str:
    """The hub's callback for one upstream: what is registered there, and what `OpenIDUpstream` is built with."""
    return f"{issuer}/login/callback/{upstream_id}"


def routes(provider: Provider, broker: Broker, sessions: Sessions, pages: Pages) -> list[Route]:
    """The login page, its form, and the way back."""
    page = _LoginPage(provider, broker, sessions, pages, Interactions(provider.database, provider.clock))
    return [
        Route(LOGIN_PATH, page.show, methods=["GET"]),
        Route("/login/start", page.start, methods=["POST"]),
        Route("/login/callback/{upstream}", page.back, methods=["GET"]),
    ]


@dataclass(frozen=True, slots=True)
class _Matter:
    """For what somebody logs in, and who asks for it; nobody does for the hub's own pages."""

    purpose: Purpose
    interaction: Interaction | None

    @property
    def cancel(self) -> str:
        return cancel_path(self.interaction.id) if self.interaction else "/"

    @property
    def fields(self) -> dict[str, str]:
        """What the form and the language switch carry on."""
        return _fields(self.purpose)


@dataclass(frozen=True, slots=True)
class _LoginPage:
    provider: Provider
    broker: Broker
    sessions: Sessions
    pages: Pages
    interactions: Interactions

    async def show(self, request: Request) -> Response:
        """Say who asks and why a level is needed, and offer the ways in."""
        matter = await self._matter(request, parameters.of_query(request).values)
        if matter is None:
            return self._failed(request, errors.StateRefusedError("This request does not wait any more."))
        session = await self.sessions.find(request.cookies.get(SESSION_COOKIE))
        if (
            session
            and matter.purpose.next
            and session.level >= max(matter.purpose.wanted, AssuranceLevel.LOW)
        ):
            return self._go(matter.purpose.next)
        ways = await self.broker.ways()
        browser = request.cookies.get(LOGIN_COOKIE) or new_secret(self.provider.random)
        origins = [way.origin for way in ways if way.origin]
        response = self.pages.render(
            request,
            "login.html",
            form_action=origins + ([matter.interaction.redirect_origin] if matter.interaction else []),
            viewer=session,
            matter=matter,
            ways=ways,
            form_token=self._form_token(browser),
        )
        self._bind(response, browser)
        return response

    async def start(self, request: Request) -> Response:
        """Send the person to the upstream they chose."""
        params = await parameters.of_form(request) or parameters.read(())
        browser = request.cookies.get(LOGIN_COOKIE, "")
        matter = await self._matter(request, params.values)
        if matter is None or not self._is_our_form(request, params.values.get("form_token", ""), browser):
            return self._failed(request, errors.StateRefusedError("The form is too old or not ours."))
        try:
            address = await self.broker.start(params.values.get("upstream", ""), matter.purpose, browser)
        except BrokerError as error:
            error.purpose = matter.purpose
            return self._failed(request, error)
        return RedirectResponse(address, 303, headers={"Cache-Control": "no-store"})

    async def back(self, request: Request) -> Response:
        """Take the person back from the upstream: a new session, or a stronger one, and on to what they came for."""
        browser = request.cookies.get(LOGIN_COOKIE)
        answer = request.query_params.multi_items()
        try:
            arrival = await self.broker.finish(request.path_params["upstream"], answer, browser)
        except BrokerError as error:
            return self._failed(request, error)
        cookie = await self.sessions.begin(arrival.authentication, request.cookies.get(SESSION_COOKIE))
        purpose = arrival.purpose
        response = self._go(
            resume_path(purpose.interaction) if purpose.interaction else purpose.next or ACCOUNT
        )
        remember(response, cookie)
        return response

    async def _matter(self, request: Request, values: Mapping[str, str]) -> _Matter | None:
        """For what this login is; None when the portal's request does not wait (any more, or in this browser)."""
        language = chosen(request)
        if "interaction" not in values:
            wanted = AssuranceLevel.of_acr(values.get("acr", "")) or AssuranceLevel.NONE
            back = local_path(values.get("next", ""), ACCOUNT)
            return _Matter(Purpose(wanted=wanted, next=back, ui_locales=language), None)
        found = await self.interactions.get(values["interaction"], request.cookies.get(BROWSER_COOKIE))
        if found is None:
            return None
        purpose = Purpose(
            wanted=found.required_level,
            fresh=found.fresh,
            interaction=found.id,
            login_hint=found.login_hint,
            ui_locales=language,
        )
        return _Matter(purpose, found)

    def _form_token(self, browser: str) -> str:
        """Binds the form to the browser: nobody is signed in yet, so there is no session to bind it to."""
        return hmac.new(
            self.provider.keys.cookie_secret, f"login\0{browser}".encode(), hashlib.sha256
        ).hexdigest()

    def _is_our_form(self, request: Request, given: str, browser: str) -> bool:
        if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return False
        return bool(browser) and same(given, self._form_token(browser))

    def _bind(self, response: Response, browser: str) -> None:
        response.set_cookie(
            LOGIN_COOKIE,
            browser,
            max_age=_COOKIE_SECONDS,
            path="/",
            secure=True,
            httponly=True,
            samesite="lax",
        )

    def _go(self, path: str) -> Response:
        return RedirectResponse(self.provider.issuer + path, 303, headers={"Cache-Control": "no-store"})

    def _failed(self, request: Request, error: BrokerError) -> Response:
        """A page that says what to do next; what was wrong in detail is for the log."""
        _log.info("login failed: %s %s %s", error.code, error.sentence, error.detail)
        kind, status = _FAILURES.get(type(error), ("refused", 400))
        purpose = error.purpose
        waiting = purpose.interaction if purpose else None
        return self.pages.render(
            request,
            "login_error.html",
            status,
            kind=kind,
            wanted=error.wanted if isinstance(error, errors.LevelNotReachedError) else None,
            reached=error.reached if isinstance(error, errors.LevelNotReachedError) else None,
            retry=f"{LOGIN_PATH}?{urlencode(_fields(purpose))}" if purpose else None,
            cancel=cancel_path(waiting) if waiting else None,
        )


def _fields(purpose: Purpose) -> dict[str, str]:
    if purpose.interaction:
        return {"interaction": purpose.interaction}
    acr = {"acr": purpose.wanted.acr} if purpose.wanted.acr else {}
    return {"next": purpose.next or ACCOUNT, **acr}
