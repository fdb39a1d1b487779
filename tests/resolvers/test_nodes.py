"""Global ids: every node is found again by the id that it gave, and wrong ids are told."""

from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolvers.errors import BadArgument
from resolvers.identifiers import global_id, parse_global_id
from tests.catalogues import WETZLAR, Catalogue
from tests.makers import authority, message, online_service, rule, service, specialisation

NODE = "query($id: ID!) { node(id: $id) { __typename id } }"


@pytest.fixture
async def filled(catalogue: Catalogue) -> Catalogue:
    writes = [service("1"), authority("a.b-c_d"), online_service("o"), specialisation("s", "1", [WETZLAR])]
    writes += [rule("r1", "a.b-c_d", "1", [WETZLAR]), rule("r2", "o", "1", ["06532"], online=True)]
    await catalogue.deliver("hessen", message(writes=writes))
    return catalogue


ALL = """{
  service(leikaKey: "99008001012000") { ...n entries { ...n } }
  area(ars: "06") { ...n ancestors { ...n } }
  sources { ...n }
  a: entry(id: "L100042.OE.a.b-c_d") { ...n }
  b: entry(id: "L100042.OD.o") { ...n }
  c: entry(id: "L100042.SP.s") { ...n }
  d: entry(id: "L100042.ZS.r1") { ...n }
  e: entry(id: "L100042.ZS.r2") { ...n }
} fragment n on Node { __typename id }"""


def nodes_in(value: object) -> list[dict[str, str]]:
    """All nodes of an answer."""
    if isinstance(value, list):
        return [node for one in value for node in nodes_in(one)]
    if not isinstance(value, dict):
        return []
    own = [{"__typename": value["__typename"], "id": value["id"]}] if "id" in value else []
    return own + [node for one in value.values() for node in nodes_in(one)]


async def test_every_node_is_found_again_by_its_id(filled: Catalogue) -> None:
    nodes = nodes_in(await filled.ask(ALL))
    assert {node["__typename"] for node in nodes} == {
        *("Service", "ServiceEntry", "Area", "Source", "Authority", "OnlineService"),
        *("ServiceSpecialisation", "Responsibility", "OnlineServiceOffer"),
    }
    for node in nodes:
        assert await filled.ask(NODE, {"id": node["id"]}) == {"node": node}


@pytest.mark.parametrize(
    ("type_name", "name"),
    [
        ("Service", "99999999999999"),
        ("ServiceEntry", "L100042.LB.9"),
        ("ServiceEntry", "L100042.OE.a.b-c_d"),
        ("Area", "069990000000"),
        ("Source", "no-such"),
    ],
)
async def test_a_node_that_is_not_there_is_null(filled: Catalogue, type_name: str, name: str) -> None:
    assert await filled.ask(NODE, {"id": global_id(type_name, name)}) == {"node": None}


@pytest.mark.parametrize(
    ("id", "code"),
    [
        ("", "BAD_ID"),
        ("???", "BAD_ID"),
        ("L100042.LB.1", "BAD_ID"),
        (urlsafe_b64encode(b"no colon").decode(), "BAD_ID"),
        (urlsafe_b64encode(b"\xff\xfe:1").decode(), "BAD_ID"),
        (global_id("Nothing", "1"), "BAD_ID"),
        (global_id("ServiceEntry", "L100042"), "BAD_ENTRY_ID"),
        (global_id("Area", "0653"), "BAD_ARS"),
        (global_id("Service", "1"), "BAD_LEIKA_KEY"),
        ("x" * 5000, "BAD_ID"),
    ],
)
async def test_an_id_that_is_none_is_told(filled: Catalogue, id: str, code: str) -> None:
    body = await filled.answer(NODE, {"id": id})
    assert body["data"] == {"node": None}
    assert body["errors"][0]["extensions"]["code"] == code
    assert len(body["errors"][0]["message"]) < 300


async def test_an_id_of_another_type_is_told(filled: Catalogue) -> None:
    query = "query($id: ID!) { authority(id: $id) { id } }"
    for name, code in (
        (global_id("ServiceEntry", "L100042.LB.1"), "BAD_ID"),
        ("L100042.LB.1", "BAD_ENTRY_ID"),
        ("L100042.QQ.1", "BAD_ENTRY_ID"),
    ):
        assert (await filled.error(query, {"id": name}))[0] == code


async def test_a_source_is_found_by_key_or_id(filled: Catalogue) -> None:
    query = "query($id: ID!) { source(id: $id) { id key name } }"
    found = (await filled.ask(query, {"id": "hessen"}))["source"]
    assert found["name"] == "Landesredaktion Hessen"
    assert (await filled.ask(query, {"id": found["id"]}))["source"] == found
    for wrong in ("no-such", "", "no such", global_id("Area", "hessen")):
        assert (await filled.ask(query, {"id": wrong}))["source"] is None


@given(st.sampled_from(["Service", "Area"]), st.text(min_size=1, max_size=60).filter(str.isprintable))
def test_an_id_is_read_as_it_was_made(type_name: str, name: str) -> None:
    assert parse_global_id(global_id(type_name, name)) == (type_name, name)


@given(st.text(max_size=120))
def test_any_text_is_an_id_or_a_clear_refusal(text: str) -> None:
    told = ""
    try:
        type_name, name = parse_global_id(text)
    except BadArgument as refused:
        told = refused.message
    assert ("no id of this graph" in told) if told else type_name.isalpha() and name.isprintable()
