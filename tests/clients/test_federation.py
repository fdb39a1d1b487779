"""The hub as a subgraph: composed with a portal's graph by both composers, and asked through a gateway."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from schema.federation import subgraph_sdl
from tests.catalogues import BUSINESS, IDENTITY_CARD, WETZLAR
from tests.clients.conftest import RunningHub
from tests.clients.programs import HERE, asked, listening, told_by

PORTAL = (HERE / "federation" / "portal.graphql").read_text(encoding="utf-8")
COMPOSERS = ("apollo", "guild")
APPOINTMENTS = [
    {
        "id": str(number),
        "at": f"2026-03-0{number}T09:00",
        "city": "Wetzlar",
        "ars": WETZLAR,
        "leikaKey": key,
        "entryId": f"L100042.OE.{office}",
    }
    for number, (key, office) in enumerate(
        [
            (IDENTITY_CARD, "buergerbuero"),
            (IDENTITY_CARD, "buergerbuero"),
            (BUSINESS, "gewerbeamt"),
            (BUSINESS, "nobody-knows-it"),
        ],
        1,
    )
]


def composed(hub: str, portal: str, hub_sdl: str | None = None, portal_sdl: str = PORTAL) -> Any:
    """What both composers say."""
    subgraphs = [
        {"name": "hub", "url": hub, "sdl": subgraph_sdl() if hub_sdl is None else hub_sdl},
        {"name": "portal", "url": portal, "sdl": portal_sdl},
    ]
    return told_by("federation/compose.mjs", json.dumps(subgraphs))


@pytest.fixture(scope="module")
def portal() -> Iterator[str]:
    with listening("federation/portal.mjs", environ={"APPOINTMENTS": json.dumps(APPOINTMENTS)}) as address:
        yield address


@pytest.fixture(scope="module", params=COMPOSERS)
def gateway(request: pytest.FixtureRequest, hub: RunningHub, portal: str) -> Iterator[str]:
    """A gateway over the supergraph of each composer."""
    sdl = asked(hub.graph, "{ _service { sdl } }")["data"]["_service"]["sdl"]
    supergraph = composed(hub.graph, portal, sdl)[request.param]["supergraph"]
    with listening("federation/gateway.mjs", supergraph) as address:
        yield address


def test_both_composers_take_the_hub_beside_a_portal_without_a_word() -> None:
    told = composed("http://hub.example/graphql", "http://portal.example/graphql")
    for composer in COMPOSERS:
        assert told[composer]["errors"] == []
        assert told[composer]["hints"] == []
        assert "appointments(first: Int = 3)" in told[composer]["supergraph"]


def test_a_portal_that_claims_a_field_of_the_hub_is_told_by_both_composers() -> None:
    claiming = PORTAL.replace("leikaKey: LeikaKey!\n", "leikaKey: LeikaKey!\n  title: String!\n", 1)
    told = composed("http://hub.example/", "http://portal.example/", portal_sdl=claiming)
    assert all("Service.title" in "".join(told[composer]["errors"]) for composer in COMPOSERS)


@pytest.mark.parametrize(
    ("type_name", "key"),
    [
        (name, key)
        for name, other in {
            "Service": "leikaKey",
            "Area": "ars",
            "Authority": "entryId",
            "OnlineService": "entryId",
        }.items()
        for key in ("id", other)
    ],
)
def test_every_entity_can_be_named_by_each_of_its_keys(type_name: str, key: str) -> None:
    scalar = {"id": "ID", "leikaKey": "LeikaKey", "ars": "Ars", "entryId": "EntryId"}[key]
    declared = "" if scalar == "ID" else f"scalar {scalar}\n"
    other = f"""extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key"])
        {declared}type Query {{ mine: Mine! }} type Mine {{ of: {type_name}! }}
        type {type_name} @key(fields: "{key}", resolvable: false) {{ {key}: {scalar}! }}"""
    told = composed("http://hub.example/", "http://portal.example/", portal_sdl=other)
    assert [told[composer]["errors"] for composer in COMPOSERS] == [[], []]


def test_a_gateway_joins_the_portals_appointments_to_the_hubs_services(gateway: str) -> None:
    query = """query($key: LeikaKey!, $area: Ars!) { service(leikaKey: $key) { title
        responsibilities(area: $area) { authority { name waitingMinutes } }
        appointments { at place { name } authority { name } } } }"""
    answer = asked(gateway, query, key=IDENTITY_CARD, area=WETZLAR)
    assert "errors" not in answer
    at = {"place": {"name": "Wetzlar"}, "authority": {"name": "Bürgerbüro Wetzlar"}}
    assert answer["data"]["service"] == {
        "title": "Personalausweis Ausstellung",
        "responsibilities": [{"authority": {"name": "Bürgerbüro Wetzlar", "waitingMinutes": 12}}],
        "appointments": [{"at": "2026-03-01T09:00", **at}, {"at": "2026-03-02T09:00", **at}],
    }


def test_a_gateway_begins_at_the_portal_and_asks_the_hub_for_names(gateway: str) -> None:
    query = (
        """{ freeAppointments(city: "Wetzlar") { id service { title } place { name ancestors { name } } } }"""
    )
    answer = asked(gateway, query)
    assert "errors" not in answer
    assert [one["service"]["title"] for one in answer["data"]["freeAppointments"]] == [
        *["Personalausweis Ausstellung"] * 2,
        *["Gewerbe Anmeldung"] * 2,
    ]
    assert answer["data"]["freeAppointments"][0]["place"]["ancestors"][-1] == {"name": "Deutschland"}


def test_an_authority_that_the_hub_does_not_have_is_the_portals_alone(gateway: str) -> None:
    query = (
        """{ freeAppointments(city: "Wetzlar") { id authority { entryId openingHours waitingMinutes } } }"""
    )
    answer = asked(gateway, query)
    assert [one["authority"]["waitingMinutes"] for one in answer["data"]["freeAppointments"]] == [12] * 4


def test_the_hub_tells_a_composer_the_schema_that_is_checked_in(hub: RunningHub) -> None:
    told = asked(hub.graph, "{ _service { sdl } }")["data"]["_service"]["sdl"]
    printed = (Path(__file__).parents[2] / "schema" / "schema.graphql").read_text(encoding="utf-8")
    assert told.startswith(printed.partition("type PageInfo")[0])
    assert 'extend type Service @key(fields: "id") @key(fields: "leikaKey")' in told
