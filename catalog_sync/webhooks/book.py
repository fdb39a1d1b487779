"""The registered webhooks: who is called, up to where they have heard, and what could not be delivered.

The feed is every webhook's queue; a webhook has at most one message under way, so that order is kept. A message that
failed too often becomes a dead letter and stops its webhook until it is sent again: nothing overtakes it.
"""

from collections.abc import Callable
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Row, delete, insert, select, update

from catalog_sync.catalog.keys import AreaKey
from catalog_sync.errors import CatalogError
from catalog_sync.feed.cursors import Cursor, parse_cursor
from catalog_sync.operations import webhook
from catalog_sync.webhooks.schedule import MAX_ATTEMPTS, delay
from catalog_sync.webhooks.signing import new_secret

LEASE_SECONDS = 60
_SECOND = 1_000_000
_columns = webhook.c


class UnknownWebhook(CatalogError):  # noqa: N818 - the wire's word
    """There is no such webhook."""

    code = "UNKNOWN_WEBHOOK"


class Message(Struct, frozen=True):
    """What is under way: its body, and up to where the receiver has heard once it is delivered."""

    id: str
    body: str
    cursor: Cursor


class Webhook(Struct, frozen=True):
    """One receiver. Times are microseconds since 1970, UTC."""

    id: str
    url: str
    area: AreaKey | None
    secret: str
    cursor: Cursor
    message: Message | None
    attempts: int
    next_at: int
    dead_at: int | None
    last_error: str | None
    delivered_at: int | None
    held_until: int


def add(
    connection: Connection,
    url: str,
    *,
    area: AreaKey | None,
    cursor: Cursor,
    random: Callable[[int], bytes],
    now: int,
) -> Webhook:
    """Register a receiver that hears of all behind a cursor; its address was judged before."""
    number = f"wh_{random(8).hex()}"
    row = {"id": number, "url": url, "area": area, "secret": new_secret(random), "cursor": str(cursor)}
    connection.execute(insert(webhook).values(**row, created_at=now))
    return get(connection, number)


def get(connection: Connection, number: str) -> Webhook:
    """One webhook.

    Raises:
        UnknownWebhook: when it is not there.
    """
    row = connection.execute(select(webhook).where(_columns.id == number)).first()
    if row is None:
        raise UnknownWebhook(f"There is no webhook {number}; `verbundhub webhooks list` shows all.")
    return _webhook(row)


def every(connection: Connection) -> list[Webhook]:
    """All webhooks, the oldest first."""
    rows = connection.execute(select(webhook).order_by(_columns.created_at, _columns.id))
    return [_webhook(row) for row in rows]


def remove(connection: Connection, number: str) -> None:
    """Call a receiver no more."""
    get(connection, number)
    connection.execute(delete(webhook).where(_columns.id == number))


def resend(connection: Connection, number: str) -> Webhook:
    """Try at once what waits or is dead."""
    get(connection, number)
    connection.execute(
        update(webhook).where(_columns.id == number).values(dead_at=None, attempts=0, next_at=0)
    )
    return get(connection, number)


def claim(connection: Connection, number: str, holder: str, now: int) -> Webhook | None:
    """Become the one who calls this receiver; None where another does, or where it is not time."""
    mine = (
        update(webhook)
        .where(
            _columns.id == number,
            _columns.dead_at.is_(None),
            _columns.next_at <= now,
            _columns.held_until <= now,
        )
        .values(holder=holder, held_until=now + LEASE_SECONDS * _SECOND)
    )
    return get(connection, number) if connection.execute(mine).rowcount else None


def _write(connection: Connection, number: str, mine: str, /, **values: Any) -> bool:
    """Write as the one who calls; says whether one still is."""
    held = update(webhook).where(_columns.id == number, _columns.holder == mine).values(**values)
    return connection.execute(held).rowcount == 1


def prepare(connection: Connection, number: str, holder: str, message: Message, now: int) -> bool:
    """Keep what is to be sent, before it is: a repeated attempt sends the same under the same id."""
    kept = {"message_id": message.id, "message": message.body, "message_cursor": str(message.cursor)}
    return _write(connection, number, holder, **kept, held_until=now + LEASE_SECONDS * _SECOND)


def release(connection: Connection, number: str, holder: str, cursor: Cursor) -> bool:
    """Nothing more for now; the cursor moves over what does not concern the receiver."""
    return _write(connection, number, holder, cursor=str(cursor), holder=None, held_until=0)


def delivered(connection: Connection, number: str, holder: str, message: Message, now: int) -> bool:
    """The receiver has taken the message."""
    return _write(
        connection,
        number,
        holder,
        cursor=str(message.cursor),
        message_id=None,
        message=None,
        message_cursor=None,
        attempts=0,
        next_at=0,
        last_error=None,
        delivered_at=now,
        held_until=now + LEASE_SECONDS * _SECOND,
    )


def failed(
    connection: Connection,
    held: Webhook,
    holder: str,
    why: str,
    *,
    random: Callable[[int], bytes],
    now: int,
    final: bool = False,
) -> bool:
    """The receiver has not taken it: later again, or a dead letter after the last attempt or a final refusal."""
    attempts = held.attempts + 1
    dead = final or attempts >= MAX_ATTEMPTS
    later = now if dead else now + int(delay(attempts, random) * _SECOND)
    return _write(
        connection,
        held.id,
        holder,
        attempts=attempts,
        next_at=later,
        dead_at=now if dead else None,
        last_error=why,
        holder=None,
        held_until=0,
    )


def _webhook(row: Row[Any]) -> Webhook:
    under_way = None
    if row.message_id is not None:
        under_way = Message(row.message_id, row.message, parse_cursor(row.message_cursor))
    return Webhook(
        id=row.id,
        url=row.url,
        area=None if row.area is None else AreaKey(row.area),
        secret=row.secret,
        cursor=parse_cursor(row.cursor),
        message=under_way,
        attempts=row.attempts,
        next_at=row.next_at,
        dead_at=row.dead_at,
        last_error=row.last_error,
        delivered_at=row.delivered_at,
        held_until=row.held_until,
    )
