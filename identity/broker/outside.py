"""Fetching documents from an upstream over whatever transport the hub hands in."""

from typing import Any

import httpx2

from identity.broker.errors import UpstreamUnavailableError

Outside = httpx2.AsyncBaseTransport
"""What this package needs of the outside: a transport that bounds time and size and refuses inner addresses."""


def client(outside: Outside) -> httpx2.AsyncClient:
    """A client on that transport; neither proxies of the environment nor redirects lead around it."""
    return httpx2.AsyncClient(transport=outside, trust_env=False, follow_redirects=False)


async def fetch_json(outside: Outside, url: str, *, bearer: str | None = None) -> Any:
    """Fetch a JSON document.

    Raises:
        UpstreamUnavailableError: when there is none.
    """
    headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {bearer}"} if bearer else {})
    try:
        response = await client(outside).get(url, headers=headers)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise UpstreamUnavailableError(
            "The identity provider does not answer.", f"{url}: {error!r}"
        ) from error
    if response.status_code != httpx2.codes.OK:
        raise UpstreamUnavailableError(
            "The identity provider has a problem.", f"{url}: status {response.status_code}"
        )
    try:
        return response.json()
    except ValueError as error:
        raise UpstreamUnavailableError("The identity provider has a problem.", f"{url}: no JSON") from error
