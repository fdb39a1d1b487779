"""Runs the demonstration: prepares, starts four programs, says where they are, and ends them all together."""

import asyncio
import fcntl
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

from hub.demo.announcement import announcement
from hub.demo.layout import Layout, taken, taken_sentence
from hub.demo.offices import PORTALS, UPSTREAM, UPSTREAM_CLIENT, portal_file
from hub.demo.programs import Program, Programs
from hub.demo.state import State, is_prepared, read_state
from hub.errors import HubError

_ASSETS = Path(__file__).parents[1] / "pages" / "assets" / "kern"


class DemoError(HubError):
    """The demonstration can't start; the sentence says what to do."""


def hub_environ(layout: Layout, folder: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of the hub's process: no setting of a real hub of yours leaks into the demonstration."""
    return plain_environ(environ) | {
        "HUB_DATA_DIR": str(folder),
        "HUB_ISSUER": layout.hub,
        "HUB_EGRESS_ALLOW": layout.egress_allow,
        "HUB_UPSTREAMS": str(folder / "upstreams.toml"),
    }


def plain_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """An environment without any ``HUB_*``."""
    return {name: value for name, value in environ.items() if not name.startswith("HUB_")}


def prepared(
    layout: Layout, folder: Path, environ: Mapping[str, str], say: Callable[[str], None]
) -> tuple[State, bool]:
    """See that everything is there, which a later start finds so; says whether it had to be made.

    Raises:
        DemoError: it could not be made; the reason is on the console.
    """
    state = read_state(folder)
    if is_prepared(folder, layout.port, state):
        return state, False
    say(f"Preparing the demonstration in {folder} ...")
    command = (sys.executable, "-m", "hub", "demo-prepare", "--port", str(layout.port))
    status = subprocess.run(command, env=hub_environ(layout, folder, environ), check=False).returncode  # noqa: S603 - our own command
    if status:
        raise DemoError(f"The demonstration could not be prepared. To begin anew, delete {folder}.")
    return read_state(folder), True


def programs(
    layout: Layout, folder: Path, state: State, environ: Mapping[str, str], *, fresh: bool
) -> list[Program]:
    """The four programs, each its own process.

    A fresh demonstration is ready when the portals' entries have arrived; a later one has them already.
    """
    plain, logs = plain_environ(environ), folder / "logs"
    serve = (sys.executable, "-m", "hub", "serve", "--host", "127.0.0.1", "--port", str(layout.port))
    hub = Program(
        "The hub", serve, hub_environ(layout, folder, environ), f"{layout.hub}/readyz", logs / "hub.log"
    )
    portals = [
        Program(
            f"The portal of {office.state}",
            (sys.executable, "-m", "hub.demo.portal", "--config", str(portal_file(folder, office.key))),
            plain,
            f"{getattr(layout, office.key)}/{'readyz' if fresh else 'healthz'}",
            logs / f"{office.key}.log",
        )
        for office in PORTALS
    ]
    return [hub, *portals, _identity_provider(layout, state, plain, logs)]


def _identity_provider(layout: Layout, state: State, plain: dict[str, str], logs: Path) -> Program:
    command = [sys.executable, "-m", "hub.demo.identity_provider", "--port", str(layout.port + 3)]
    command += ["--issuer", layout.identity_provider, "--client-id", UPSTREAM_CLIENT]
    command += ["--redirect-uri", upstream_callback(layout)]
    secret = {"STAND_IN_CLIENT_SECRET": state.upstream_secret}
    ready = f"{layout.identity_provider}/"
    return Program(
        "The identity provider", tuple(command), plain | secret, ready, logs / "identity-provider.log"
    )


def upstream_callback(layout: Layout) -> str:
    """The hub's callback for this upstream, as `hub.pages.login.redirect_uri` has it; importing that takes seconds."""
    return f"{layout.hub}/login/callback/{UPSTREAM}"


@contextmanager
def own_folder(folder: Path) -> Iterator[None]:
    """Hold a folder for one demonstration; others would write keys and settings over each other.

    Raises:
        DemoError: another demonstration runs on it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise DemoError(
                f"Another demonstration runs on {folder}. End it first, with Ctrl-C there."
            ) from error
        yield


def check_ports(layout: Layout) -> None:
    """See that all four ports are free.

    Raises:
        DemoError: naming the one that is taken.
    """
    if (port := taken(layout)) is not None:
        raise DemoError(taken_sentence(layout, port))


def missing_assets(folder: Path = _ASSETS) -> str | None:
    """What to say once when the design system was not fetched."""
    if folder.is_dir():
        return None
    return (
        "The pages work without the KERN design system, plainer: its files were not fetched. "
        "With Node.js installed, `make setup` fetches them."
    )


async def run_programs(
    started: list[Program], layout: Layout, since: float, say: Callable[[str], None]
) -> None:
    """Run until a signal comes.

    Raises:
        ProgramEndedError: a program ended by itself.
    """
    async with _told_to_end() as end:
        async with Programs(started) as running:
            waiting = asyncio.create_task(_until_told(running, layout, since, say))
            ending = asyncio.create_task(end.wait())
            await asyncio.wait((waiting, ending), return_when=asyncio.FIRST_COMPLETED)
            failed = waiting.exception() if waiting.done() else None
            for task in (waiting, ending):
                task.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await task
        if failed is not None:
            raise failed
    say("The demonstration has ended.")


async def _until_told(running: Programs, layout: Layout, since: float, say: Callable[[str], None]) -> None:
    await running.ready()
    say(announcement(layout, time.monotonic() - since))
    await running.watch()


@asynccontextmanager
async def _told_to_end() -> AsyncIterator[asyncio.Event]:
    """An event that Ctrl-C, a SIGTERM or a closed terminal sets."""
    loop, told = asyncio.get_running_loop(), asyncio.Event()
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in numbers:
        loop.add_signal_handler(number, told.set)
    try:
        yield told
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)
