"""The programs under load: each a process of its own, pinned to one core, its CPU time read from the kernel."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

_TICKS = os.sysconf("SC_CLK_TCK")
_START_SECONDS = 60.0
ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Cores:
    """Where the servers run, and where the load does; one core for both where there is no other."""

    server: int | None
    load: int | None


def cores() -> Cores:
    """The first and the last core that this process may use."""
    if not hasattr(os, "sched_getaffinity"):
        return Cores(None, None)
    usable = sorted(os.sched_getaffinity(0))
    return Cores(usable[0], usable[-1]) if len(usable) > 1 else Cores(None, None)


@contextmanager
def pinned(core: int | None) -> Iterator[None]:
    """This process, and what it starts meanwhile, on one core."""
    if core is None:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@dataclass(slots=True)
class Server:
    """A running program that answers on a port of 127.0.0.1."""

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path

    def cpu(self) -> float:
        """Seconds of CPU that it has used, its threads too."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def peak_megabytes(self) -> float:
        """The most memory that it has held."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024

    def end(self) -> None:
        """End it."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def start(
    name: str,
    arguments: Sequence[str],
    environ: Mapping[str, str],
    folder: Path,
    *,
    core: int | None = None,
    port: int | None = None,
    program: Sequence[str] = (sys.executable, "-m"),
) -> Server:
    """Start ``PROGRAM ARGUMENTS... PORT`` on a core; without a program a module of Python."""
    port = port or free_port()
    log = folder / f"{name}.log"
    with pinned(core), log.open("wb") as output:
        process = subprocess.Popen(
            [*program, *arguments, str(port)],
            cwd=ROOT,
            env={**os.environ, **environ},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    server = Server(process, port, log)
    try:
        _wait(server)
    except BaseException:
        server.end()
        raise
    return server


def _wait(server: Server) -> None:
    ends = monotonic() + _START_SECONDS
    while monotonic() < ends:
        if server.process.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", server.port)) == 0:
                return
        sleep(0.05)
    tail = server.log.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise RuntimeError(f"A server did not start:\n{tail}")
