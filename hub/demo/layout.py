"""Where the demonstration's four programs are reached."""

import socket
from dataclasses import dataclass

_OTHER_PORT = 9000


@dataclass(frozen=True, slots=True)
class Layout:
    """Addresses of the four programs, on four ports in a row.

    The hub and the identity provider are addressed as 127.0.0.1, the portals as localhost: browsers keep cookies by
    host and not by port, and so the portals are cross-site to the hub as in life.
    """

    port: int

    @property
    def hub(self) -> str:
        """The hub, which is the issuer."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def hessen(self) -> str:
        """The stand-in portal of Hessen."""
        return f"http://localhost:{self.port + 1}"

    @property
    def sachsen(self) -> str:
        """The stand-in portal of Sachsen."""
        return f"http://localhost:{self.port + 2}"

    @property
    def identity_provider(self) -> str:
        """The stand-in identity provider."""
        return f"http://127.0.0.1:{self.port + 3}"

    @property
    def ports(self) -> tuple[int, ...]:
        """All four."""
        return tuple(range(self.port, self.port + 4))

    @property
    def egress_allow(self) -> str:
        """What the hub may call on this machine: the identity provider, and the portals for back-channel logout."""
        return f"127.0.0.1:{self.port + 3},localhost:{self.port + 1},localhost:{self.port + 2}"


def taken(layout: Layout) -> int | None:
    """The first of the four ports at which another program listens; None when all are free."""
    for port in layout.ports:
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                return port
    return None


def taken_sentence(layout: Layout, port: int) -> str:
    """What to tell somebody whose port is taken."""
    other = _OTHER_PORT if port < _OTHER_PORT or port > _OTHER_PORT + 3 else _OTHER_PORT + 100
    return (
        f"Port {port} is taken by another program; the demonstration needs {layout.ports[0]} to {layout.ports[-1]}. "
        f"Choose others: make demo PORT={other}"
    )
