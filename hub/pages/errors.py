"""Pages for when there is nothing to show, or something went wrong: what happened, and the next step."""

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


def wants_page(request: Request) -> bool:
    """Whether a person's browser asked, so that an error is better a page than a problem document."""
    return "text/html" in request.headers.get("accept", "")
