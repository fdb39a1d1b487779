"""Entities of Apollo Federation: what a gateway names by keys, all of a request at once."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resolvers.entities import MAX_REPRESENTATIONS, representation_of
from resolvers.identifiers import global_id
from tests.catalogues import IDENTITY_CARD, WETZLAR, Catalogue
from tests.makers import Name, authority, message, online_service, service

QUERY = """query($representations: [_Any!]!) { _entities(representations: $representations) { __typename
    ... on Service { leikaKey title } ... on Area { ars name } ... on Authority { entryId name }
    ... on OnlineService { entryId requiredAssurance } } }"""

SERVICE = {"__typename": "Service", "leikaKey": IDENTITY_CARD, "title": "Personalausweis Ausstellung"}
AREA = {"__typename": "Area", "ars": WETZLAR, "name": "Wetzlar"}
AUTHORITY = {"__typename": "Authority", "entryId": "L100042.OE.a.b-c_d", "name": "Bürgerbüro"}
ONLINE = {"__typename": "OnlineService", "entryId": "L100042.OD.o", "requiredAssurance": "SUBSTANTIAL"}


@pytest.fixture
async def filled(stored: Catalogue) -> Catalogue:
    writes = [service("1"), authority("a.b-c_d", name="Bürgerbüro"), online_service("o")]
    await stored.deliver("hessen", message(writes=writes))
    return stored


async def test_entities_are_answered_by_any_of_their_keys_in_the_order_asked(filled: Catalogue) -> None:
    asked = [
        {"__typename": "Authority", "entryId": "L100042.OE.a.b-c_d"},
        {"__typename": "Service", "leikaKey": IDENTITY_CARD},
        {"__typename": "Area", "ars": WETZLAR},
        {"__typename": "OnlineService", "entryId": "L100042.OD.o"},
        {"__typename": "Service", "id": global_id("Service", IDENTITY_CARD), "leikaKey": IDENTITY_CARD},
        {"__typename": "Area", "id": global_id("Area", WETZLAR)},
        {"__typename": "Authority", "id": global_id("Authority", "L100042.OE.a.b-c_d"), "more": [{}]},
        {"__typename": "OnlineService", "id": global_id("OnlineService", "L100042.OD.o")},
    ]
    found = (await filled.ask(QUERY, {"representations": asked}))["_entities"]
    assert found == [AUTHORITY, SERVICE, AREA, ONLINE, SERVICE, AREA, AUTHORITY, ONLINE]


async def test_representations_may_stand_in_the_document(filled: Catalogue) -> None:
    query = """query($key: String!) { _entities(representations: [
        {__typename: "Area", ars: "06"}, {__typename: "Service", leikaKey: $key}]) {
        ... on Area { name } ... on Service { leikaKey } } }"""
    found = (await filled.ask(query, {"key": IDENTITY_CARD}))["_entities"]
    assert found == [{"name": "Hessen"}, {"leikaKey": IDENTITY_CARD}]


async def test_what_is_not_there_is_null_without_an_error(filled: Catalogue) -> None:
    asked = [
        {"__typename": "Service", "leikaKey": "99999999999999"},
        {"__typename": "Area", "ars": "06999"},
        {"__typename": "Authority", "entryId": "L100042.OE.none"},
        {"__typename": "OnlineService", "entryId": "X.OD.o"},
        {"__typename": "Area", "ars": WETZLAR},
    ]
    found = (await filled.ask(QUERY, {"representations": asked}))["_entities"]
    assert found == [None, None, None, None, AREA]


@pytest.mark.parametrize(
    ("wrong", "code", "told"),
    [
        (7, "BAD_REPRESENTATION", "__typename"),
        ({"leikaKey": IDENTITY_CARD}, "BAD_REPRESENTATION", "__typename"),
        ({"__typename": 1}, "BAD_REPRESENTATION", "__typename"),
        (
            {"__typename": "Source", "id": "x"},
            "BAD_REPRESENTATION",
            "Area, Authority, OnlineService, Service",
        ),
        ({"__typename": "Service"}, "BAD_REPRESENTATION", "id, leikaKey"),
        ({"__typename": "Service", "leikaKey": None}, "BAD_REPRESENTATION", "is a text"),
        ({"__typename": "Service", "leikaKey": "1"}, "BAD_LEIKA_KEY", "14 digits"),
        ({"__typename": "Area", "ars": "0653"}, "BAD_ARS", "4"),
        ({"__typename": "Area", "id": "?"}, "BAD_ID", "id"),
        ({"__typename": "Area", "id": global_id("Service", IDENTITY_CARD)}, "BAD_REPRESENTATION", "Area"),
        ({"__typename": "Authority", "entryId": "L100042.OD.o"}, "BAD_ENTRY_ID", "OE"),
        (
            {"__typename": "Authority", "entryId": global_id("Authority", "L100042.OE.1")},
            "BAD_ENTRY_ID",
            "OE",
        ),
        (
            {
                "__typename": "Service",
                "id": global_id("Service", IDENTITY_CARD),
                "leikaKey": "99050012104000",
            },
            "BAD_REPRESENTATION",
            "different",
        ),
    ],
)
async def test_a_wrong_representation_is_told_in_its_place_and_the_others_are_answered(
    filled: Catalogue, wrong: Any, code: str, told: str
) -> None:
    asked = [{"__typename": "Area", "ars": WETZLAR}, wrong, {"__typename": "Area", "ars": "06999"}]
    body = await filled.answer(QUERY, {"representations": asked})
    assert body["data"] == {"_entities": [AREA, None, None]}
    (error,) = body["errors"]
    assert error["path"] == ["_entities", 1]
    assert error["extensions"]["code"] == code
    assert told in error["message"]


async def test_a_thousand_representations_are_answered_and_one_more_is_refused(filled: Catalogue) -> None:
    asked: list[Any] = [{"__typename": "Area", "ars": WETZLAR}] * MAX_REPRESENTATIONS
    query = (
        "query($asked: [_Any!]!) { _entities(representations: $asked) { __typename ... on Area { name } } }"
    )
    assert len((await filled.ask(query, {"asked": asked}))["_entities"]) == MAX_REPRESENTATIONS
    body = await filled.answer(query, {"asked": [*asked, asked[0]]})
    assert body["data"] is None
    assert body["errors"][0]["extensions"]["code"] == "TOO_LARGE"


def _many(number: int) -> list[dict[str, str]]:
    """So many of each kind, of as many agencies."""
    return [
        representation
        for one in range(number)
        for representation in (
            {"__typename": "Authority", "entryId": f"L{one}.OE.{one}.x"},
            {"__typename": "OnlineService", "entryId": f"L{one}.OD.{one}"},
            {"__typename": "Area", "ars": f"{one + 1:02}"},
            {"__typename": "Service", "leikaKey": f"99{one:012}"},
        )
    ]


async def test_two_hundred_of_many_offices_take_as_many_statements_as_four(stored: Catalogue) -> None:
    for one in range(3):
        name = Name(f"L{one}", f"{one}.x")
        await stored.source(f"s{one}", f"Quelle {one}", f"L{one}", "06")
        await stored.deliver(f"s{one}", message(writes=[authority(name, name=f"Amt {one}")]))
    stored.reference = None  # it would be counted too
    await stored.ask("{ sources { key } }")
    numbers = []
    for executor in (stored.graph.executor, _by_reference(stored)):
        stored.graph.executor = executor
        for number in (1, 3, 50):
            stored.count_anew()
            found = (await stored.ask(QUERY, {"representations": _many(number)}))["_entities"]
            numbers.append(len(stored.catalog.statements))
            names = [one["name"] for one in found if one and one["__typename"] == "Authority"]
            assert names == [f"Amt {one}" for one in range(min(number, 3))]
    # position; services that are listed, those that entries name; authorities; online services
    assert numbers == [5] * 6


def _by_reference(stored: Catalogue) -> Any:
    return type(stored.graph.executor)(stored.graph.executor.schema, quick=False)


async def test_the_variables_stay_as_the_client_sent_them(filled: Catalogue) -> None:
    asked = {
        "representations": [
            {"__typename": "Area", "ars": WETZLAR, "deep": {"er": [1]}},
            {"__typename": "Service"},
        ]
    }
    before = deepcopy(asked)
    await filled.answer(QUERY, asked)
    assert asked == before


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_ANY = _JSON | st.builds(
    lambda name, key, named, more: {**more, "__typename": name, key: named},
    st.sampled_from(["Area", "Authority", "OnlineService", "Service", "Query", ""]),
    st.sampled_from(["id", "ars", "entryId", "leikaKey", "name"]),
    _JSON | st.sampled_from([WETZLAR, IDENTITY_CARD, "L100042.OE.a"]),
    st.dictionaries(st.text(max_size=8), _JSON, max_size=2),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_ANY.filter(lambda one: one is not None), max_size=6))
async def test_whatever_is_sent_is_answered_in_its_place(catalogue: Catalogue, asked: list[Any]) -> None:
    before = deepcopy(asked)
    body = await catalogue.answer(QUERY, {"representations": asked})
    assert len(body["data"]["_entities"]) == len(asked)
    assert all(error["extensions"]["code"].startswith("BAD_") for error in body.get("errors", ()))
    assert asked == before
    assert hash(tuple(map(representation_of, asked))) == hash(tuple(map(representation_of, before)))
