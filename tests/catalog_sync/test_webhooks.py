"""Webhooks: signed, in order, retried, dead-lettered, and never where they must not go."""

import asyncio
import base64
import hashlib
import hmac
import os
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2
import orjson
import pytest
import uvicorn
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from catalog_sync.catalog.keys import parse_ars
from catalog_sync.feed.pages import newest
from catalog_sync.feed.watch import FeedWatch
from catalog_sync.webhooks import book
from catalog_sync.webhooks.book import Webhook
from catalog_sync.webhooks.schedule import MAX_ATTEMPTS, delay
from catalog_sync.webhooks.sender import Sender
from catalog_sync.webhooks.signing import signed_headers
from hub.calling import WebhookCaller
from hub.egress import Egress, EgressRefusedError
from tests.catalogues import WETZLAR, Catalogue, catalogue, stored, template
from tests.conftest import Databases
from tests.makers import message, service

__all__ = ["catalogue", "stored", "template"]

NOON = 1_772_449_200.0


@dataclass
class Receiver:
    """A program that is called, in ways that a test decides."""

    address: str = ""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: Request) -> Response:
        self.got.append((dict(request.headers), await request.body()))
        return Response(status_code=self.answers.pop(0) if self.answers else 204)

    async def hang(self, request: Request) -> Response:
        await self.released.wait()
        return Response(status_code=204)

    async def redirect(self, request: Request) -> Response:
        return Response(status_code=307, headers={"location": f"http://{self.address}/take"})

    def told(self) -> list[str]:
        """The entries that it heard of, message by message."""
        return [i["entryId"] for _, body in self.got for i in orjson.loads(body)["data"]["items"]]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    paths = ((f"/{work.__name__}", work) for work in (made.take, made.hang, made.redirect))
    app = Starlette(routes=[Route(path, work, methods=["POST"]) for path, work in paths])
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        made.address = "{}:{}".format(*listening.getsockname())
        yield made
        made.released.set()
        server.should_exit = True
        await running


@dataclass
class Post:
    """A hub's sender with a clock that stands, and its webhooks."""

    catalogue: Catalogue
    databases: Databases
    receiver: Receiver
    now: float = NOON
    senders: list[Sender] = field(default_factory=list)

    def sender(self, *, allowed: bool = True) -> Sender:
        """One more process."""
        egress = Egress([self.receiver.address] if allowed else [], seconds=1.0)
        watch = FeedWatch(self.catalogue.catalog, every=0.05)
        caller = WebhookCaller(egress, seconds=1.0)
        made = Sender(watch, self.databases.operations, caller, lambda: self.now, os.urandom)
        self.senders.append(made)
        return made

    async def add(self, path: str = "take", area: str | None = None) -> Webhook:
        async with self.catalogue.catalog.snapshot() as snapshot:
            cursor = await newest(snapshot)
        url = f"http://{self.receiver.address}/{path}"
        key = None if area is None else parse_ars(area)
        return await self.databases.operations.write(
            lambda c: book.add(c, url, area=key, cursor=cursor, random=os.urandom, now=int(self.now * 1e6))
        )

    async def get(self, one: Webhook) -> Webhook:
        return await self.databases.operations.read(lambda c: book.get(c, one.id))

    async def turn(self, sender: Sender, after: float = 0) -> None:
        """Let time pass, and everybody who is due be called."""
        self.now += after
        await sender.turn()
        await asyncio.wait_for(sender.idle(), 10)

    async def deliver(self, *names: str, **more: Any) -> None:
        await self.catalogue.deliver("hessen", message(writes=[service(name, **more) for name in names]))


@pytest.fixture
def post(stored: Catalogue, databases: Databases, receiver: Receiver) -> Post:
    return Post(stored, databases, receiver)


async def test_changes_since_registration_are_sent_signed_once(post: Post) -> None:
    await post.deliver("0")
    one, sender = await post.add(), post.sender()
    await post.turn(sender)
    assert post.receiver.got == []
    await post.deliver("1", "2")
    await post.turn(sender)
    await post.turn(sender, after=3600)
    ((headers, body),) = post.receiver.got
    content = orjson.loads(body)
    assert (content["type"], [item["position"] for item in content["data"]["items"]]) == (
        "catalog.changed",
        [2, 3],
    )
    assert post.receiver.told() == ["L100042.LB.1", "L100042.LB.2"]
    key = base64.b64decode(one.secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert int(headers["webhook-timestamp"]) == int(NOON)
    assert headers["content-type"] == "application/json"


def test_the_signature_is_that_of_the_schemes_own_example() -> None:
    """The example of the standard-webhooks specification's reference libraries."""
    headers = signed_headers(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


async def test_an_area_hears_of_what_concerns_it(post: Post) -> None:
    await post.add(area=WETZLAR)
    sender = post.sender()
    await post.deliver("1", areas=["065310000000"])
    await post.deliver("2", areas=["065320000000"])
    await post.turn(sender)
    assert post.receiver.told() == ["L100042.LB.2"]


async def test_what_failed_is_sent_again_under_the_same_id_and_nothing_overtakes_it(post: Post) -> None:
    one, sender = await post.add(), post.sender()
    post.receiver.answers = [500, 503]
    await post.deliver("1")
    await post.turn(sender)
    await post.deliver("2")
    await post.turn(sender, after=1)  # it is not time yet
    assert len(post.receiver.got) == 1
    await post.turn(sender, after=5)
    await post.turn(sender, after=20)
    ids = [headers["webhook-id"] for headers, _ in post.receiver.got]
    assert ids[0] == ids[1] == ids[2] != ids[3]
    assert post.receiver.got[0][1] == post.receiver.got[2][1]
    assert post.receiver.told() == ["L100042.LB.1"] * 3 + ["L100042.LB.2"]
    now = await post.get(one)
    assert (now.attempts, now.last_error, now.message) == (0, None, None)


async def test_a_message_that_always_fails_is_a_dead_letter_until_it_is_sent_again(post: Post) -> None:
    one, sender = await post.add(), post.sender()
    post.receiver.answers = [500] * MAX_ATTEMPTS
    await post.deliver("1")
    for _ in range(MAX_ATTEMPTS + 3):
        await post.turn(sender, after=13 * 3600)
    assert len(post.receiver.got) == MAX_ATTEMPTS
    dead = await post.get(one)
    assert dead.dead_at is not None
    assert dead.last_error == "It answered 500."
    await post.deliver("2")
    await post.turn(sender)
    assert len(post.receiver.got) == MAX_ATTEMPTS
    await post.databases.operations.write(lambda c: book.resend(c, one.id))
    await post.turn(sender)
    assert post.receiver.told()[-2:] == ["L100042.LB.1", "L100042.LB.2"]
    assert (await post.get(one)).dead_at is None


async def test_a_receiver_that_says_gone_is_called_no_more(post: Post) -> None:
    one, sender = await post.add(), post.sender()
    post.receiver.answers = [410]
    await post.deliver("1")
    await post.turn(sender)
    assert (await post.get(one)).dead_at is not None


async def test_a_receiver_that_hangs_delays_nobody_else(post: Post) -> None:
    slow, quick = await post.add("hang"), await post.add()
    sender = post.sender()
    await post.deliver("1")
    await sender.turn()
    async with asyncio.timeout(0.9):
        while not post.receiver.got:  # noqa: ASYNC110 - the receiver is another program
            await asyncio.sleep(0.01)
    await asyncio.wait_for(sender.idle(), 10)
    assert (await post.get(quick)).delivered_at is not None
    hung = await post.get(slow)
    assert (hung.attempts, hung.delivered_at) == (1, None)
    assert "No answer" in (hung.last_error or "")


async def test_redirects_are_not_followed(post: Post) -> None:
    one, sender = await post.add("redirect"), post.sender()
    await post.deliver("1")
    await post.turn(sender)
    assert post.receiver.got == []
    assert (await post.get(one)).last_error == "It answered 307; redirects are not followed."


async def test_an_address_of_the_own_network_is_refused_at_every_send(post: Post) -> None:
    one, sender = await post.add(), post.sender(allowed=False)
    await post.deliver("1")
    await post.turn(sender)
    assert post.receiver.got == []
    assert "EgressRefusedError" in ((await post.get(one)).last_error or "")


async def public(host: str, port: int) -> list[str]:
    return {"inside.example": ["10.0.0.1"], "mixed.example": ["93.184.216.34", "::1"]}.get(
        host, ["93.184.216.34"]
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://inside.example/x",
        "https://mixed.example/x",
        "http://receiver.example/x",
        "https://user:secret@receiver.example/x",
        "ftp://receiver.example/x",
        "https://",
        "nothing",
    ],
)
async def test_a_wrong_address_is_refused_at_registration(url: str) -> None:
    egress = Egress(resolve=public)
    with pytest.raises((EgressRefusedError, httpx2.HTTPError)):
        await WebhookCaller(egress).check(url)
    await WebhookCaller(egress).check("https://receiver.example/x")
    await egress.aclose()


async def test_of_several_processes_one_sends(post: Post) -> None:
    await post.add()
    senders = [post.sender() for _ in range(4)]
    await post.deliver("1")
    await asyncio.gather(*(post.turn(sender) for sender in senders))
    assert post.receiver.told() == ["L100042.LB.1"]


async def test_when_a_process_dies_another_goes_on_after_its_lease(post: Post) -> None:
    one = await post.add()
    await post.deliver("1")
    held = await post.databases.operations.write(lambda c: book.claim(c, one.id, "dead", int(post.now * 1e6)))
    assert held is not None
    sender = post.sender()
    await post.turn(sender, after=30)
    assert post.receiver.got == []
    await post.turn(sender, after=31)
    assert post.receiver.told() == ["L100042.LB.1"]


async def test_a_catalogue_made_anew_is_told_as_such(post: Post) -> None:
    await post.deliver("0")
    await post.add()
    sender = post.sender()
    await post.catalogue.catalog.write(lambda c: c.execute(text("UPDATE state SET epoch = 'other'")) and None)
    await post.turn(sender)
    kinds = [orjson.loads(body)["type"] for _, body in post.receiver.got]
    assert kinds == ["catalog.reset", "catalog.changed"]
    assert post.receiver.told() == ["L100042.LB.0"]


async def test_a_sender_that_runs_is_woken_by_a_commit(post: Post) -> None:
    await post.add()
    sender = post.sender()
    sender.start()
    await asyncio.sleep(0.2)
    await post.deliver("1")
    async with asyncio.timeout(5):
        while not post.receiver.got:  # noqa: ASYNC110 - the receiver is another program
            await asyncio.sleep(0.02)
    await sender.close()


@pytest.mark.parametrize(("chance", "share"), [(b"\x00" * 4, 0.5), (b"\xff" * 4, 1.0)])
def test_each_pause_is_longer_than_the_one_before_up_to_half_a_day(chance: bytes, share: float) -> None:
    def random(size: int) -> bytes:
        return chance

    fixed: Callable[[int], bytes] = random
    pauses = [delay(attempt, fixed) for attempt in range(1, MAX_ATTEMPTS)]
    assert pauses[0] == pytest.approx(5 * share)
    assert pauses == sorted(pauses)
    assert pauses[-1] == pytest.approx(12 * 3600 * share)
