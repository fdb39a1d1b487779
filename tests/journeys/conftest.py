import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from hub.demo.layout import Layout, taken

_READY_SECONDS = 90


def _chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


# For a module only: Playwright's own event loop must be gone before another module's asynchronous tests.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium; skipped with a word where there is none, unless HUB_TEST_REQUIRE names chromium."""
    path = _chromium()
    if path is None:
        missing = "No Chromium here: on Debian and Ubuntu, apt install chromium."
        if "chromium" in os.environ.get("HUB_TEST_REQUIRE", ""):
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def _free_port() -> int:
    with socket.socket() as anywhere:
        anywhere.bind(("127.0.0.1", 0))
        first = int(anywhere.getsockname()[1])
    for port in range(min(first, 60_000), 65_000, 4):
        if taken(Layout(port)) is None:
            return port
    raise AssertionError("There are no four free ports in a row.")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demonstration keeps its databases."""
    return tmp_path_factory.mktemp("demonstration")


@pytest.fixture(scope="session")
def demonstration(folder: Path) -> Iterator[Layout]:
    """The whole demonstration, run as people run it, in a folder of its own."""
    layout = Layout(_free_port())
    command = [sys.executable, "-m", "hub", "demo", "--port", str(layout.port), "--folder", str(folder)]
    output = folder / "output.txt"
    with output.open("wb") as file:
        running = subprocess.Popen(command, stdout=file, stderr=file, start_new_session=True)
    try:
        _wait(running, output)
        yield layout
    finally:
        running.send_signal(signal.SIGINT)
        status = running.wait(30)
    assert status == 0, output.read_text()
    assert taken(layout) is None, "The demonstration left a program behind."


def _wait(running: "subprocess.Popen[bytes]", output: Path) -> None:
    ends = time.monotonic() + _READY_SECONDS
    while "Ctrl-C ends all of it" not in output.read_text(encoding="utf-8"):
        assert running.poll() is None, output.read_text(encoding="utf-8")
        assert time.monotonic() < ends, output.read_text(encoding="utf-8")
        time.sleep(0.1)
