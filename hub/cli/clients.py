import json
import secrets
import time

import click

from hub.cli.running import Databases, run
from hub.config import Settings
from identity.opaque import micros
from identity.provider.clients import Client, ClientRefusedError, Registration, register


@click.group("clients")
def clients() -> None:
    """Portals as OpenID clients."""


@clients.command("add")
@click.option("--name", required=True, help="As people read it when they are asked for consent.")
@click.option(
    "--redirect-uri", "redirect_uris", multiple=True, required=True, help="Exact address; may be repeated."
)
@click.option(
    "--post-logout-redirect-uri",
    "post_logout_redirect_uris",
    multiple=True,
    help="Where people come back to after signing out; may be repeated.",
)
@click.option("--backchannel-logout-uri", help="Where the portal is told that a session has ended.")
@click.option("--public", is_flag=True, help="A client that can't keep a secret.")
@click.option("--json", "as_json", is_flag=True, help="Print the names of RFC 7591.")
def add(
    *,
    name: str,
    redirect_uris: tuple[str, ...],
    post_logout_redirect_uris: tuple[str, ...],
    backchannel_logout_uri: str | None,
    public: bool,
    as_json: bool,
) -> None:
    """Register a portal; its secret is printed this once only."""
    asked = Registration(
        name=name,
        redirect_uris=redirect_uris,
        public=public,
        post_logout_redirect_uris=post_logout_redirect_uris,
        backchannel_logout_uri=backchannel_logout_uri,
    )

    async def work(settings: Settings, databases: Databases) -> tuple[Client, str | None]:
        now = micros(time.time)
        try:
            return await databases.identity.write(lambda c: register(c, asked, secrets.token_bytes, now))
        except ClientRefusedError as error:
            raise click.UsageError(error.sentence) from error

    client, secret = run(work)
    printed = registration_response(client, secret)
    if as_json:
        click.echo(json.dumps(printed, ensure_ascii=False, indent=2))
        return
    for key, value in printed.items():
        click.echo(f"{key}: {' '.join(value) if isinstance(value, list) else value}")
    if secret:
        click.echo("Keep the secret: it can't be shown again.")


def registration_response(client: Client, secret: str | None) -> dict[str, object]:
    """The client under the names of RFC 7591 section 3.2.1 and Back-Channel Logout section 2.2."""
    response: dict[str, object] = {
        "client_id": client.client_id,
        "client_secret": secret,
        "client_secret_expires_at": 0 if secret else None,
        "client_name": client.name,
        "redirect_uris": list(client.redirect_uris),
        "post_logout_redirect_uris": list(client.post_logout_redirect_uris) or None,
        "backchannel_logout_uri": client.backchannel_logout_uri,
        "backchannel_logout_session_required": True if client.backchannel_logout_uri else None,
        "grant_types": ["authorization_code"],
        "response_types": ["code"],
        "token_endpoint_auth_method": client.token_endpoint_auth_method,
        "id_token_signed_response_alg": client.id_token_signed_response_alg,
        "subject_type": "pairwise",
        "scope": " ".join(client.scopes),
    }
    return {name: value for name, value in response.items() if value is not None}
