from dataclasses import dataclass
from html import escape
from typing import Protocol

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from identity.keys import Keys
from identity.opaque import Clock, Random
from identity.pairwise import Pairwise
from identity.provider.claims import Accounts
from identity.provider.errors import ProviderError
from identity.store import Database


class ErrorPage(Protocol):
    """Shows a person what is wrong when it is not safe to send them back."""

    def __call__(self, request: Request, error: ProviderError) -> Response:
        """Make the page, with the error's status."""
        ...


def plain_error_page(request: Request, error: ProviderError) -> Response:
    """Make a page without any design, for a provider that stands alone."""
    text = f"<!doctype html><title>{error.code}</title><h1>{error.code}</h1><p>{escape(error.sentence)}</p>"
    return HTMLResponse(text, error.status)


@dataclass(frozen=True, slots=True)
class Provider:
    """The OpenID Provider's collaborators; the endpoints are functions over it.

    Attributes:
        issuer: public address without a slash at its end; never taken from a request (a Host header can be forged).
        accounts: where the attributes of people come from.
    """

    issuer: str
    database: Database
    keys: Keys
    accounts: Accounts
    clock: Clock
    random: Random
    error_page: ErrorPage = plain_error_page

    @property
    def pairwise(self) -> Pairwise:
        """Makes the names by which portals know people."""
        return Pairwise(self.keys.pairwise_salt)

    @property
    def graph_audience(self) -> str:
        """Whom access tokens are for."""
        return graph_audience(self.issuer)


def graph_audience(issuer: str) -> str:
    """The audience of the graph's access tokens: its address."""
    return f"{issuer}/graphql"
