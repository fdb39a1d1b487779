"""The explorer at /graphql: Altair, served from here, with operations to click."""

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse

from hub.pages import language, security
from hub.pages.examples import EXAMPLES
from hub.pages.language import Language
from hub.pages.rendering import Pages

_MAIN = "altair/main.js"
_UI_LANGUAGES = {"de": "de-DE", "en": "en-US"}


def page(pages: Pages, request: Request) -> HTMLResponse:
    """What a browser gets at /graphql. Without the explorer's files: the examples to copy."""
    if _MAIN not in pages.built:
        return pages.render(request, "explorer_plain.html", examples=EXAMPLES)
    return pages.render(
        request,
        "explorer.html",
        policy=security.content_security_policy(connect=True, inline_styles=True),
        base=pages.built.address("altair/"),
        options=_options(language.chosen(request)),
    )


def _options(wanted: Language) -> str:
    """Altair's configuration (AltairConfigOptions) as JSON text."""
    return orjson.dumps(
        {
            "disableAccount": True,
            "preserveState": False,
            "persistedSettings": {"banners.disable": True, "language": _UI_LANGUAGES[wanted]},
            "initialWindows": [
                {"initialName": e.title(wanted), "initialQuery": e.query, "initialVariables": e.variables}
                for e in EXAMPLES
            ],
        }
    ).decode()
