"""The value that the rules of `/authorize` run over."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from sqlalchemy import Connection

from identity.opaque import SECOND
from identity.provider.clients import Client
from identity.provider.errors import ProviderError
from identity.provider.interactions import Interaction
from identity.provider.parameters import Parameters
from identity.provider.provider import Provider
from identity.sessions import Session


class PersonNeededError(ProviderError):
    """No error to anybody: the person has to log in or decide first, on the page at `path`."""

    def __init__(self, path: str) -> None:
        super().__init__("Somebody has to log in or to consent first.")
        self.path = path


@dataclass
class Asked:
    """One authorization request under examination; the rules fill in what they have found to be true.

    Attributes:
        cookie: the browser's session cookie.
        interaction: the waiting request that this one goes on with, if it does.
        safe_to_redirect: client and redirect URI are known to belong together.
        granted: attributes that may be told.
    """

    provider: Provider
    connection: Connection
    params: Parameters
    now: int
    cookie: str | None = None
    interaction: Interaction | None = None
    safe_to_redirect: bool = False
    client: Client = field(init=False)
    redirect_uri: str = field(init=False)
    scopes: tuple[str, ...] = field(init=False, default=())
    session: Session = field(init=False)
    hinted_subject: str | None = field(init=False, default=None)
    granted: frozenset[str] = field(init=False, default=frozenset())

    @property
    def prompts(self) -> frozenset[str]:
        """The words of `prompt` (Core section 3.1.2.1)."""
        return frozenset(self.params.values.get("prompt", "").split())

    @property
    def logged_in_meanwhile(self) -> bool:
        """Whether the person has logged in since the request began to wait."""
        return self.interaction is not None and self.session.begun_at >= self.interaction.created_at

    @property
    def asked_at(self) -> int:
        """When the portal asked, epoch seconds: what a login's age is measured against."""
        return (self.interaction.created_at if self.interaction else self.now) // SECOND

    def answer(self, **fields: str) -> str:
        """Make the address that brings an answer to the portal, with `state` and `iss` (RFC 9207)."""
        state = self.params.values.get("state")
        query = fields | ({"state": state} if state else {}) | {"iss": self.provider.issuer}
        return with_query(self.redirect_uri, query)


def with_query(address: str, fields: dict[str, str]) -> str:
    """Add to the query of an address; what is there already stays (RFC 6749 section 3.1.2)."""
    return address + ("&" if "?" in address else "?") + urlencode(fields)
