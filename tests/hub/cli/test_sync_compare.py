import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner, Result

from catalog_sync.digests import wire
from catalog_sync.digests.holdings import Holdings
from hub.cli.sync import sync
from hub.database import open_database
from tests.hub.cli.test_sync import deliver, ready, written
from tests.makers import AGENCY, message, service

__all__ = ["ready"]

ONE = message(writes=[service("1"), service("2")])
OTHER = message(writes=[service("1", title="Anders"), service("3")])


def compare(*arguments: object) -> Result:
    return CliRunner().invoke(sync, ["compare", "--source", "hessen", *map(str, arguments)])


def told(result: Result) -> list[tuple[str, str]]:
    return [(one["entryId"].removeprefix(f"{AGENCY}."), one["what"]) for one in json.loads(result.stdout)]


def test_messages_that_the_hub_holds(ready: Path) -> None:
    file = written(ready, "one.xml", ONE)
    deliver(file)
    result = compare(file)
    assert (result.exit_code, result.stdout) == (0, "Both sides hold the same.\n")


def test_messages_that_differ(ready: Path) -> None:
    deliver(written(ready, "one.xml", ONE))
    other = written(ready, "other.xml", OTHER)
    result = compare("--json", other)
    assert result.exit_code == 1
    assert told(result) == [("LB.1", "different"), ("LB.2", "missing there"), ("LB.3", "missing here")]
    assert "missing here" in compare(other).stdout


def test_wrong_usage(ready: Path) -> None:
    file = written(ready, "one.xml", ONE)
    assert compare().exit_code == 2
    assert compare("--against", "https://hub.example/sync/hessen/digest").exit_code == 2
    unknown = CliRunner().invoke(sync, ["compare", "--source", "nobody", str(file)])
    assert unknown.exit_code == 2
    assert compare(written(ready, "bad.xml", b"<no")).exit_code == 2


@contextmanager
def other_hub(folder: Path, status: int = 200) -> Iterator[str]:
    """Answers with the digest of the catalogue in a folder."""

    async def answer(prefixes: list[str]) -> bytes:
        catalog = open_database(f"sqlite:///{folder / 'catalog.db'}")
        nodes = await Holdings(catalog).nodes("hessen", prefixes)
        await catalog.close()
        return json.dumps(wire.told("hessen", nodes)).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            allowed = self.headers["Authorization"] == "Bearer vhs_other"
            asked = parse_qs(urlsplit(self.path).query, keep_blank_values=True)["prefix"]
            content = asyncio.run(answer(asked)) if allowed else b"no"
            self.send_response(status if allowed else 401)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/sync/hessen/digest"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_another_hub(ready: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver(written(ready, "one.xml", ONE))
    token, wrong = written(ready, "token", b"vhs_other\n"), written(ready, "wrong", b"vhs_wrong")
    with other_hub(ready) as url:
        refused = compare("--against", url, "--token-file", token)
        assert refused.exit_code == 2, "an address of the own network is not called unasked"
        monkeypatch.setenv("HUB_EGRESS_ALLOW", urlsplit(url).netloc)
        assert compare("--against", url, "--token-file", token).exit_code == 0
        other = written(ready, "other.xml", OTHER)
        result = compare("--against", url, "--token-file", token, "--json", other)
        assert result.exit_code == 1
        assert told(result) == [("LB.1", "different"), ("LB.2", "missing here"), ("LB.3", "missing there")]
        unauthorised = compare("--against", url, "--token-file", wrong)
        assert (unauthorised.exit_code, "401" in unauthorised.output) == (2, True)
