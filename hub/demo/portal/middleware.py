from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.demo.portal.sessions import Session, Sessions


class SecurityHeaders:
    """Headers of every answer: nothing from elsewhere, no frame, forms only to here and the hub."""

    def __init__(self, app: ASGIApp, hub: str) -> None:
        self._app = app
        self._headers = {
            # The hub stands in form-action because the logout form is answered with a redirect to it.
            "content-security-policy": "default-src 'none'; script-src 'self'; connect-src 'self'; "
            "style-src 'self'; font-src 'self'; img-src 'self' data:; "
            f"form-action 'self' {hub}; base-uri 'none'; frame-ancestors 'none'",
            "x-content-type-options": "nosniff",
            "referrer-policy": "same-origin",
            "cross-origin-opener-policy": "same-origin",
            "permissions-policy": "camera=(), geolocation=(), microphone=()",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its answer."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


class SessionCookie:
    """Finds the browser's visit, and sets or removes the cookie that names it.

    A handler reads ``scope["visit"]`` and may put another `Session` there (see `Sessions.renewed`);
    ``scope["session"]`` is the dictionary that Authlib writes to.
    """

    def __init__(self, app: ASGIApp, sessions: Sessions, name: str, *, secure: bool) -> None:
        self._app = app
        self._sessions = sessions
        self._name = name
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its visit."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sent = HTTPConnection(scope).cookies.get(self._name)
        visit = self._sessions.find(sent)
        scope["visit"], scope["session"] = visit, visit.data

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and (cookie := self._cookie(sent, scope["visit"])):
                MutableHeaders(scope=message).append("set-cookie", cookie)
            await send(message)

        await self._app(scope, receive, with_cookie)

    def _cookie(self, sent: str | None, visit: Session) -> str | None:
        if visit.worth_keeping and not visit.stored:
            self._sessions.keep(visit)
        if visit.stored and sent != visit.id:
            return self._written(visit.id)
        return self._written("", age=0) if sent and not visit.stored else None

    def _written(self, value: str, age: int | None = None) -> str:
        parts = [f"{self._name}={value}", "Path=/", "HttpOnly", "SameSite=Lax"]
        parts += ["Secure"] if self._secure else []
        parts += [f"Max-Age={age}"] if age is not None else []
        return "; ".join(parts)
