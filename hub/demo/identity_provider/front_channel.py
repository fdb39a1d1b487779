"""What a person sees: the page with the persons to choose from."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, RedirectResponse, Response

from hub.demo.identity_provider.memory import Brief, Login
from hub.demo.identity_provider.people import PEOPLE, chosen
from hub.demo.identity_provider.request import RefusedError, Request, RequestError, addressed, check
from hub.demo.identity_provider.settings import StandInSettings

_HERE = Path(__file__).parent
_LANGUAGES = ("de", "en")
# Chromium holds every redirect after a form against `form-action`, and the way back leads through the hub to a portal
# that only the hub knows; so the schemes are named, which still keeps scripts and data addresses out.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self' http: https:; "
    "frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Vary": "Accept-Language",
}


class FrontChannel:
    """The pages in the browser."""

    def __init__(self, settings: StandInSettings, codes: Brief[Login], clock: Callable[[], float]) -> None:
        self._settings = settings
        self._codes = codes
        self._clock = clock
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined
        )

    async def home(self, request: HttpRequest) -> Response:
        """Says what this is."""
        return self._page(request, "home.html", people=PEOPLE)

    async def authorize(self, request: HttpRequest) -> Response:
        """The authorization endpoint: the persons to choose from, or the error."""
        return self._answered(request, await _given(request), self._choice)

    async def choose(self, request: HttpRequest) -> Response:
        """A button was pressed: the code, or the person gave up. The request comes again and is checked again."""
        return self._answered(request, await _given(request), self._code)

    def _answered(
        self,
        http: HttpRequest,
        given: list[tuple[str, str]],
        answer: Callable[[HttpRequest, Request, str], Response],
    ) -> Response:
        choice = next((value for name, value in given if name == "choice"), "")
        try:
            request = addressed(self._settings, [pair for pair in given if pair[0] not in ("choice", "lang")])
        except RefusedError as error:
            return self._page(http, "refused.html", 400, reason=str(error))
        try:
            check(request)
            return answer(http, request, choice)
        except RequestError as error:
            parameters = {"error": error.code, "error_description": str(error)}
            return RedirectResponse(request.answer(self._settings.issuer, **parameters), 303)

    def _choice(self, http: HttpRequest, request: Request, _: str) -> Response:
        return self._page(http, "choose.html", request=request, given=request.parameters)

    def _code(self, http: HttpRequest, request: Request, choice: str) -> Response:
        if choice == "cancel":
            raise RequestError("access_denied", "The person gave up.")
        pair = chosen(choice)
        if pair is None or (request.wanted and pair[1].level < request.wanted):
            return self._page(http, "choose.html", 400, request=request, given=request.parameters)
        given = request.parameters
        login = Login(
            person=pair[0],
            means=pair[1],
            at=int(self._clock()),
            redirect_uri=request.redirect_uri,
            scope=given["scope"],
            nonce=given.get("nonce"),
            code_challenge=given["code_challenge"],
        )
        return RedirectResponse(request.answer(self._settings.issuer, code=self._codes.keep(login)), 303)

    def _page(self, http: HttpRequest, name: str, status: int = 200, **context: Any) -> Response:
        lang = _language(http)
        html = self._templates.get_template(name).render(
            lang=lang,
            t=lambda german, english: english if lang == "en" else german,
            other=str(http.url.include_query_params(lang="de" if lang == "en" else "en").query),
            switchable=http.method == "GET",
            **context,
        )
        return HTMLResponse(html, status, headers={**_HEADERS, "Content-Language": lang})


async def _given(request: HttpRequest) -> list[tuple[str, str]]:
    if request.method == "GET":
        return list(request.query_params.multi_items())
    return [(name, str(value)) for name, value in (await request.form()).multi_items()]


def _language(request: HttpRequest) -> str:
    """By choice, else the client's wish (`ui_locales`), else the browser's, else German."""
    query = request.query_params
    wishes = [query.get("lang", ""), *query.get("ui_locales", "").split()]
    wishes += request.headers.get("accept-language", "").replace(";", ",").split(",")
    primary = (wish.strip().lower().split("-")[0] for wish in wishes)
    return next((wish for wish in primary if wish in _LANGUAGES), "de")
