"""Calling the registered receivers: each in a task of its own, so that one who is slow or fails delays nobody."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol, TypeVar

import httpx2
import orjson
from sqlalchemy import Connection

from catalog_sync.feed.cursors import Cursor, CursorGone
from catalog_sync.feed.pages import newest, read_page
from catalog_sync.feed.watch import FeedWatch
from catalog_sync.feed.wire import item_on_the_wire
from catalog_sync.webhooks import book
from catalog_sync.webhooks.book import Message, Webhook
from catalog_sync.webhooks.signing import signed_headers

T = TypeVar("T")
_log = logging.getLogger(__name__)

BATCH = 200
_TICK_SECONDS = 1.0
_IDLE_SECONDS = 3.0
_TAKEN = range(200, 300)
_MOVED = range(300, 400)
_GONE = 410


class Store(Protocol):
    """What is needed of the database `operations`."""

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction that may write."""
        ...

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction that only reads."""
        ...


class Reply(Protocol):
    """What a receiver answered."""

    @property
    def status(self) -> int:
        """The HTTP status."""
        ...


class Caller(Protocol):
    """The client for calls to outside, which judges every address; see `hub.egress`."""

    async def send(self, url: str, content: bytes, headers: dict[str, str]) -> Reply:
        """Post some bytes; redirects are not followed."""
        ...


class Sender:
    """Calls receivers. One in each process; a lease in the database lets only one of them call a receiver.

    Args:
        watch: where the feed is, and when it moves on.
        operations: where webhooks are registered.
        caller: makes the calls.
        clock: seconds since 1970, UTC.
        random: that many bytes.
    """

    def __init__(
        self,
        watch: FeedWatch,
        operations: Store,
        caller: Caller,
        clock: Callable[[], float],
        random: Callable[[int], bytes],
    ) -> None:
        self._watch = watch
        self._operations = operations
        self._caller = caller
        self._clock = clock
        self._random = random
        self._holder = random(8).hex()
        self._serving: dict[str, asyncio.Task[None]] = {}
        self._running: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to call."""
        self._running = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Call nobody any more; what was under way is sent again later, under the same id."""
        tasks = [*self._serving.values(), *([self._running] if self._running else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                end, registered = await self.turn()
            except Exception as error:  # noqa: BLE001 - a database that is away comes back
                _log.warning("webhooks can't be read: %s", error)
                registered, end = 0, 0
            if registered:
                await self._watch.beyond(end, _TICK_SECONDS)
            else:
                await asyncio.sleep(_IDLE_SECONDS)

    async def turn(self) -> tuple[int, int]:
        """Start to call whoever has something to hear now; gives the feed's end and how many are registered."""
        registered = await self._operations.read(book.every)
        if not registered:
            return 0, 0
        async with self._watch.catalog.snapshot() as snapshot:
            end = await newest(snapshot)
        now = self._now()
        for one in registered:
            if one.id not in self._serving and _is_due(one, end, now):
                task = asyncio.create_task(self._serve(one.id))
                self._serving[one.id] = task
                task.add_done_callback(partial(self._served, one.id))
        return end.position, len(registered)

    def _served(self, number: str, task: asyncio.Task[None]) -> None:
        del self._serving[number]

    async def idle(self) -> None:
        """Wait until nobody is being called."""
        while self._serving:
            await asyncio.gather(*self._serving.values())

    def _now(self) -> int:
        return int(self._clock() * 1_000_000)

    async def _serve(self, number: str) -> None:
        try:
            held = await self._operations.write(lambda c: book.claim(c, number, self._holder, self._now()))
            while held is not None:
                held = await self._step(held)
        except Exception:  # noqa: BLE001 - the lease ends, and it is tried again
            _log.exception("webhook %s could not be served", number)

    async def _step(self, held: Webhook) -> Webhook | None:
        """Send one message; gives the webhook as it is then, or None where it is not to be called on."""
        message = held.message or await self._next_message(held)
        if message is None:
            return None
        why, final = await self._send(held, message)
        now = self._now()
        if why is not None:
            await self._operations.write(
                lambda c: book.failed(c, held, self._holder, why, random=self._random, now=now, final=final)
            )
            return None

        def told(connection: Connection) -> Webhook | None:
            still = book.delivered(connection, held.id, self._holder, message, now)
            return book.get(connection, held.id) if still else None

        return await self._operations.write(told)

    async def _next_message(self, held: Webhook) -> Message | None:
        """The next changes for a receiver, kept before they are sent; None where there are none."""
        async with self._watch.catalog.snapshot() as snapshot:
            try:
                page = await read_page(snapshot, held.cursor, area=held.area, limit=BATCH)
            except CursorGone:
                cursor = Cursor((await newest(snapshot)).epoch, 0)
                content = self._content("catalog.reset", [], cursor)
            else:
                cursor = page.cursor
                content = self._content("catalog.changed", [item_on_the_wire(i) for i in page.items], cursor)
                if not page.items:
                    await self._operations.write(
                        lambda c: book.release(c, held.id, self._holder, page.cursor)
                    )
                    return None
        message = Message(f"msg_{self._random(12).hex()}", content, cursor)
        now = self._now()
        kept = await self._operations.write(lambda c: book.prepare(c, held.id, self._holder, message, now))
        return message if kept else None

    def _content(self, kind: str, items: list[dict[str, Any]], cursor: Cursor) -> str:
        at = datetime.fromtimestamp(self._clock(), UTC).isoformat()
        data = {"items": items, "next": str(cursor)}
        return orjson.dumps({"type": kind, "timestamp": at, "data": data}).decode()

    async def _send(self, held: Webhook, message: Message) -> tuple[str | None, bool]:
        """Make one attempt; gives why it failed, if it did, and whether the receiver never wants to be called again."""
        body = message.body.encode()
        headers = signed_headers(held.secret, message.id, int(self._clock()), body)
        try:
            reply = await self._caller.send(
                held.url, body, {**headers, "content-type": "application/json", "user-agent": "Verbundhub"}
            )
        except httpx2.HTTPError as error:
            return f"{type(error).__name__}: {error}"[:300], False
        except Exception as error:  # noqa: BLE001 - what never succeeds must become a dead letter too
            _log.exception("webhook %s could not be called", held.id)
            return f"The hub could not call it: {type(error).__name__}."[:300], False
        if reply.status in _TAKEN:
            return None, False
        if reply.status in _MOVED:
            return f"It answered {reply.status}; redirects are not followed.", False
        return f"It answered {reply.status}.", reply.status == _GONE


def _is_due(one: Webhook, end: Cursor, now: int) -> bool:
    if one.dead_at is not None or one.next_at > now or one.held_until > now:
        return False
    return one.message is not None or one.cursor != end
