from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from catalog_sync.sources.fetching import fetchings
from catalog_sync.sources.registry import all_sources
from hub.database import Database

_MICROSECONDS = 1_000_000


def routes(databases: Mapping[str, Database], clock: Callable[[], float]) -> list[BaseRoute]:
    """``/healthz`` (the process is alive) and ``/readyz`` (it can serve, with reasons where it can't).

    `clock` gives seconds since 1970, UTC: how old each source's data are is told beside, and makes nobody unready.
    """
    return [Route("/healthz", _alive), Route("/readyz", partial(_ready, databases, clock))]


async def _alive(request: Request) -> Response:
    return PlainTextResponse("alive\n", headers={"Cache-Control": "no-store"})


async def _ready(databases: Mapping[str, Database], clock: Callable[[], float], request: Request) -> Response:
    reasons = {}
    for name, database in databases.items():
        try:
            await database.read(lambda connection: connection.execute(text("SELECT 1")).all())
        except Exception as error:  # noqa: BLE001 - whatever is wrong with a database is the reason
            reasons[name] = type(error.__cause__ or error).__name__
    status = 503 if reasons else 200
    body: dict[str, Any] = {"ready": not reasons, "reasons": reasons}
    if not reasons:
        body["sources"] = await _sources(databases, int(clock() * _MICROSECONDS))
    return JSONResponse(body, status, headers={"Cache-Control": "no-store"})


async def _sources(databases: Mapping[str, Database], now: int) -> dict[str, Any]:
    """Of each source how old its data are, in seconds, and how its fetching goes."""
    tried = await databases["operations"].read(fetchings)
    told = {}
    for one in await databases["catalog"].read(all_sources):
        age = None if one.fresh_at is None else (now - one.fresh_at) // _MICROSECONDS
        fetching = tried.get(one.key)
        told[one.key] = {"ageSeconds": age, "breaker": fetching.breaker if fetching else None}
    return told
