"""Pages for when there is nothing to show, or something went wrong: what happened, and the next step."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

from hub.pages.rendering import Pages


def not_found(pages: Pages, request: Request, **context: Any) -> HTMLResponse:
    """Status 404, with a search box."""
    return pages.render(request, "not_found.html", 404, **context)


def failed(pages: Pages, request: Request, number: str | None = None) -> HTMLResponse:
    """Status 500.

    Args:
        pages: the templates.
        request: the one that failed.
        number: the request's id in the log, for the reader to name when asking for help.
    """
    return pages.render(request, "failed.html", 500, number=number)


def unavailable(pages: Pages, request: Request, headers: Mapping[str, str]) -> HTMLResponse:
    """Status 503: the data cannot be reached at the moment.

    Args:
        pages: the templates.
        request: the one that could not be answered.
        headers: say when to ask again.
    """
    return pages.render(request, "unavailable.html", 503, headers)


def wants_page(request: Request) -> bool:
    """Whether a person's browser asked, so that an error is better a page than a problem document."""
    return "text/html" in request.headers.get("accept", "")
