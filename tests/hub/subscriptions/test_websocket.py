"""graphql-transport-ws, message by message and close code by close code."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from tests.catalogues import BUSINESS, HUB, IDENTITY_CARD, WETZLAR
from tests.hub.subscriptions.conftest import Served
from tests.makers import authority, message, rule, service

Json = dict[str, Any]
ALL = "subscription { catalogChanges { entryId action cursor } }"
SOLMS = "065320021021"


class Client:
    """One connection, as a program has it."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def say(self, **told: Any) -> None:
        await self.socket.send(orjson.dumps(told).decode())

    async def hear(self) -> Json:
        heard: Json = orjson.loads(await asyncio.wait_for(self.socket.recv(), 5))
        return heard

    async def begin(self, **payload: Any) -> None:
        await self.say(type="connection_init", payload=payload)
        assert await self.hear() == {"type": "connection_ack"}

    async def subscribe(self, query: str, id: str = "1", **variables: Any) -> None:
        await self.say(id=id, type="subscribe", payload={"query": query, "variables": variables})

    async def closed(self) -> int:
        """The code with which the hub closes."""
        with contextlib.suppress(ConnectionClosed):
            while True:
                await asyncio.wait_for(self.socket.recv(), 5)
        return self.socket.close_code or 0


@asynccontextmanager
async def client(
    served: Served, protocol: str | None = "graphql-transport-ws", **headers: str
) -> AsyncIterator[Client]:
    protocols = [Subprotocol(protocol)] if protocol else None
    async with connect(served.ws, subprotocols=protocols, additional_headers=headers) as socket:
        yield Client(socket)


def told(heard: Json) -> tuple[str, str]:
    change = heard["payload"]["data"]["catalogChanges"]
    return change["entryId"], change["action"]


async def test_changes_are_told_as_they_are_committed(served: Served) -> None:
    await served.catalogue.deliver("hessen", message(writes=[service("0")]))
    async with client(served) as portal:
        assert portal.socket.subprotocol == "graphql-transport-ws"
        await portal.begin()
        await portal.subscribe(ALL)
        await served.followed(1)
        await served.catalogue.deliver("hessen", message(writes=[service("1"), authority("7")]))
        heard = [await portal.hear(), await portal.hear()]
        assert [told(one) for one in heard] == [("L100042.LB.1", "ADDED"), ("L100042.OE.7", "ADDED")]
        assert {(one["id"], one["type"]) for one in heard} == {("1", "next")}


async def test_an_area_hears_of_what_concerns_it(served: Served) -> None:
    async with client(served) as portal:
        await portal.begin()
        await portal.subscribe(
            "subscription($a: Ars) { catalogChanges(area: $a) { entryId action } }", a=WETZLAR
        )
        await served.followed(1)
        await served.catalogue.deliver(
            "hessen", message(writes=[service("1", areas=[SOLMS]), service("2", areas=["06532"])])
        )
        assert told(await portal.hear()) == ("L100042.LB.2", "ADDED")


async def test_services_hear_of_their_descriptions_their_rules_and_who_is_named_there(served: Served) -> None:
    query = "subscription($k: [LeikaKey!]) { catalogChanges(services: $k) { entryId action } }"
    async with client(served) as portal:
        await portal.begin()
        await portal.subscribe(query, k=[IDENTITY_CARD])
        await served.followed(1)
        writes = [
            service("1", IDENTITY_CARD),
            service("2", BUSINESS),
            authority("7"),
            authority("8"),
            rule("9", "7", "1"),
            rule("10", "8", "2"),
        ]
        await served.catalogue.deliver("hessen", message(writes=writes))
        heard = {told(await portal.hear())[0] for _ in range(3)}
        assert heard == {"L100042.LB.1", "L100042.OE.7", "L100042.ZS.9"}


async def test_one_goes_on_behind_a_cursor_without_missing_anything(served: Served) -> None:
    await served.catalogue.deliver("hessen", message(writes=[service("1"), service("2"), service("3")]))
    found = await served.catalogue.ask("{ changes(first: 1) { pageInfo { endCursor } } }")
    query = "subscription($c: ChangeCursor) { catalogChanges(after: $c) { entryId action } }"
    async with client(served) as portal:
        await portal.begin()
        await portal.subscribe(query, c=found["changes"]["pageInfo"]["endCursor"])
        assert [told(await portal.hear())[0] for _ in range(2)] == ["L100042.LB.2", "L100042.LB.3"]


async def test_a_query_is_answered_and_completed(served: Served) -> None:
    async with client(served) as portal:
        await portal.begin()
        await portal.subscribe("{ sources { key } }")
        assert (await portal.hear())["payload"]["data"]["sources"][0] == {"key": "bund"}
        assert await portal.hear() == {"id": "1", "type": "complete"}


async def test_a_document_that_nobody_knows_ends_its_operation_and_not_the_connection(served: Served) -> None:
    async with client(served) as portal:
        await portal.begin()
        for number, named in enumerate(
            ({"documentId": "x"}, {"extensions": {"persistedQuery": {"version": 2}}})
        ):
            await portal.say(id=str(number), type="subscribe", payload=named)
            heard = await portal.hear()
            assert (heard["id"], heard["type"]) == (str(number), "error")
            assert heard["payload"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_SUPPORTED"
        await portal.subscribe("{ sources { key } }")
        assert (await portal.hear())["type"] == "next"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("subscription { nothing }", "BAD_DOCUMENT"),
        ("subscription {", "BAD_SYNTAX"),
        ('subscription { catalogChanges(area: "6") { entryId } }', "BAD_ARS"),
        ("subscription { catalogChanges(services: []) { entryId } }", "BAD_SERVICES"),
        ('subscription { catalogChanges(after: "YWJjOjE") { entryId } }', "CURSOR_GONE"),
    ],
)
async def test_a_wrong_operation_hears_why_and_the_connection_lives(
    served: Served, query: str, code: str
) -> None:
    async with client(served) as portal:
        await portal.begin()
        await portal.subscribe(query)
        heard = await portal.hear()
        assert (heard["id"], heard["type"], heard["payload"][0]["extensions"]["code"]) == ("1", "error", code)
        await portal.say(type="ping", payload={"n": 1})
        assert await portal.hear() == {"type": "pong", "payload": {"n": 1}}


async def test_one_who_completes_is_told_nothing_more_and_the_id_is_free(served: Served) -> None:
    async with client(served) as portal:
        await portal.begin()
        await portal.subscribe(ALL)
        await served.followed(1)
        await portal.say(id="1", type="complete")
        await served.followed(0)
        await served.catalogue.deliver("hessen", message(writes=[service("1")]))
        await portal.subscribe("{ __typename }")
        assert (await portal.hear())["payload"] == {"data": {"__typename": "Query"}}


async def test_when_the_client_is_gone_nobody_follows(served: Served) -> None:
    async with client(served) as portal:
        await portal.begin()
        await portal.subscribe(ALL)
        await served.followed(1)
    await served.followed(0)


@pytest.mark.parametrize("protocol", ["graphql-ws", None])
async def test_the_legacy_protocol_and_none_are_refused(served: Served, protocol: str | None) -> None:
    async with connect(served.ws, subprotocols=[Subprotocol(protocol)] if protocol else None) as socket:
        assert await Client(socket).closed() == 4406


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ('{"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }"}}', 4401),
        ("no json", 4400),
        ("[]", 4400),
        ('{"type": "start"}', 4400),
        ('{"type": "connection_init", "payload": 3}', 4400),
        ('{"type": "connection_init", "payload": {"Authorization": "Bearer bad"}}', 4403),
        ('{"type": "connection_init", "payload": {"Authorization": "good"}}', 4403),
        ('"' + "x" * 300_000 + '"', 1009),
        (b"{}", 4400),
    ],
)
async def test_a_wrong_beginning_closes_with_its_code(served: Served, told: str | bytes, code: int) -> None:
    async with client(served) as portal:
        await portal.socket.send(told)
        assert await portal.closed() == code


async def test_one_who_says_nothing_is_closed(served: Served) -> None:
    async with client(served) as portal:
        assert await portal.closed() == 4408


async def test_two_beginnings_are_one_too_many(served: Served) -> None:
    async with client(served) as portal:
        await portal.begin()
        await portal.say(type="connection_init")
        assert await portal.closed() == 4429


@pytest.mark.parametrize(
    "told",
    [
        {"id": "", "type": "subscribe", "payload": {"query": "{ __typename }"}},
        {"id": "2", "type": "subscribe"},
        {"id": "2", "type": "subscribe", "payload": {"query": 3}},
        {"id": "2", "type": "next"},
    ],
)
async def test_a_wrong_message_closes(served: Served, told: Json) -> None:
    async with client(served) as portal:
        await portal.begin()
        await portal.say(**told)
        assert await portal.closed() == 4400


async def test_an_id_in_use_closes(served: Served) -> None:
    async with client(served) as portal:
        await portal.begin()
        await portal.subscribe(ALL)
        await portal.subscribe(ALL)
        assert await portal.closed() == 4409


async def test_a_connection_runs_twenty_operations_and_no_more(served: Served) -> None:
    async with client(served) as portal:
        await portal.begin()
        for number in range(21):
            await portal.subscribe(ALL, str(number))
        heard = await portal.hear()
        assert (heard["id"], heard["type"]) == ("20", "error")
        assert heard["payload"][0]["extensions"]["code"] == "TOO_MANY_OPERATIONS"


async def test_too_many_connections_are_sent_away(served: Served) -> None:
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(5):
            await stack.enter_async_context(client(served))
        one_more = await stack.enter_async_context(client(served))
        assert await one_more.closed() == 1013


VIEWER = "{ viewer { subject { id } } }"


async def who(portal: Client) -> Any:
    await portal.subscribe(VIEWER)
    return (await portal.hear())["payload"]["data"]["viewer"]


async def test_who_asks_is_known_by_a_token_in_payload_or_header(served: Served) -> None:
    async with client(served) as portal:
        await portal.begin(Authorization="Bearer good")
        assert await who(portal) == {"subject": {"id": "by-token"}}
    async with client(served, Authorization="Bearer good") as portal:
        await portal.begin()
        assert await who(portal) == {"subject": {"id": "by-token"}}


async def test_a_cookie_counts_on_the_hubs_own_pages_only(served: Served) -> None:
    for origin, viewer in ((HUB, {"subject": {"id": "by-cookie"}}), ("https://evil.example", None)):
        async with client(served, Origin=origin, Cookie="session=secret") as portal:
            await portal.begin()
            assert await who(portal) == viewer
    async with client(served, Cookie="session=secret") as portal:
        await portal.begin()
        assert await who(portal) is None


async def test_a_token_that_is_taken_back_ends_the_connection_before_the_next_change(served: Served) -> None:
    async with client(served) as portal:
        await portal.begin(Authorization="Bearer good")
        await portal.subscribe(ALL)
        await served.followed(1)
        served.viewers.tokens.clear()
        await served.catalogue.deliver("hessen", message(writes=[service("1")]))
        assert await portal.closed() == 4403
