"""The plain stack as an application: Strawberry's own ASGI endpoint, a SQLAlchemy session for each request."""

import os
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry import Schema
from strawberry.asgi import GraphQL

from bench.plain.loaders import Loaders
from bench.plain.schema import build

DATABASE = "BENCH_DATABASE"
"""Environment: the SQLAlchemy URL of the catalogue."""
CACHES = "BENCH_PLAIN_CACHES"
"""Environment: ``on`` gives Strawberry its caches of parsed and validated documents."""


class PlainGraph(GraphQL[Any, Any]):
    """Strawberry's endpoint with a session and its loaders in the context."""

    def __init__(self, schema: Schema, engine: Engine) -> None:
        super().__init__(schema)
        self._engine = engine

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with Session(self._engine) as session:
            scope["session"] = session
            await super().__call__(scope, receive, send)

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> dict[str, Any]:
        return {"loaders": Loaders(request.scope["session"])}


def create() -> PlainGraph:
    """For `uvicorn --factory`."""
    engine = create_engine(os.environ[DATABASE], connect_args={"check_same_thread": False})
    return PlainGraph(build(cached=os.environ.get(CACHES) == "on"), engine)
