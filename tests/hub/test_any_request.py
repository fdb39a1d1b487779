"""Whatever is sent, the answer is one of GraphQL over HTTP, no failure of ours, and the hub goes on answering others.

``HUB_TEST_LONG=1`` sends 10,000 requests and says how long at most one of them kept the others waiting.
"""

import asyncio
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from starlette.types import ASGIApp, Message

from hub.app import create_app
from hub.config import Settings
from hub.egress import Egress
from hub.pages.rendering import Pages
from hub.surroundings import Surroundings
from identity.keys import ensure_keys
from tests.catalogues import NOON
from tests.hub.execution.test_real_schema import filled
from tests.hub.requesting import Request, requests

__all__ = ["filled"]

LONG = bool(os.environ.get("HUB_TEST_LONG"))
ISSUER = "http://127.0.0.1:8000"
_STALL_SECONDS = 0.1
HEALTH = Request("GET", b"", [], (b"",))


class Running:
    """A whole hub, asked message by message as a server would."""

    def __init__(self, app: ASGIApp, runner: asyncio.Runner) -> None:
        self._app = app
        self._runner = runner
        self.longest_turn = 0.0

    def ask(self, request: Request, path: str = "/graphql") -> tuple[int, dict[bytes, bytes], bytes]:
        """Status, headers and body of the answer; a stream is left after its first piece."""
        return self._runner.run(self._ask(request, path))

    async def _ask(self, request: Request, path: str) -> tuple[int, dict[bytes, bytes], bytes]:
        told: list[Message] = []
        first = asyncio.Event()
        pieces = [*request.pieces]

        async def receive() -> Message:
            if pieces:
                piece = pieces.pop(0)
                return {"type": "http.request", "body": piece, "more_body": bool(pieces)}
            await first.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            told.append(message)
            if message["type"] == "http.response.body":
                first.set()

        beating = asyncio.create_task(self._beat())
        await self._app(_scope(request, path), receive, send)
        beating.cancel()
        body = b"".join(message.get("body", b"") for message in told[1:])
        return told[0]["status"], dict(told[0]["headers"]), body

    async def _beat(self) -> None:
        """Seconds of CPU between two turns of one who is always ready: so long a health check would wait."""
        before = time.thread_time()
        while True:
            await asyncio.sleep(0)
            now = time.thread_time()
            self.longest_turn, before = max(self.longest_turn, now - before), now


def _scope(request: Request, path: str) -> dict[str, object]:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": request.query_string,
        "headers": [(b"host", b"127.0.0.1:8000"), *request.headers],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
        "state": {},
    }


@pytest.fixture(scope="module")
def hub(filled: Path, sqlite_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("any-request")
    shutil.copytree(sqlite_files, folder, dirs_exist_ok=True)
    shutil.copytree(filled, folder, dirs_exist_ok=True)
    ensure_keys(folder, secrets.token_bytes)
    options = Settings(data_dir=folder, issuer=ISSUER, rate_limit="off", links="off")
    around = Surroundings(Egress(), Pages(), NOON.timestamp, secrets.token_bytes)
    app = create_app(options, around)
    with asyncio.Runner() as runner:
        living = app.router.lifespan_context(app)
        runner.run(living.__aenter__())
        try:
            yield Running(app, runner)
        finally:
            runner.run(living.__aexit__(None, None, None))


@settings(
    max_examples=10_000 if LONG else 150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(request=requests())
def test_whatever_is_sent_the_hub_answers_and_goes_on(hub: Running, request: Request) -> None:
    status, headers, body = hub.ask(request)
    assert status in (200, 204, 304, 400, 401, 405, 406, 413, 415), body
    assert b"cache-control" in headers or status == 204
    kind = headers.get(b"content-type", b"").decode()
    if kind.endswith("json; charset=utf-8") and request.method != "HEAD":
        told = orjson.loads(body)
        answers = told if isinstance(told, list) else [told]
        for answer in answers:
            assert "data" in answer or answer["errors"]
            codes = {error["extensions"]["code"] for error in answer.get("errors", ())}
            assert "INTERNAL" not in codes, body
    assert hub.ask(HEALTH, "/healthz")[0] == 200


@pytest.mark.skipif(not LONG, reason="says something after many requests only: HUB_TEST_LONG=1")
def test_no_request_kept_the_others_waiting(hub: Running) -> None:
    assert hub.longest_turn < _STALL_SECONDS, f"{1000 * hub.longest_turn:.0f} ms of CPU in one turn"
