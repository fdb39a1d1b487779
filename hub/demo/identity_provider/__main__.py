"""``python -m hub.demo.identity_provider --port 8003 --client-id ... --redirect-uri ...``."""

import click
import uvicorn

from hub.demo.identity_provider.app import create_identity_provider
from hub.demo.identity_provider.settings import StandInSettings

_HOST = "127.0.0.1"  # never to be reached from elsewhere: it lets anybody in


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), required=True)
@click.option("--issuer", help="Its public address; http://127.0.0.1:PORT if not given.")
@click.option("--client-id", required=True)
@click.option(
    "--client-secret", envvar="STAND_IN_CLIENT_SECRET", required=True, help="Or STAND_IN_CLIENT_SECRET."
)
@click.option(
    "--redirect-uri", "redirect_uris", multiple=True, required=True, help="May be given several times."
)
def main(
    port: int, issuer: str | None, client_id: str, client_secret: str, redirect_uris: tuple[str, ...]
) -> None:
    """Run the demonstration's stand-in identity provider on 127.0.0.1. It lets anybody in as anybody."""
    settings = StandInSettings(
        (issuer or f"http://{_HOST}:{port}").rstrip("/"), client_id, client_secret, redirect_uris
    )
    uvicorn.run(
        create_identity_provider(settings), host=_HOST, port=port, log_level="warning", access_log=False
    )


if __name__ == "__main__":
    main()
