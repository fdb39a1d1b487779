from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import msgspec


@dataclass(frozen=True, slots=True)
class PortalSettings:
    """What makes one stand-in portal this one; the runner writes it to a file (0600), the portal's process reads it.

    Attributes:
        key: short name, such as ``hessen``; part of the cookies' names.
        name: what people read on top of every page.
        state: the state's name, without "Demo".
        area: the portal's own area, a state's key of two digits, which is searched first.
        colour: the portal's own colour, as in CSS.
        address: where browsers reach the portal, without a slash at its end.
        hub: the hub's address, which is the issuer of the login too.
        source, source_token: under which name, and with which token, the portal delivers its entries.
        delivery: path of its XZuFi file.
    """

    key: str
    name: str
    state: str
    area: str
    colour: str
    address: str
    hub: str
    client_id: str
    client_secret: str = field(repr=False)
    source: str
    source_token: str = field(repr=False)
    delivery: str

    @property
    def port(self) -> int:
        """The port of `address`."""
        return urlsplit(self.address).port or 80

    @property
    def secure(self) -> bool:
        """Whether browsers reach the portal by https, so that cookies can ask for it."""
        return self.address.startswith("https:")

    @property
    def callback(self) -> str:
        """The registered redirect URI of the login (OpenID Connect Core, section 3.1.2.1)."""
        return f"{self.address}/login/callback"

    @property
    def signed_out(self) -> str:
        """The registered address to come back to after a logout (RP-Initiated Logout, section 3)."""
        return f"{self.address}/abgemeldet"

    @property
    def backchannel_logout(self) -> str:
        """The registered address for logout tokens (Back-Channel Logout, section 2.2)."""
        return f"{self.address}/login/backchannel-logout"


def read_portal_settings(path: Path) -> PortalSettings:
    """Read what the runner wrote.

    Raises:
        OSError: the file is not there.
        msgspec.ValidationError: a field is missing or of a wrong type.
    """
    return msgspec.json.decode(path.read_bytes(), type=PortalSettings)
