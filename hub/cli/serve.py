import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import uvicorn
from starlette.applications import Starlette

from hub.admission.shared import make
from hub.alive import AliveThread
from hub.app import create_app
from hub.asgi import SHARED
from hub.cli.ending import USAGE, fail
from hub.config import Settings, read_settings
from hub.draining import DrainingProtocol
from hub.errors import HubError
from hub.serving import check_can_listen, checked_for_serving
from identity.errors import IdentityError

_PORT = click.IntRange(1, 65535)
_DRAIN_SECONDS = 10
_START_SECONDS = 60
"""A worker that is not ready by then is given up; until it is, the one that it follows goes on."""


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=_PORT)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes.")
@click.option("--health-port", type=_PORT, help="Answers /healthz there too, on a thread of its own.")
def serve(host: str, port: int, workers: int, health_port: int | None) -> None:
    """Serve the hub. The databases must have been made by `verbundhub migrate`.

    SIGTERM lets open requests end. With several workers SIGHUP replaces one after the other, each once its follower
    serves.
    """
    try:
        settings, warnings = checked_for_serving(read_settings(os.environ), host, port)
        for warning in warnings:
            click.echo(f"verbundhub: {warning}", err=True)
        check_can_listen(host, port)
        if health_port is not None:
            check_can_listen(host, health_port)
            AliveThread(host, health_port)
        # Built once here, so that what is missing is said before any worker starts.
        application = create_app(settings)
    except HubError as error:
        fail(str(error), USAGE)
    except IdentityError as error:
        fail(error.sentence, USAGE)
    os.environ["HUB_ISSUER"] = settings.issuer
    if workers == 1:
        _run(application, settings, host, port)
        return
    with _shared_table() as path:
        os.environ[SHARED] = str(path)
        _run("hub.asgi:create", settings, host, port, workers)


@contextmanager
def _shared_table() -> Iterator[Path]:
    """A file that all workers map, for as long as they serve."""
    with tempfile.NamedTemporaryFile(prefix="verbundhub-") as file:
        path = Path(file.name)
        make(path)
        yield path


def _run(target: Starlette | str, settings: Settings, host: str, port: int, workers: int = 1) -> None:
    uvicorn.run(
        target,
        factory=workers > 1,
        host=host,
        port=port,
        workers=workers,
        http=DrainingProtocol,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=True,
        timeout_graceful_shutdown=_DRAIN_SECONDS,
        timeout_worker_healthcheck=_START_SECONDS,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=",".join(settings.trusted_proxies),
    )
