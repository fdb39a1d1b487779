"""Calling receivers of webhooks: through the egress, which judges every address, at registration and at every call."""

import httpx2

from hub.egress import Egress, EgressRefusedError, Reply


class WebhookCaller:
    """What the sender of webhooks is handed.

    Args:
        egress: the one client for calls to outside.
    """

    def __init__(self, egress: Egress) -> None:
        self._egress = egress

    async def send(self, url: str, content: bytes, headers: dict[str, str]) -> Reply:
        """Post some bytes; redirects are not followed.

        Raises:
            httpx2.HTTPError: when the call is refused, fails or takes too long.
        """
        client = httpx2.AsyncClient(transport=self._egress, trust_env=False, follow_redirects=False)
        try:
            answer = await client.post(url, content=content, headers=headers)
        except httpx2.InvalidURL as error:
            raise EgressRefusedError(f"{url!r} is no address: {error}") from error
        return Reply(answer.status_code, answer.headers.get("content-type", ""), answer.content)

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
