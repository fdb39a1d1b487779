import tomllib
from pathlib import Path
from typing import Any

import nh3
from jinja2 import ChainableUndefined, Environment, FileSystemLoader
from markupsafe import Markup
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from hub.demo.portal import formats
from hub.demo.portal.settings import PortalSettings

_HERE = Path(__file__).parent
LANGUAGES = ("de", "en")
_YEAR_SECONDS = 365 * 24 * 3600
_TAGS = {
    "p",
    "br",
    "ul",
    "ol",
    "li",
    "strong",
    "em",
    "b",
    "i",
    "a",
    "h3",
    "h4",
    "h5",
    "h6",
    "table",
    "thead",
    "tbody",
    "tr",
}
_TAGS |= {"th", "td", "caption", "abbr", "sub", "sup", "dl", "dt", "dd", "blockquote", "span"}


class View:
    """Turns a template and its values into an answer, in the visitor's language and the portal's look.

    `sheets` are the addresses of the style sheets: those of the design system where it was fetched, plainer ones else.
    """

    def __init__(self, settings: PortalSettings, sheets: tuple[str, ...]) -> None:
        self._settings = settings
        self._sheets = sheets
        self._texts = _texts()
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=ChainableUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(clean=clean, **formats.FILTERS)

    def texts(self, language: str) -> dict[str, str]:
        """All texts of a language, by their key."""
        return self._texts[language]

    def page(self, request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
        """Render a page; `values` are the template's own."""
        language = language_of(request, self._settings.key)
        html = self._templates.get_template(template).render(
            t=self._texts[language],
            language=language,
            languages=[(other, _in_language(request.url, other)) for other in LANGUAGES],
            portal=self._settings,
            sheets=self._sheets,
            **values,
        )
        answer = HTMLResponse(
            html, status_code=status, headers={"cache-control": "no-store", "content-language": language}
        )
        if request.query_params.get("lang") in LANGUAGES:
            answer.set_cookie(
                f"{self._settings.key}_language",
                language,
                max_age=_YEAR_SECONDS,
                httponly=True,
                samesite="lax",
                secure=self._settings.secure,
            )
        return answer


def language_of(request: Request, key: str) -> str:
    """The language chosen just now, else before, else the browser's first one that we have."""
    wanted = [request.query_params.get("lang", ""), request.cookies.get(f"{key}_language", "")]
    wanted += [
        part.split(";")[0].strip()[:2].lower()
        for part in request.headers.get("accept-language", "").split(",")
    ]
    return next((language for language in wanted if language in LANGUAGES), "de")


def clean(html: str) -> Markup:
    """A text module's HTML, sanitised once more: a portal does not rely on others having done it."""
    return Markup(nh3.clean(html, tags=_TAGS, link_rel="noopener noreferrer"))  # noqa: S704 - sanitised right here


def _in_language(url: URL, language: str) -> str:
    changed = url.include_query_params(lang=language)
    return f"{changed.path}?{changed.query}"


def _texts() -> dict[str, dict[str, str]]:
    written = tomllib.loads((_HERE / "texts.toml").read_text(encoding="utf-8"))
    return {language: {key: text[language] for key, text in written.items()} for language in LANGUAGES}
