"""The one client for calls to outside: key sets, discovery documents, tokens, logout notices.

An address that somebody else chose must not reach this machine or its network (server-side request forgery). The
name is resolved once, every address it has is judged, and the call goes to a judged address and nowhere else, so that
a second answer of the name server can't change it. Time and size are bounded.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import NamedTuple

import httpx2

from hub.addresses import SystemNames, is_public

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

_SECONDS = 5.0
_BYTES = 1_048_576
_DOWNLOAD_SECONDS = 1800.0
_REDIRECTS = 5
_MOVED = frozenset({301, 302, 303, 307, 308})
_OK = 200


class EgressRefusedError(httpx2.RequestError):
    """A call that may not be made, or an answer that is too big; callers treat it like a server that is down."""


class Reply(NamedTuple):
    """What came back: status, content type without its parameters, and the whole body."""

    status: int
    content_type: str
    body: bytes


class Egress(httpx2.AsyncBaseTransport):
    """A transport for httpx2's clients, and two calls for those who need no client.

    Args:
        allow: ``host:port`` pairs that may be private and may speak plain http, as in ``HUB_EGRESS_ALLOW``; compared
            with what the address says, so that another name which resolves to the same place gains nothing.
        resolve: the name server; by default the system's, with threads of its own.
        inner: what really sends; by default httpx2's own, with a fresh connection for every call, because
            a kept one would be found again by its address and not by the name whose certificate was checked.
        seconds: for the whole call, from resolving to the body's last byte; of a download for each silence in it.
        download_seconds: for a whole download.
        most_bytes: of the body.
    """

    def __init__(
        self,
        allow: Collection[str] = (),
        *,
        resolve: Resolve | None = None,
        inner: httpx2.AsyncBaseTransport | None = None,
        seconds: float = _SECONDS,
        download_seconds: float = _DOWNLOAD_SECONDS,
        most_bytes: int = _BYTES,
    ) -> None:
        self._allow = frozenset(entry.lower() for entry in allow)
        self._resolve = resolve or SystemNames()
        self._inner = inner or httpx2.AsyncHTTPTransport(
            trust_env=False, limits=httpx2.Limits(max_keepalive_connections=0)
        )
        self._seconds, self._download_seconds = seconds, download_seconds
        self._most_bytes = most_bytes

    async def get(self, url: str, *, accept: str = "application/json") -> Reply:
        """Fetch a document; redirects are not followed.

        Raises:
            httpx2.HTTPError: when the call is refused, fails or takes too long.
        """
        return await self._call("GET", url, headers={"Accept": accept})

    async def post(self, url: str, fields: dict[str, str]) -> Reply:
        """Post a form; redirects are not followed. Raises as `get` does."""
        return await self._call("POST", url, data=fields)

    async def download(
        self,
        url: str,
        *,
        headers: Mapping[str, str],
        sink: Callable[[bytes], object],
        most_bytes: int,
    ) -> tuple[int, Mapping[str, str]]:
        """Fetch a document piece by piece into a sink; gives status and headers.

        Redirects are followed, a few, each judged like the first address.

        Raises:
            OSError: when the call is refused or fails, or is silent for too long.
        """
        try:
            for _ in range(_REDIRECTS):
                request = httpx2.Request("GET", url, headers=dict(headers))
                async with asyncio.timeout(self._download_seconds):
                    status, found = await self._streamed(request, sink, most_bytes)
                if status not in _MOVED or "location" not in found:
                    return status, found
                url = str(request.url.join(found["location"]))
        except httpx2.InvalidURL as error:
            raise OSError(f"{url!r} is no address") from error
        except (httpx2.HTTPError, TimeoutError) as error:
            raise OSError(str(error) or "no answer in time") from error
        raise OSError("it redirects again and again")

    async def _streamed(
        self, request: httpx2.Request, sink: Callable[[bytes], object], most_bytes: int
    ) -> tuple[int, Mapping[str, str]]:
        async with asyncio.timeout(self._seconds):
            response = await self.open(request)
        size = 0
        parts = response.aiter_raw()
        try:
            while True:
                async with asyncio.timeout(self._seconds):
                    part = await anext(parts, None)
                if part is None:
                    return response.status_code, response.headers
                if (size := size + len(part)) > most_bytes:
                    raise EgressRefusedError(f"it has more than {most_bytes} bytes", request=request)
                if response.status_code == _OK:
                    sink(part)
        finally:
            await response.aclose()

    async def _opened(self, request: httpx2.Request, addresses: Sequence[str]) -> httpx2.Response:
        for address in addresses[:-1]:
            try:
                return await self._inner.handle_async_request(_pinned(request, address))
            except (httpx2.ConnectError, httpx2.ConnectTimeout):
                continue  # nothing was sent yet: the name's next address may answer
        return await self._inner.handle_async_request(_pinned(request, addresses[-1]))

    async def _call(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str] | None = None,
        data: dict[str, str] | None = None,
    ) -> Reply:
        client = httpx2.AsyncClient(transport=self, trust_env=False, follow_redirects=False)
        try:
            response = await client.request(method, url, headers=headers, data=data)
        except httpx2.InvalidURL as error:
            raise EgressRefusedError(f"{url!r} is no address: {error}") from error
        kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
        return Reply(response.status_code, kind, response.content)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Judge, pin and send one request; a redirect that a client follows comes here again."""
        try:
            async with asyncio.timeout(self._seconds):
                addresses = await self._judged(request)
                return await self._sent(request, addresses)
        except TimeoutError as error:
            raise httpx2.ReadTimeout(f"No answer within {self._seconds} s", request=request) from error

    async def open(self, request: httpx2.Request, *, plain: bool = False) -> httpx2.Response:
        """Make one call and give the answer before its body is read: time and size are then the caller's to bound.

        Args:
            request: what is asked.
            plain: whether a public address may be asked by plain http too; nothing secret may be in such a call.

        Raises:
            httpx2.HTTPError: when the call is refused or fails.
        """
        return await self._opened(request, await self._judged(request, plain=plain))

    async def check(self, request: httpx2.Request) -> None:
        """Judge a call without making it; raises as `get` does."""
        await self._judged(request)

    async def aclose(self) -> None:
        """Close what the inner transport holds."""
        await self._inner.aclose()

    async def _judged(self, request: httpx2.Request, *, plain: bool = False) -> Sequence[str]:
        url = request.url
        port = url.port or {"https": 443, "http": 80}.get(url.scheme, 0)
        allowed = f"{_bracketed(url.host)}:{port}".lower() in self._allow
        if url.scheme != "https" and not ((allowed or plain) and url.scheme == "http"):
            raise EgressRefusedError(f"{url.scheme}://{url.host}:{port} is not https", request=request)
        try:
            addresses = await self._resolve(url.host, port)
        except (OSError, UnicodeError) as error:
            raise httpx2.ConnectError(
                f"{url.host} could not be resolved: {error}", request=request
            ) from error
        if not addresses:
            raise httpx2.ConnectError(f"{url.host} has no address", request=request)
        if not allowed and (inside := [a for a in addresses if not is_public(a)]):
            raise EgressRefusedError(
                f"{url.host} is {inside[0]}, which is not a public address", request=request
            )
        return addresses

    async def _sent(self, request: httpx2.Request, addresses: Sequence[str]) -> httpx2.Response:
        response = await self._opened(request, addresses)
        try:
            body = await self._body(response, request)
        finally:
            await response.aclose()
        headers = [(k, v) for k, v in response.headers.raw if k.lower() != b"transfer-encoding"]
        return httpx2.Response(response.status_code, headers=headers, content=body, request=request)

    async def _body(self, response: httpx2.Response, request: httpx2.Request) -> bytes:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise EgressRefusedError(
                "The answer is compressed though that was not asked for", request=request
            )
        parts: list[bytes] = []
        size = 0
        async for part in response.aiter_raw():
            size += len(part)
            if size > self._most_bytes:
                raise EgressRefusedError(
                    f"The answer has more than {self._most_bytes} bytes", request=request
                )
            parts.append(part)
        return b"".join(parts)


def _pinned(request: httpx2.Request, address: str) -> httpx2.Request:
    pinned = httpx2.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,  # its Host stays the name
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": request.url.host},
    )
    pinned.headers["Accept-Encoding"] = "identity"  # a small body can't unfold into a big one
    return pinned


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
