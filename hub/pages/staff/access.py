"""Who may see a source's pages: its staff, signed in at SUBSTANTIAL or higher."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hub.pages.rendering import Pages
from identity.provider.forms import form_token, is_form_token
from identity.provider.interactions import LOGIN_PATH
from identity.provider.provider import Provider
from identity.sessions import SESSION_COOKIE, Session, Sessions
from identity.source_access import STAFF_LEVEL
from identity.source_staff import SourceStaff

_PURPOSE = "staff"


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody of a source's staff, at one of its pages."""

    session: Session
    source: str

    @property
    def path(self) -> str:
        """Where the source's pages begin."""
        return f"/quellen/{self.source}"


Show = Callable[[Request, Visit], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class StaffDoor:
    """The door before the pages of all sources."""

    provider: Provider
    sessions: Sessions
    staff: SourceStaff
    pages: Pages

    def for_staff(self, show: Show) -> Callable[[Request], Awaitable[Response]]:
        """The handler for those who may.

        The others are sent to the login (and come back), are told that they may not, or are asked for a better way in.
        """

        async def handler(request: Request) -> Response:
            session = await self.sessions.find(request.cookies.get(SESSION_COOKIE))
            if session is None:
                return self._to_login(request)
            visit = Visit(session, request.path_params["source"])
            if not await self.staff.allows(visit.source, session.account_id):
                return self.forbidden(request, visit)
            if session.level < STAFF_LEVEL:
                return self._to_login(request)
            return await show(request, visit)

        return handler

    def forbidden(self, request: Request, visit: Visit) -> Response:
        """The page for those who may not; whether there is such a source is not told."""
        return self.render(request, visit, "staff_forbidden.html", 403)

    def token(self, visit: Visit, deed: str) -> str:
        """The hidden field of a form that does `deed` (a path below the source's)."""
        return form_token(self.provider.keys.cookie_secret, _PURPOSE, visit.session, f"{visit.source} {deed}")

    def is_ours(self, visit: Visit, deed: str, token: str) -> bool:
        """Whether a form came from a page that was made for this session and this deed."""
        secret = self.provider.keys.cookie_secret
        return is_form_token(token, secret, _PURPOSE, visit.session, f"{visit.source} {deed}")

    def render(
        self, request: Request, visit: Visit, template: str, status: int = 200, **context: Any
    ) -> Response:
        """A page for somebody who is signed in."""
        return self.pages.render(
            request,
            template,
            status,
            viewer=visit.session,
            visit=visit,
            account=visit.session.account_id,
            **context,
        )

    def go(self, path: str) -> Response:
        """Lead on to another page, to be fetched anew."""
        return RedirectResponse(self.provider.issuer + path, 303, headers={"Cache-Control": "no-store"})

    def _to_login(self, request: Request) -> Response:
        url = request.url
        back = url.path + (f"?{url.query}" if url.query else "")
        if request.method != "GET":  # what was sent is lost; the source's first page is where it begins again
            back = "/".join(url.path.split("/")[:3])
        return self.go(f"{LOGIN_PATH}?{urlencode({'next': back, 'acr': STAFF_LEVEL.acr or ''})}")
