from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from identity.opaque import micros, new_secret
from identity.provider import authorize, interactions, parameters
from identity.provider.asking import Asked
from identity.provider.errors import UnsafeToRedirectError
from identity.provider.interactions import BROWSER_COOKIE
from identity.provider.parameters import Parameters
from identity.provider.provider import Provider
from identity.sessions import SESSION_COOKIE

_GONE = "This login is over, too old, or began in another browser. Please begin again at the portal."


async def ask(provider: Provider, request: Request) -> Response:
    """`/authorize` by GET, and by POST (Core section 3.1.2.1).

    A POST from a portal's page is cross-site, so the browser keeps SameSite=Lax cookies back: it is sent here again
    by GET, which carries them.
    """
    if request.method == "POST":
        return await _again_by_get(provider, request)
    browser = request.cookies.get(BROWSER_COOKIE) or new_secret(provider.random)
    params = parameters.of_query(request)
    return await _answered(provider, request, browser, lambda asked: authorize.decide(asked, browser), params)


async def resume(provider: Provider, request: Request) -> Response:
    """Go on with a waiting request, with the session of now."""
    browser = request.cookies.get(BROWSER_COOKIE, "")
    return await _answered(provider, request, browser, lambda asked: authorize.decide(asked, browser), None)


async def cancel(provider: Provider, request: Request) -> Response:
    """Give up a waiting request."""
    return await _answered(
        provider, request, request.cookies.get(BROWSER_COOKIE, ""), authorize.give_up, None
    )


async def _answered(
    provider: Provider,
    request: Request,
    browser: str,
    decide: Callable[[Asked], str],
    params: Parameters | None,
) -> Response:
    work = partial(
        _decided, provider=provider, request=request, browser=browser, decide=decide, params=params
    )
    try:
        address = await provider.database.write(work)
    except UnsafeToRedirectError as error:
        return provider.error_page(request, error)
    response = RedirectResponse(address, 303, headers={"Cache-Control": "no-store"})
    if request.cookies.get(BROWSER_COOKIE) != browser:
        response.set_cookie(BROWSER_COOKIE, browser, path="/", secure=True, httponly=True, samesite="lax")
    return response


def _decided(
    connection: Connection,
    *,
    provider: Provider,
    request: Request,
    browser: str,
    decide: Callable[[Asked], str],
    params: Parameters | None,
) -> str:
    now, waiting = micros(provider.clock), None
    if params is None:
        interaction_id = request.query_params.get("interaction", "")
        waiting = interactions.load(connection, interaction_id, browser, now)
        if waiting is None:
            raise UnsafeToRedirectError(_GONE)
        params = parameters.read(waiting.params.items())
    asked = Asked(provider, connection, params, now, request.cookies.get(SESSION_COOKIE), waiting)
    return decide(asked)


async def _again_by_get(provider: Provider, request: Request) -> Response:
    pairs = await parameters.form_pairs(request)
    if pairs is None:
        error = UnsafeToRedirectError(
            "The body has to be application/x-www-form-urlencoded, of at most 64 kB."
        )
        return provider.error_page(request, error)
    if parameters.read(pairs).too_long:
        return provider.error_page(request, UnsafeToRedirectError("The request is too long."))
    address = f"{provider.issuer}/authorize?{urlencode(pairs)}"
    return RedirectResponse(address, 303, headers={"Cache-Control": "no-store"})
