from starlette.requests import Request
from starlette.responses import Response

from hub.pages.language import chosen
from hub.pages.rendering import Pages
from identity.provider.errors import ProviderError
from identity.provider.provider import ErrorPage

_TITLES = {
    "de": "Diese Anfrage können wir nicht ausführen",
    "en": "We can not carry out this request",
}


def refusal_page(pages: Pages) -> ErrorPage:
    """The page for what is wrong with a portal's request when it is not safe to send the person back there."""

    def page(request: Request, error: ProviderError) -> Response:
        title = _TITLES[chosen(request)]
        return pages.render(request, "error.html", error.status, title=title, sentence=error.sentence)

    return page
