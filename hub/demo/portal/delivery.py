import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from hub.demo.portal.settings import PortalSettings

_TRIES = 200
_FIRST_WAIT_SECONDS = 0.2
_LONGEST_WAIT_SECONDS = 0.5
_ACCEPTED = 202
_CLIENT_ERROR = 400
_SERVER_ERROR = 500


@dataclass(slots=True)
class Delivery:
    """How the portal's own entries came to the hub; the front page shows it.

    Attributes:
        state: ``waiting``, ``done`` or ``failed``.
        counts: objects by outcome, as in the run's report (added, changed, unchanged, gone, waiting, rejected).
        problem: what the hub said when it refused.
    """

    state: str = "waiting"
    counts: dict[str, int] = field(default_factory=dict)
    problem: str = ""


async def deliver(
    client: httpx2.AsyncClient,
    settings: PortalSettings,
    delivery: Delivery,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Push the portal's file to the hub; the hub may still be starting, so that no answer and 5xx are tried again."""
    body = await asyncio.to_thread(Path(settings.delivery).read_bytes)
    wait = _FIRST_WAIT_SECONDS
    for _ in range(_TRIES):
        try:
            answer = await _push(client, settings, body)
        except httpx2.HTTPError as error:
            delivery.problem = f"{type(error).__name__}: {error}"
        else:
            if answer.status_code < _SERVER_ERROR:
                return _note(delivery, answer)
            delivery.problem = f"{answer.status_code}: {answer.text[:200]}"
        await sleep(wait)
        wait = min(wait * 1.5, _LONGEST_WAIT_SECONDS)
    delivery.state = "failed"
    return None


async def _push(client: httpx2.AsyncClient, settings: PortalSettings, body: bytes) -> httpx2.Response:
    headers = {"authorization": f"Bearer {settings.source_token}", "content-type": "application/xml"}
    address = f"{settings.hub}/sync/{settings.source}/messages"
    answer = await client.post(address, content=body, headers=headers, timeout=60)
    if answer.status_code == _ACCEPTED and (location := answer.headers.get("location")):
        answer = await client.get(str(httpx2.URL(address).join(location)), headers=headers)
    return answer


def _note(delivery: Delivery, answer: httpx2.Response) -> None:
    if answer.status_code >= _CLIENT_ERROR:
        delivery.state, delivery.problem = "failed", f"{answer.status_code}: {answer.text[:200]}"
        return
    report: dict[str, Any] = answer.json()
    delivery.counts = {name: int(count) for name, count in (report.get("counts") or {}).items()}
    delivery.state, delivery.problem = "done", ""
