from collections.abc import Awaitable, Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from identity.provider import authorize_endpoint, discovery, token_endpoint, userinfo
from identity.provider.provider import Provider

Endpoint = Callable[[Provider, Request], Awaitable[Response]]

_TABLE: tuple[tuple[str, Endpoint, tuple[str, ...]], ...] = (
    ("/.well-known/openid-configuration", discovery.configuration, ("GET",)),
    ("/jwks", discovery.jwks, ("GET",)),
    ("/authorize", authorize_endpoint.ask, ("GET", "POST")),
    ("/authorize/resume", authorize_endpoint.resume, ("GET",)),
    ("/authorize/cancel", authorize_endpoint.cancel, ("GET",)),
    ("/token", token_endpoint.token, ("POST",)),
    ("/userinfo", userinfo.userinfo, ("GET", "POST")),
)


def routes(provider: Provider) -> list[Route]:
    """The provider's endpoints without a page; consent and logout are `hub.pages.consent` and `hub.pages.logout`."""
    return [
        Route(path, partial(endpoint, provider), methods=list(methods)) for path, endpoint, methods in _TABLE
    ]
