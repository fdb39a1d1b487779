import secrets
import time
from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from hub.demo.identity_provider.back_channel import BackChannel
from hub.demo.identity_provider.front_channel import FrontChannel
from hub.demo.identity_provider.memory import Brief, Login
from hub.demo.identity_provider.settings import StandInSettings, announce
from hub.demo.identity_provider.tokens import LIFETIME_SECONDS, Tokens

_CODE_SECONDS = 60


def create_identity_provider(
    settings: StandInSettings,
    *,
    clock: Callable[[], float] = time.time,
    secret: Callable[[], str] = secrets.token_urlsafe,
) -> Starlette:
    """Build the stand-in: a small, correct OpenID provider at which anybody is anybody.

    It shares no code with the hub's own provider, so that the two prove each other. Building it warns
    (`InsecureStandInWarning`).
    """
    announce()
    codes: Brief[Login] = Brief(_CODE_SECONDS, clock, secret)
    access: Brief[Login] = Brief(LIFETIME_SECONDS, clock, secret)
    back = BackChannel(settings, Tokens(settings, clock, kid=secret()), codes, access)
    front = FrontChannel(settings, codes, clock)
    return Starlette(
        routes=[
            Route("/", front.home),
            Route("/authorize", front.authorize, methods=["GET", "POST"]),
            Route("/choose", front.choose, methods=["POST"]),
            Route("/.well-known/openid-configuration", back.discovery),
            Route("/jwks", back.jwks),
            Route("/token", back.token, methods=["POST"]),
            Route("/userinfo", back.userinfo, methods=["GET", "POST"]),
            Mount("/static", StaticFiles(directory=Path(__file__).parent / "static")),
        ]
    )
