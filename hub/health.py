from collections.abc import Mapping
from functools import partial

from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from hub.database import Database


def routes(databases: Mapping[str, Database]) -> list[BaseRoute]:
    """``/healthz`` (the process is alive) and ``/readyz`` (it can serve, with reasons where it can't)."""
    return [Route("/healthz", _alive), Route("/readyz", partial(_ready, databases))]


async def _alive(request: Request) -> Response:
    return PlainTextResponse("alive\n", headers={"Cache-Control": "no-store"})


async def _ready(databases: Mapping[str, Database], request: Request) -> Response:
    reasons = {}
    for name, database in databases.items():
        try:
            await database.read(lambda connection: connection.execute(text("SELECT 1")).all())
        except Exception as error:  # noqa: BLE001 - whatever is wrong with a database is the reason
            reasons[name] = type(error).__name__
    status = 503 if reasons else 200
    body = {"ready": not reasons, "reasons": reasons}
    return JSONResponse(body, status, headers={"Cache-Control": "no-store"})
