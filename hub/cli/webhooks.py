"""``verbundhub webhooks``: receivers that are called when the catalogue changes."""

import json
import secrets
import time
from functools import partial
from typing import Any

import click
import httpx2

from catalog_sync.catalog.keys import AreaKey, ars_of, parse_ars
from catalog_sync.errors import BadArs
from catalog_sync.feed.pages import newest
from catalog_sync.webhooks import book
from catalog_sync.webhooks.book import Webhook
from hub.calling import WebhookCaller
from hub.cli.running import Databases, run
from hub.config import Settings
from hub.egress import Egress
from identity.opaque import micros


@click.group("webhooks")
def webhooks() -> None:
    """Webhooks: receivers that are called when the catalogue changes."""


@webhooks.command("add")
@click.argument("url")
@click.option("--area", metavar="ARS", help="Only what concerns this area.")
@click.option("--json", "as_json", is_flag=True, help='Print {"id", "url", "secret"}.')
def add(*, url: str, area: str | None, as_json: bool) -> None:
    """Register a receiver and print the secret with which its messages are signed, this once only."""
    key = _area(area)

    async def work(settings: Settings, databases: Databases) -> Webhook:
        await _judge(Egress(settings.egress_allow), url)
        async with databases.catalog.snapshot() as snapshot:
            cursor = await newest(snapshot)
        made = partial(
            book.add, url=url, area=key, cursor=cursor, random=secrets.token_bytes, now=micros(time.time)
        )
        return await databases.operations.write(made)

    one = run(work)
    told = {"id": one.id, "url": one.url, "secret": one.secret}
    if as_json:
        click.echo(json.dumps(told))
        return
    for name, value in told.items():
        click.echo(f"{name}: {value}")
    click.echo("Keep the secret: it can't be shown again.")


async def _judge(egress: Egress, url: str) -> None:
    try:
        await WebhookCaller(egress).check(url)
    except httpx2.HTTPError as error:
        raise click.UsageError(f"{url} can't be called: {error}.") from error
    finally:
        await egress.aclose()


def _area(text: str | None) -> AreaKey | None:
    if text is None:
        return None
    try:
        return parse_ars(text)
    except BadArs as error:
        raise click.UsageError(error.sentence) from error


@webhooks.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print an array for programs.")
def show(*, as_json: bool) -> None:
    """Show all receivers, what waits for them, and dead letters."""

    async def work(settings: Settings, databases: Databases) -> list[Webhook]:
        return await databases.operations.read(book.every)

    found = [_shown(one) for one in run(work)]
    if as_json:
        click.echo(json.dumps(found, indent=2))
        return
    for one in found:
        area = one["area"] or "all areas"
        click.echo(f"{one['id']}  {one['state']}  {area}  {one['url']}")
        if one["lastError"]:
            click.echo(f"    {one['attempts']} attempts: {one['lastError']}")


def _shown(one: Webhook) -> dict[str, Any]:
    state = "ready" if one.message is None else "waiting"
    letter = None
    if one.dead_at is not None and one.message is not None:
        state = "dead"
        letter = {
            "id": one.message.id,
            "since": one.dead_at / 1_000_000,
            "body": json.loads(one.message.body),
        }
    return {
        "id": one.id,
        "url": one.url,
        "area": None if one.area is None else ars_of(one.area),
        "state": state,
        "cursor": str(one.cursor),
        "attempts": one.attempts,
        "nextAttempt": one.next_at / 1_000_000 if state == "waiting" else None,
        "lastDelivery": None if one.delivered_at is None else one.delivered_at / 1_000_000,
        "lastError": one.last_error,
        "deadLetter": letter,
    }


@webhooks.command("remove")
@click.argument("number", metavar="ID")
def remove(*, number: str) -> None:
    """Call a receiver no more."""

    async def work(settings: Settings, databases: Databases) -> None:
        await databases.operations.write(partial(book.remove, number=number))

    run(work)
    click.echo(f"{number} is removed.")


@webhooks.command("resend")
@click.argument("number", metavar="ID")
def resend(*, number: str) -> None:
    """Send a dead letter again, and then what came after it."""

    async def work(settings: Settings, databases: Databases) -> Webhook:
        return await databases.operations.write(partial(book.resend, number=number))

    one = run(work)
    click.echo(f"{number} is called again, at {one.url}.")
