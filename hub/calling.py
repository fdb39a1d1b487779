"""Calling receivers of webhooks: through the egress, which judges every address, at registration and at every call."""

import asyncio

import httpx2

from hub.egress import Egress, EgressRefusedError, Reply

_SECONDS = 5.0


class WebhookCaller:
    """What the sender of webhooks is handed.

    Args:
        egress: the one client for calls to outside.
        seconds: for one call, from resolving the name to the answer's status.
    """

    def __init__(self, egress: Egress, *, seconds: float = _SECONDS) -> None:
        self._egress = egress
        self._seconds = seconds

    async def send(self, url: str, content: bytes, headers: dict[str, str]) -> Reply:
        """Post some bytes; redirects are not followed, and of the answer its status alone counts.

        Raises:
            httpx2.HTTPError: when the call is refused, fails or takes too long.
        """
        try:
            request = httpx2.Request("POST", url, content=content, headers=headers)
            async with asyncio.timeout(self._seconds):
                response = await self._egress.open(request)
                await response.aclose()
        except httpx2.InvalidURL as error:
            raise EgressRefusedError(f"{url!r} is no address: {error}") from error
        except TimeoutError as error:
            raise httpx2.ReadTimeout(f"No answer within {self._seconds:g} s", request=request) from error
        return Reply(response.status_code, response.headers.get("content-type", ""), b"")

    async def check(self, url: str) -> None:
        """Judge an address without calling it.

        Raises:
            httpx2.HTTPError: when it may not be called, or its name leads nowhere.
        """
        try:
            request = httpx2.Request("POST", url)
        except httpx2.InvalidURL as error:
            raise EgressRefusedError(f"{url!r} is no address: {error}") from error
        if not request.url.host:
            raise EgressRefusedError(f"{url!r} names no host", request=request)
        if request.url.userinfo:
            raise EgressRefusedError("an address with a name and password is not called", request=request)
        await self._egress.check(request)
