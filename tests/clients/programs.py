"""Programs beside the tests: Node with the packages of this folder's lock, and a hub that listens."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from tests.postgres import free_port, missing

HERE = Path(__file__).parent
_SECONDS = 180


def node() -> str:
    """The path of Node; skips where it or its packages are not there, unless HUB_TEST_REQUIRE names node."""
    path = shutil.which("node")
    if path is None:
        missing("node", "no Node.js here")
    elif not (HERE / "node_modules" / ".installed").is_file():
        missing("node", "the packages of tests/clients are not here: scripts/test-clients fetches them")
    return str(path)


def told_by(script: str, sent: str = "", *arguments: str, environ: Mapping[str, str] | None = None) -> Any:
    """What a script of this folder prints, as JSON; it is to end well."""
    done = subprocess.run(
        [node(), str(HERE / script), *arguments],
        input=sent.encode(),
        capture_output=True,
        check=False,
        timeout=_SECONDS,
        env={**os.environ, **(environ or {})},
    )
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    return json.loads(done.stdout)


@contextmanager
def listening(script: str, sent: str = "", *, environ: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address of a script that prints its port once it listens; ended afterwards."""
    process = subprocess.Popen(
        [node(), str(HERE / script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **(environ or {})},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(sent)
        process.stdin.close()
        port = process.stdout.readline().strip()
        assert port, f"{script} did not begin to listen"
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(_SECONDS)
        process.stdout.close()


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a hub over the databases of a folder; ended afterwards."""
    port = free_port()
    log = folder / "hub.log"
    environ = {**os.environ, "HUB_DATA_DIR": str(folder), "HUB_RATE_LIMIT": "off", "HUB_LINKS": "off"}
    with log.open("wb") as output:
        prepare = [sys.executable, "-m", "hub", "migrate"]
        subprocess.run(prepare, env=environ, stdout=output, stderr=output, check=True, timeout=_SECONDS)
        process = subprocess.Popen(
            [sys.executable, "-m", "hub", "serve", "--port", str(port)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=environ,
        )
    try:
        _wait(process, f"http://127.0.0.1:{port}/healthz", log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(_SECONDS)


def _wait(process: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    ends = time.monotonic() + _SECONDS
    while time.monotonic() < ends and process.poll() is None:
        try:
            with urlopen(address, timeout=5):  # noqa: S310 - http, on localhost
                return
        except (URLError, ConnectionError):
            time.sleep(0.05)
    raise AssertionError(log.read_text(encoding="utf-8", errors="replace")[-3000:])


def asked(address: str, query: str, **variables: Any) -> Any:
    """The answer of a GraphQL server."""
    body = json.dumps({"query": query, "variables": variables}).encode()
    headers = {"content-type": "application/json", "accept": "application/json"}
    with urlopen(Request(address, body, headers), timeout=_SECONDS) as response:  # noqa: S310 - http, on localhost
        return json.load(response)
