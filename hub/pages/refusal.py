from starlette.requests import Request
from starlette.responses import Response

from hub.pages.rendering import Pages
from identity.provider.errors import ProviderError
from identity.provider.provider import ErrorPage


def refusal_page(pages: Pages) -> ErrorPage:
    """The page for what is wrong with a portal's request when it is not safe to send the person back there."""

    def page(request: Request, error: ProviderError) -> Response:
        return pages.render(request, "refusal.html", error.status, error=error)

    return page
