"""Addresses as the link checker knows them: which can be asked, whose host they are of, and under which name kept."""

import hashlib
from dataclasses import dataclass

import httpx2

MAX_URL = 2000
"""Characters; longer ones are not checked."""

_LAST_PORT = 65_535
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """An address of the web that can be asked.

    Attributes:
        url: as it is sent: name in its ASCII form, without fragment.
        host: whose patience it costs, whatever port and scheme.
        origin: scheme, host and port: what a robots.txt holds for.
        path: path and query, as rules of a robots.txt are compared with.
    """

    url: str
    host: str
    origin: str
    path: str


def address_of(text: str) -> Address | None:
    """The address that a text is; None where it can't be asked."""
    try:
        url = httpx2.URL(text.strip())
        if len(text) > MAX_URL or url.scheme not in _PORTS or not url.host or url.userinfo:
            return None
        if (url.port or 1) > _LAST_PORT:
            return None
        return _address(url.copy_with(fragment=None) if "#" in text else url)
    except (httpx2.InvalidURL, ValueError, UnicodeError):
        return None


def joined(base: Address, location: str) -> str | None:
    """Where a redirect leads; None where it names no address."""
    try:
        return str(httpx2.URL(base.url).join(location))
    except (httpx2.InvalidURL, ValueError, UnicodeError):
        return None


def digest_of(url: str) -> bytes:
    """What an address is found by in the table: it may be too long for an index of its own."""
    return hashlib.blake2b(url.encode(), digest_size=16).digest()


def _address(url: httpx2.URL) -> Address:
    port = url.port or _PORTS[url.scheme]
    host = url.raw_host.decode("ascii")
    shown = f"[{host}]" if ":" in host else host
    return Address(str(url), host, f"{url.scheme}://{shown}:{port}", url.raw_path.decode("ascii"))
