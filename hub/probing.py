"""Asking addresses that entries name: through the egress, which judges each, with little read and little time."""

import asyncio
import socket
import ssl

import httpx2

from catalog_sync.links.outside import Reply, UnansweredError
from catalog_sync.links.robots import TOKEN
from catalog_sync.links.verdicts import Trouble
from hub.egress import Egress, EgressRefusedError

_SECONDS = 15.0


class LinkProber:
    """What the link checker is handed.

    Args:
        egress: the one client for calls to outside.
        contact: the hub's public address, named to those who are asked, so that they can say what they think of it.
        seconds: for one request, from resolving the name to the last byte that is read.
    """

    def __init__(self, egress: Egress, contact: str, *, seconds: float = _SECONDS) -> None:
        self._egress = egress
        self._agent = f"{TOKEN}-links ({TOKEN}; +{contact})" if contact else f"{TOKEN}-links ({TOKEN})"
        self._seconds = seconds

    async def ask(self, method: str, url: str, *, most_bytes: int) -> Reply:
        """Ask by one request, and read so much of the answer; redirects are not followed.

        Raises:
            UnansweredError: where the call may not be made, fails or takes too long.
        """
        headers = {"User-Agent": self._agent, "Accept": "*/*"}
        try:
            async with asyncio.timeout(self._seconds):
                request = httpx2.Request(method, url, headers=headers)
                response = await self._egress.open(request, plain=True)
                try:
                    body = await _read(response, most_bytes)
                finally:
                    await response.aclose()
        except EgressRefusedError as error:
            raise UnansweredError(Trouble.PRIVATE, str(error)) from error
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
            raise UnansweredError(Trouble.MALFORMED, str(error)) from error
        except (httpx2.TimeoutException, TimeoutError) as error:
            raise UnansweredError(Trouble.TIMEOUT, str(error)) from error
        except httpx2.HTTPError as error:
            raise UnansweredError(_trouble(error), str(error)) from error
        found = {name.lower(): value for name, value in response.headers.items()}
        return Reply(response.status_code, found, body)


async def _read(response: httpx2.Response, most_bytes: int) -> bytes:
    """The beginning of the body; the rest is not waited for."""
    parts: list[bytes] = []
    size = 0
    if most_bytes:
        async for part in response.aiter_raw():
            parts.append(part)
            size += len(part)
            if size >= most_bytes:
                break
    return b"".join(parts)[:most_bytes]


def _trouble(error: BaseException) -> Trouble:
    """What it was, told by what it came from."""
    if not isinstance(error, httpx2.ConnectError):
        return Trouble.CUT_OFF
    causes = _causes(error)
    if any(isinstance(one, ssl.SSLError) for one in causes):
        return Trouble.TLS
    if any(isinstance(one, socket.gaierror | UnicodeError) for one in causes):
        return Trouble.DNS
    return Trouble.CONNECT


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found
