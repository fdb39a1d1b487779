"""Several processes at one address, as a client sees them: nobody is cut off when they end, die or are replaced."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.postgres import free_port

_SECONDS = 90
_QUERY = b'{"query": "{ catalogue { counts { live } } }"}'
_HEADERS = {"content-type": "application/json", "accept": "application/json"}

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="children are looked up in /proc"
)


@dataclass
class Hub:
    """A running `verbundhub serve`."""

    process: "subprocess.Popen[bytes]"
    port: int

    def workers(self) -> set[int]:
        """The processes that serve: those of its children that were started to be one."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return {int(child) for child in children if b"spawn_main" in _command(int(child))}

    def ask(self) -> int:
        """The status of one answer over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_SECONDS)
        try:
            connection.request("POST", "/graphql", _QUERY, _HEADERS)
            with connection.getresponse() as answer:
                answer.read()
                return answer.status
        finally:
            connection.close()


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def until(true: Callable[[], bool], what: str) -> None:
    """Wait for something that other processes do."""
    ends = time.monotonic() + _SECONDS
    while not true():
        assert time.monotonic() < ends, what
        time.sleep(0.05)


@dataclass
class Asking:
    """A client that keeps asking, over one connection for as long as the server keeps it."""

    hub: Hub
    answers: int = 0
    failures: list[str] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.hub.port, timeout=_SECONDS)
        while not self._ended.is_set():
            try:
                connection.request("POST", "/graphql", _QUERY, _HEADERS)
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(repr(error))
                connection.close()
                continue
            if answer.status == 200:
                self.answers += 1
            else:
                self.failures.append(str(answer.status))
        connection.close()

    @contextmanager
    def going_on(self) -> Iterator[None]:
        thread = threading.Thread(target=self.run)
        thread.start()
        try:
            until(lambda: self.answers > 3, "no answers")
            yield
            answered = self.answers
            until(lambda: self.answers > answered + 3, "no answers afterwards")
        finally:
            self._ended.set()
            thread.join()


@contextmanager
def serving(folder: Path, *more: str, environ: dict[str, str] | None = None) -> Iterator[Hub]:
    port = free_port()
    log = folder / "hub.log"
    whole = {**os.environ, "HUB_DATA_DIR": str(folder), "HUB_RATE_LIMIT": "off", **(environ or {})}
    with log.open("wb") as output:
        command = [sys.executable, "-m", "hub"]
        subprocess.run(
            [*command, "migrate"], env=whole, stdout=output, stderr=output, check=True, timeout=_SECONDS
        )
        process = subprocess.Popen(
            [*command, "serve", "--port", str(port), *more], env=whole, stdout=output, stderr=output
        )
    hub = Hub(process, port)
    try:
        until(lambda: _answers(hub) or process.poll() is not None, "the hub did not begin to serve")
        assert process.poll() is None, log.read_text(errors="replace")[-3000:]
        yield hub
    finally:
        process.terminate()
        process.wait(_SECONDS)


def _answers(hub: Hub) -> bool:
    try:
        return hub.ask() == 200
    except OSError:
        return False


def test_workers_are_replaced_one_by_one_and_nobody_is_cut_off(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2") as hub:
        until(lambda: len(hub.workers()) == 2, "there are no two workers")
        before = hub.workers()
        asking = Asking(hub)
        with asking.going_on():
            hub.process.send_signal(signal.SIGHUP)
            until(lambda: len(hub.workers()) == 2 and not hub.workers() & before, "they were not replaced")
        assert asking.failures == []
        dead = min(hub.workers())
        os.kill(dead, signal.SIGKILL)
        until(lambda: len(hub.workers()) == 2 and dead not in hub.workers(), "the dead one was not replaced")
        assert hub.ask() == 200
    assert hub.process.returncode == 0


def test_workers_count_a_client_s_points_together(tmp_path: Path) -> None:
    """Each new connection may reach another worker; none of them lets more pass than is allowed."""
    with serving(tmp_path, "--workers", "2", environ={"HUB_RATE_LIMIT": "100000"}) as hub:
        dear = b'{"query": "{ services(first: 100) { edges { node { id entries { id } } } } }"}'
        statuses = []
        for _ in range(260):
            connection = http.client.HTTPConnection("127.0.0.1", hub.port, timeout=_SECONDS)
            connection.request("POST", "/graphql", dear, _HEADERS | {"cache-control": "no-cache"})
            with connection.getresponse() as answer:
                answer.read()
                statuses.append(answer.status)
            connection.close()
        assert set(statuses) == {200, 429}
        assert statuses.count(200) < 240


def test_an_answer_under_way_is_sent_before_the_hub_ends(tmp_path: Path) -> None:
    with serving(tmp_path) as hub:
        waiting = http.client.HTTPConnection("127.0.0.1", hub.port, timeout=_SECONDS)
        idle = http.client.HTTPConnection("127.0.0.1", hub.port, timeout=_SECONDS)
        idle.request("GET", "/healthz")
        assert idle.getresponse().read() == b"alive\n"
        waiting.request("GET", "/changes?wait=3")
        hub.process.send_signal(signal.SIGTERM)
        until(lambda: not _listens(hub.port), "it still listens")
        idle.request("GET", "/healthz")
        answer = idle.getresponse()
        assert (answer.status, answer.getheader("connection")) == (200, "close")
        assert answer.read() == b"alive\n"
        with waiting.getresponse() as late:
            late.read()
            assert late.status == 200
        idle.close()
        waiting.close()
        assert hub.process.wait(_SECONDS) in (0, -signal.SIGTERM)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=_SECONDS).close()
    except OSError:
        return False
    return True
