"""Which network addresses belong to the open internet, and which a name has."""

import asyncio
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

_THREADS = 32
"""Names looked up at once: name servers that hang, of addresses that somebody else chose, must not hold up a login."""

_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052


class SystemNames:
    """The system's resolver, in threads of its own: it blocks, for up to half a minute where a name server hangs."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="names")

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """All addresses of a name, as the system's resolver orders them.

        Raises:
            OSError: when the name leads nowhere.
        """
        ask = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        found = await asyncio.get_running_loop().run_in_executor(self._threads, ask)
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(text: str) -> bool:
    """Whether an address belongs to the open internet, judged by what it leads to (IPv4 inside IPv6 is unwrapped)."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and (embedded := _embedded(address)) is not None:
        address = embedded
    return address.is_global and not address.is_multicast and not address.is_reserved


def _embedded(address: IPv6Address) -> IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64 or int(address) >> 32 == 0:  # the latter: IPv4-compatible, RFC 4291 section 2.5.5.1
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address.sixtofour is not None:
        return address.sixtofour
    return address.teredo[1] if address.teredo else None
