"""Webhooks through a proxy that breaks what passes: bounded, retried in order, told; the others hear meanwhile."""

import asyncio
import os
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import orjson
import pytest

from catalog_sync.feed.pages import newest
from catalog_sync.feed.watch import FeedWatch
from catalog_sync.webhooks import book
from catalog_sync.webhooks.book import LEASE_SECONDS, Webhook
from catalog_sync.webhooks.schedule import MAX_ATTEMPTS
from catalog_sync.webhooks.sender import Sender
from hub.calling import WebhookCaller
from hub.egress import Egress
from tests.catalog_sync.test_webhooks import Post, catalogue, post, receiver, stored, template
from tests.faults import Drip, Fault, Garbage, HalfClosed, Hang, Lie, Proxy, Reset, Say, Through, proxy

__all__ = ["catalogue", "post", "receiver", "stored", "template"]

NOT_REACHED: dict[str, tuple[Fault, str]] = {
    "hanging": (Hang(), "No answer within 1 s"),
    "reset at connect": (Reset("connect"), ""),
    "500": (Say(500), "It answered 500."),
    "503": (Say(503), "It answered 503."),
    "garbage": (Garbage(), ""),
}
"""Faults before the receiver: it hears of the message once, later."""

NOT_ANSWERED: dict[str, tuple[Fault, str]] = {
    "dripping": (Drip(0.05), "No answer within 1 s"),
    "reset in the head": (Reset("head"), ""),
}
"""Faults of the answer."""

ANSWERED: dict[str, Fault] = {"length too long": Lie(10), "half closed": HalfClosed()}
"""Faults behind the status that says that it was taken."""


@dataclass
class Line:
    """A hub whose webhook `one` goes through a proxy and whose webhook `other` does not."""

    post: Post
    between: Proxy
    one: Webhook
    other: Webhook
    senders: list[Sender] = field(default_factory=list)

    def sender(self, seconds: float = 1.0) -> Sender:
        """One process."""
        egress = Egress([self.between.address, self.post.receiver.address])
        caller = WebhookCaller(egress, seconds=seconds)
        watch = FeedWatch(self.post.catalogue.catalog, every=0.05)
        stores = self.post.databases.operations
        made = Sender(watch, stores, caller, lambda: self.post.now, os.urandom)
        self.senders.append(made)
        return made

    async def turn(self, sender: Sender, after: float = 0) -> None:
        """Let time pass and call whoever is due; in bounded time, whatever the receivers do."""
        await self.post.turn(sender, after)

    async def state(self) -> Webhook:
        return await self.post.get(self.one)

    def heard(self) -> list[tuple[str, list[str]]]:
        """What came through the proxy: each message's id, and the entries that it tells of."""
        found = []
        for headers, body in self.post.receiver.got:
            if headers["host"] == self.between.address:
                items = orjson.loads(body)["data"]["items"]
                found.append((headers["webhook-id"], [item["entryId"].rpartition(".")[2] for item in items]))
        return found

    def heard_by_other(self) -> list[str]:
        told = [body for headers, body in self.post.receiver.got if headers["host"] != self.between.address]
        return [
            item["entryId"].rpartition(".")[2]
            for body in told
            for item in orjson.loads(body)["data"]["items"]
        ]


@pytest.fixture
async def line(post: Post) -> AsyncIterator[Line]:
    async with proxy(int(post.receiver.address.rpartition(":")[2])) as between:
        async with post.catalogue.catalog.snapshot() as snapshot:
            cursor = await newest(snapshot)
        url = f"http://{between.address}/take"
        one = await post.databases.operations.write(
            lambda c: book.add(c, url, area=None, cursor=cursor, random=os.urandom, now=int(post.now * 1e6))
        )
        made = Line(post, between, one, await post.add())
        yield made
        for sender in made.senders:
            await sender.close()


@pytest.mark.parametrize("name", [*NOT_REACHED, *NOT_ANSWERED])
async def test_what_fails_is_tried_again_later_and_the_others_hear_at_once(line: Line, name: str) -> None:
    fault, sentence = (NOT_REACHED | NOT_ANSWERED)[name]
    sender = line.sender()
    line.between.script = [fault]
    await line.post.deliver("1")
    await line.turn(sender)
    failed = await line.state()
    assert (failed.attempts, failed.dead_at, failed.delivered_at) == (1, None, None)
    assert sentence in (failed.last_error or "-")
    assert failed.last_error
    assert 2.5 <= failed.next_at / 1e6 - line.post.now <= 5
    assert line.heard_by_other() == ["1"]
    await line.post.deliver("2")
    await line.turn(sender)
    assert len(line.between.met) == 1  # it is not time yet, and nothing overtakes what waits
    assert line.heard_by_other() == ["1", "2"]
    await line.turn(sender, after=6)
    healed = await line.state()
    assert (healed.attempts, healed.last_error, healed.message) == (0, None, None)
    twice = 1 + (name in NOT_ANSWERED)
    messages = line.heard()
    assert [told for _, told in messages] == [["1"]] * twice + [["2"]]
    assert len({number for number, told in messages if told == ["1"]}) == 1  # a copy says that it is one


@pytest.mark.parametrize("name", ANSWERED)
async def test_a_status_that_says_taken_counts_whatever_comes_after_it(line: Line, name: str) -> None:
    sender = line.sender()
    line.post.receiver.answers = [200]
    line.between.script = [ANSWERED[name]]
    await line.post.deliver("1")
    await line.turn(sender)
    now = await line.state()
    assert (now.attempts, now.message, now.delivered_at) == (0, None, int(line.post.now * 1e6))
    assert [told for _, told in line.heard()] == [["1"]]


async def test_a_dead_letter_is_told_and_goes_out_under_its_id_when_it_is_sent_again(line: Line) -> None:
    sender = line.sender()
    line.between.fault = Reset("head")
    await line.post.deliver("1")
    for _ in range(MAX_ATTEMPTS + 2):
        await line.turn(sender, after=13 * 3600)
    assert len(line.between.met) == MAX_ATTEMPTS
    (listed,) = [
        one for one in await line.post.databases.operations.read(book.every) if one.id == line.one.id
    ]
    assert (listed.dead_at, listed.attempts) == (listed.next_at, MAX_ATTEMPTS)
    assert listed.last_error
    line.between.fault = Through()
    await line.post.deliver("2")
    await line.turn(sender, after=13 * 3600)
    assert len(line.between.met) == MAX_ATTEMPTS  # healed, but it is for a person to say so
    assert line.heard_by_other() == ["1", "2"]
    await line.post.databases.operations.write(lambda c: book.resend(c, line.one.id))
    await line.turn(sender)
    numbers = {number for number, told in line.heard() if told == ["1"]}
    assert (len(numbers), [told for _, told in line.heard()][-2:]) == (1, [["1"], ["2"]])
    assert (await line.state()).dead_at is None


async def test_one_that_hangs_for_long_delays_nobody_and_hears_later_from_the_next_process(
    line: Line,
) -> None:
    sender = line.sender(seconds=60)
    line.between.script = [Hang()]
    await line.post.deliver("1")
    await sender.turn()
    async with asyncio.timeout(10):
        while line.heard_by_other() != ["1"]:  # noqa: ASYNC110 - the receiver is another program
            await asyncio.sleep(0.01)
        while (await line.state()).message is None:  # noqa: ASYNC110 - it hangs once it is written down
            await asyncio.sleep(0.01)
    await sender.close()
    heir = line.sender()
    await line.turn(heir)
    assert line.heard() == []
    await line.turn(heir, after=LEASE_SECONDS + 1)
    assert [told for _, told in line.heard()] == [["1"]]


@pytest.mark.parametrize("seed", range(3))
async def test_through_any_faults_all_is_heard_in_order(line: Line, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - a test's dice
    faults: list[Fault] = [fault for fault, _ in (NOT_REACHED | NOT_ANSWERED).values()]
    faults += [*ANSWERED.values(), Reset("body"), Through()]
    quick: list[Fault] = [fault for fault in faults if not isinstance(fault, Hang | Drip)]
    sender = line.sender()
    names = [str(number) for number in range(8)]
    line.between.script = [dice.choice(quick) for _ in range(12)] + [dice.choice(faults)]
    for name in names:
        await line.post.deliver(name)
        await line.turn(sender, after=dice.choice([0, 3, 30]))
    for _ in range(MAX_ATTEMPTS):
        await line.turn(sender, after=13 * 3600)
    first: dict[str, list[str]] = {}
    for number, told in line.heard():
        assert first.setdefault(number, told) == told
    assert [name for told in first.values() for name in told] == names
    order = [number for number, _ in line.heard()]
    assert order == sorted(order, key=list(first).index)  # a copy comes before what follows
    assert line.heard_by_other() == names
