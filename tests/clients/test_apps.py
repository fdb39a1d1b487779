"""Clients from npm and PyPI against a running hub: as they come, with the settings that their pages name."""

import json
import subprocess
from typing import Any

import pytest
from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXTransport
from gql.transport.websockets import WebsocketsTransport

from tests.catalogues import IDENTITY_CARD, WETZLAR
from tests.clients.conftest import RunningHub
from tests.clients.programs import HERE, asked, node, told_by
from tests.makers import message, service

PAGE = """query Page($key: LeikaKey!, $area: Ars!) {
  service(leikaKey: $key) { id leikaKey title responsibilities(area: $area) { id role authority { id name } } } }"""
VARIABLES = {"key": IDENTITY_CARD, "area": WETZLAR}


def expected(hub: RunningHub) -> Any:
    """What a plain request gets."""
    answer = asked(hub.graph, PAGE, **VARIABLES)
    assert answer["data"]["service"]["responsibilities"][0]["authority"]["name"] == "Bürgerbüro Wetzlar"
    return answer["data"]


@pytest.mark.parametrize("name", ["urql", "apollo", "request"])
def test_a_client_asks_by_post_and_by_get_and_is_told_what_is_wrong(hub: RunningHub, name: str) -> None:
    told = told_by(f"apps/{name}.mjs", "", hub.graph)
    assert told["errors"] == [None, None]
    assert told["data"] == [expected(hub)] * 2
    assert told["code"] == "BAD_LEIKA_KEY"


def test_a_normalising_cache_keeps_each_entity_by_its_id(hub: RunningHub) -> None:
    kept = told_by("apps/apollo.mjs", "", hub.graph)["kept"]
    assert [name.partition(":")[0] for name in kept] == [
        "Authority",
        "ROOT_QUERY",
        "Responsibility",
        "Service",
    ]


def test_streams_reach_graphql_ws_and_graphql_sse(hub: RunningHub) -> None:
    program = subprocess.Popen(
        [node(), str(HERE / "apps" / "streams.mjs"), hub.graph],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert program.stderr is not None
        assert program.stderr.readline() == "ready\n"
        told = _told_of_a_change(hub, program)
    finally:
        program.kill()
        program.communicate()
    assert told["data"] == [expected(hub)] * 2
    assert {one["action"] for one in told["changes"]} <= {"ADDED", "CHANGED"}
    assert all(one["entryId"].startswith("L100042.LB.streamed") for one in told["changes"])


def _told_of_a_change(hub: RunningHub, program: "subprocess.Popen[str]") -> Any:
    """Let things change until both subscriptions, which may begin a little later, have heard of one."""
    for number in range(30):
        writes = [service(f"streamed-{number}", "99115005104000", title="Wohnsitz anmelden")]
        hub.deliver(message(writes=writes))
        try:
            told, _ = program.communicate(timeout=1)
        except subprocess.TimeoutExpired:
            continue
        return json.loads(told)
    raise AssertionError("no change was told")


async def test_pythons_gql_asks_over_http_and_is_told_what_is_wrong(hub: RunningHub) -> None:
    client = Client(transport=HTTPXTransport(url=hub.graph), fetch_schema_from_transport=False)
    query = gql(PAGE)
    query.variable_values = VARIABLES
    with client as session:
        assert session.execute(query) == expected(hub)
        query.variable_values = {**VARIABLES, "key": "1"}
        with pytest.raises(TransportQueryError, match="14 digits"):
            session.execute(query)


async def test_pythons_gql_reads_the_schema_and_streams_over_websocket(hub: RunningHub) -> None:
    address = hub.graph.replace("http", "ws")
    async with Client(
        transport=WebsocketsTransport(url=address), fetch_schema_from_transport=True
    ) as session:
        assert session.client.schema is not None
        assert "Service" in session.client.schema.type_map
        query = gql("query($ars: Ars!) { area(ars: $ars) { name } }")
        query.variable_values = {"ars": WETZLAR}
        assert await session.execute(query) == {"area": {"name": "Wetzlar"}}
