"""Signing out: from the hub and from every portal of the session, asked for by a portal or by the person."""

from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode, urlsplit

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from hub.pages.rendering import Pages
from identity import sessions
from identity.opaque import micros
from identity.provider import logout, parameters
from identity.provider.backchannel import FAILED, BackChannel, Told
from identity.provider.forms import form_token, is_form_token
from identity.provider.logout import Asked
from identity.provider.parameters import Parameters
from identity.provider.provider import Provider
from identity.sessions import SESSION_COOKIE, Session

_PURPOSE = "logout"
_KEPT = ("client_id", "post_logout_redirect_uri", "state")


def routes(provider: Provider, pages: Pages, back_channel: BackChannel) -> list[Route]:
    """The end_session_endpoint and the form with which the person confirms."""
    page = _LogoutPage(provider, pages, back_channel)
    return [
        Route("/logout", page.asked, methods=["GET"]),
        Route("/logout", page.asked_by_form, methods=["POST"]),
        Route("/logout/confirm", page.confirmed, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _LogoutPage:
    provider: Provider
    pages: Pages
    back_channel: BackChannel

    async def asked(self, request: Request) -> Response:
        """Sign out at once when the portal shows an ID token of this very session; else ask the person."""
        params = parameters.of_query(request)
        asked = await self._judged(request, params)
        if asked.session is None:
            return self._nobody(request, asked)
        if asked.confirmed:
            return await self._sign_out(request, asked, asked.session)
        return self._ask(request, params, asked, asked.session)

    async def asked_by_form(self, request: Request) -> Response:
        """A POST from a portal is cross-site and comes without our cookies: ask again by GET, which has them."""
        pairs = await parameters.form_pairs(request) or []
        address = f"{self.provider.issuer}/logout"
        too_long = parameters.read(pairs).too_long
        return RedirectResponse(address if too_long or not pairs else f"{address}?{urlencode(pairs)}", 303)

    async def confirmed(self, request: Request) -> Response:
        """The person said yes, on a page that was made for this session."""
        params = await parameters.of_form(request) or parameters.read(())
        asked = await self._judged(request, params)
        if asked.session is None:
            return self._nobody(request, asked)
        given, secret = params.values.get("form_token", ""), self.provider.keys.cookie_secret
        if not is_form_token(given, secret, _PURPOSE, asked.session):
            return self._ask(request, params, asked, asked.session)
        return await self._sign_out(request, asked, asked.session)

    async def _judged(self, request: Request, params: Parameters) -> Asked:
        def judge(connection: Connection) -> Asked:
            cookie, now = request.cookies.get(SESSION_COOKIE), micros(self.provider.clock)
            return logout.judge(self.provider, connection, params, cookie, now)

        return await self.provider.database.read(judge)

    def _ask(self, request: Request, params: Parameters, asked: Asked, session: Session) -> Response:
        kept = {name: params.values[name] for name in _KEPT if name in params.values} if asked.back else {}
        if asked.back and asked.client:
            kept["client_id"] = asked.client.client_id
        return self.pages.render(
            request,
            "logout.html",
            400 if asked.defect else 200,
            form_action=[_origin(asked.back)] if asked.back else [],
            kept=kept,
            form_token=form_token(self.provider.keys.cookie_secret, _PURPOSE, session),
            asked=asked,
        )

    def _nobody(self, request: Request, asked: Asked) -> Response:
        if asked.back:
            return RedirectResponse(asked.back, 303)
        return self._signed_out(request, asked, [], 400 if asked.defect else 200)

    async def _sign_out(self, request: Request, asked: Asked, session: Session) -> Response:
        now = micros(self.provider.clock)
        await self.provider.database.write(partial(sessions.end, session_id=session.id, now=now))
        told = await self.back_channel(
            session.id
        )  # after the commit: a portal that fails changes nothing here
        if asked.back and not any(one.outcome == FAILED for one in told):
            response: Response = RedirectResponse(asked.back, 303)
        else:
            response = self._signed_out(request, asked, told, 200)
        sessions.forget(response)
        return response

    def _signed_out(self, request: Request, asked: Asked, told: list[Told], status: int) -> Response:
        return self.pages.render(request, "signed_out.html", status, asked=asked, told=told)


def _origin(address: str) -> str:
    place = urlsplit(address)
    return f"{place.scheme}://{place.netloc}"
