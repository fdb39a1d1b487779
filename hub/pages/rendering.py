"""From a template and its values to a page: language, escaping, security headers."""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import BaseRoute

from hub.pages import formats, language, security
from hub.pages.files import Files
from hub.pages.language import LANGUAGES, Language
from hub.pages.texts import is_said_by_links

_HERE = Path(__file__).parent
_YEAR = 365 * 24 * 3600
ACCOUNT = "/account"


class Pages:
    """The hub's templates in both languages, with their files.

    Args:
        own: our few style sheets and scripts.
        built: the design system and the explorer as scripts/assets puts them there; without them pages are plainer.
    """

    def __init__(self, own: Path = _HERE / "static", built: Path = _HERE / "assets") -> None:
        self.own, self.built = Files("static", own), Files("assets", built)
        self._environments = {known: self._environment(known) for known in LANGUAGES}

    def render(
        self,
        request: Request,
        template: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        *,
        form_action: Iterable[str] = (),
        policy: str | None = None,
        **context: Any,
    ) -> HTMLResponse:
        """A page as a response, in the reader's language.

        Args:
            request: for its language, its address and whether it came over https.
            template: name of a file in ``templates/``. Beside `context` it knows ``t(german, english)``, ``lang``,
                ``viewer`` (None, or the graph's Viewer if given), ``path`` and ``address_in(language)``.
            status: the response's status code.
            headers: go before the defaults (``Cache-Control: no-store`` and the security headers).
            form_action: origins that forms of this page may lead to.
            policy: a Content-Security-Policy of its own, instead of the usual one.
            **context: the template's values; one that the template misses is an error.
        """
        known = language.chosen(request)
        values = {"viewer": None, "path": request.url.path, "address_in": _switch(request.url)} | context
        html = self._environments[known].get_template(template).render(values)
        policy = policy or security.content_security_policy(form_action=form_action)
        usual = security.headers(policy, secure=request.url.scheme == "https")
        usual |= {"Cache-Control": "no-store", "Content-Language": known, "Vary": "Accept-Language, Cookie"}
        response = HTMLResponse(html, status, usual | dict(headers or {}))
        if request.query_params.get("lang") in LANGUAGES:
            remember(response, request, language.COOKIE, known)
        return response

    def file_routes(self) -> list[BaseRoute]:
        """The routes of style sheets, scripts and fonts."""
        return [self.own.route(), self.built.route()]

    def _environment(self, known: Language) -> Environment:
        found = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        found.filters |= formats.writers(known)
        found.filters |= {
            "web": _web,
            "breakable": _breakable,
            "said_by_links": is_said_by_links,
            "language_name": language.own_name,
        }
        found.globals |= {
            "lang": known,
            "t": language.texts(known),
            "own": self.own.address,
            "built": self._built_address,
            "account_address": ACCOUNT,
        }
        return found

    def _built_address(self, path: str) -> str | None:
        return self.built.address(path) if path in self.built else None


def remember(response: HTMLResponse, request: Request, name: str, value: str) -> None:
    """Keep a choice of the reader's for a year, in a cookie that no script needs."""
    secure = request.url.scheme == "https"
    response.set_cookie(name, value, max_age=_YEAR, httponly=True, samesite="lax", secure=secure)


def _web(address: str | None) -> str | None:
    """A link from the data, where it leads to the web: no other scheme becomes a link."""
    return address if address and address.lower().startswith(("https://", "http://")) else None


def _breakable(address: str) -> Markup:
    """An address on the net as text, without its scheme, that may go on in the next line after each of its parts."""
    shown = address.removeprefix("https://").removeprefix("http://").rstrip("/")
    return Markup("<wbr>").join(part for part in re.split(r"(?<=[@./-])", shown) if part)


def _switch(url: URL) -> Callable[[str], str]:
    """The page's own address in another language, without a host."""

    def address_in(wanted: str) -> str:
        # A path that starts with two slashes would be read as another host's name.
        return f"/{quote(url.path.lstrip('/'))}?{url.include_query_params(lang=wanted).query}"

    return address_in
