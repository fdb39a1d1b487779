import os

import click
import uvicorn

from hub.app import create_app
from hub.cli.ending import USAGE, fail
from hub.config import read_settings
from hub.errors import HubError
from hub.serving import check_can_listen, checked_for_serving
from identity.errors import IdentityError


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the hub. The databases must have been made by `verbundhub migrate`."""
    try:
        settings, warnings = checked_for_serving(read_settings(os.environ), host, port)
        for warning in warnings:
            click.echo(f"verbundhub: {warning}", err=True)
        check_can_listen(host, port)
        # Built once here, so that what is missing is said before any worker starts.
        application = create_app(settings)
    except HubError as error:
        fail(str(error), USAGE)
    except IdentityError as error:
        fail(error.sentence, USAGE)
    os.environ["HUB_ISSUER"] = settings.issuer
    target = application if workers == 1 else "hub.asgi:create"
    uvicorn.run(
        target,
        factory=workers > 1,
        host=host,
        port=port,
        workers=workers,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=True,
        timeout_graceful_shutdown=10,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=",".join(settings.trusted_proxies),
    )
