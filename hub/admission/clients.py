"""Who counts as one client: whoever is known by a valid token, else the address that a request comes from."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

from starlette.types import Scope

_SITE = 64
"""Bits of an IPv6 address that name a site: one customer has all addresses behind them (RFC 6177)."""


def client_at(scope: Scope) -> str:
    """The client of a request's address; behind a trusted proxy the server has put the real one there."""
    client = scope.get("client")
    return _of_address(client[0]) if client else "unknown"


@lru_cache(maxsize=4096)
def _of_address(text: str) -> str:
    try:
        address = ip_address(text)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            return str(ip_network((address.packed, _SITE), strict=False))
        address = address.ipv4_mapped
    return str(address)
