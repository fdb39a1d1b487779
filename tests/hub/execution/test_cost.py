"""What an operation may cost is known before it runs, with its variables; what is too dear is refused."""

from collections.abc import Mapping
from typing import Any

import pytest
from graphql import GraphQLObjectType, GraphQLSchema, build_schema, get_introspection_query
from hypothesis import given
from hypothesis import strategies as st

from hub.execution.running import Answer, Executor, Operation, Priced

SDL = """
interface Named { name: String }
type Query {
  thing: Thing
  things(first: Int, last: Int): [Thing!]!
  some: [Thing]
  pages(first: Int = 7, last: Int): ThingConnection!
  words(first: Int): [String!]!
  dear: Thing
  long: [Thing!]!
  any: Named
  of(representations: [String!]!): [Named]!
}
type ThingConnection { edges: [ThingEdge!]!  nodes: [Thing!]!  totalCount: Int!  facets: [Thing!]! }
type ThingEdge { cursor: String!  node: Thing! }
type Thing implements Named { name: String  other: Thing  some: [Thing!]!  things(first: Int): [Thing!]! }
type Small implements Named { name: String }
"""


def _schema() -> GraphQLSchema:
    schema = build_schema(SDL)
    query = schema.type_map["Query"]
    assert isinstance(query, GraphQLObjectType)
    query.fields["dear"].extensions = {"cost": 40}
    query.fields["long"].extensions = {"size": 30}
    return schema


EXECUTOR = Executor(_schema())


def priced(query: str, variables: Mapping[str, Any] | None = None) -> Priced | Answer:
    return EXECUTOR.priced(Operation(query, variables))


def cost(query: str, variables: Mapping[str, Any] | None = None) -> int:
    """Points beside those of any request."""
    found = priced(query, variables)
    assert isinstance(found, Priced), found
    return found.cost - 10


def refusal(query: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
    found = priced(query, variables)
    assert isinstance(found, Answer), found
    assert found.executed is False
    assert len(found.errors) == 1
    return found.errors[0]


COSTS = {
    "{ thing { name } }": 1,
    "{ thing { name a: name b: name } }": 1,
    "{ thing { other { name } } }": 2,
    "{ things(first: 20) { name } }": 20,
    "{ things(last: 20) { name } }": 20,
    "{ things(first: 5, last: 20) { name } }": 20,
    "{ things(first: 20) { other { name } } }": 40,
    "{ things(first: 20) { things(first: 10) { name } } }": 20 + 200,
    "{ things(first: 10) { some { name } } }": 10 + 30,
    "{ some { name } }": 3,
    "{ long { name } }": 30,
    "{ dear { name } }": 41,
    "{ pages(first: 20) { totalCount } }": 1,
    "{ pages(first: 20) { edges { cursor } } }": 1 + 20,
    "{ pages(first: 20) { edges { node { name } } } }": 1 + 20 + 20,
    "{ pages(first: 20) { nodes { name } facets { name } } }": 1 + 20 + 3,
    "{ pages { nodes { name } } }": 1 + 7,
    "{ words(first: 5) }": 0,
    "{ __typename }": 0,
    '{ __type(name: "Thing") { name } }': 100,
    "{ any { name ... on Thing { other { name } } } }": 2,
    "{ any { name } }": 1,
    '{ of(representations: ["a", "b", "c", "d"]) { name } }': 4,
    "{ a: things(first: 3) { name } b: things(first: 4) { name } }": 7,
    "{ thing { other { name } } thing { other { name } other { name } } }": 2,
    "{ ...f ...g } fragment f on Query { thing { other { name } } } fragment g on Query { thing { other { name } } }": 2,
    "{ thing @include(if: false) { name } some @skip(if: false) { name } }": 3,
}


@pytest.mark.parametrize(("query", "expected"), COSTS.items())
def test_objects_count_and_lists_multiply(query: str, expected: int) -> None:
    assert cost(query) == expected


def test_the_standard_introspection_has_a_price_of_its_own() -> None:
    assert cost(get_introspection_query()) == 500


def test_variables_are_counted_in_with_their_defaults() -> None:
    query = "query($n: Int = 4) { things(first: $n) { other { name } } }"
    assert cost(query) == 8
    assert cost(query, {"n": 50}) == 100
    assert cost(query, {"n": 50.0}) == 100
    nested = "query($n: Int, $m: Int) { things(first: $n) { things(first: $m) { name } } }"
    assert cost(nested, {"n": 10, "m": 20}) == 10 + 200
    assert cost(nested, {"n": 10}) == 10 + 30
    paged = "query($n: Int) { pages(first: $n) { nodes { name } } }"
    assert cost(paged, {"n": 9}) == 1 + 9
    assert cost(paged) == cost(paged, {"n": None}) == 1 + 7


def test_a_list_of_what_is_wanted_counts_by_its_length() -> None:
    query = "query($all: [String!]!) { of(representations: $all) { name ... on Thing { other { name } } } }"
    assert cost(query, {"all": ["x"] * 50}) == 100
    assert refusal(query, {"all": ["x"] * 6000})["extensions"]["cost"] == 12010


def test_what_a_condition_leaves_out_costs_nothing() -> None:
    query = "query($with: Boolean = false) { thing { name } some @include(if: $with) { name } }"
    assert cost(query) == 1
    assert cost(query, {"with": True}) == 1 + 3
    assert cost(query, {"with": False}) == 1
    skipped = "query($not: Boolean!) { ... @skip(if: $not) { some { name } } }"
    assert cost(skipped, {"not": False}) == 3
    assert cost(skipped, {"not": True}) == 0
    assert cost(skipped, {}) == 0, "a variable that is missing is refused when the operation runs"


def test_the_dearest_of_several_types_counts() -> None:
    query = "query($n: Int) { any { ... on Thing { things(first: $n) { name } } ... on Small { name } } }"
    assert cost(query, {"n": 6}) == 7
    assert cost(query, {"n": 0}) >= 1


def test_what_is_too_dear_is_refused_by_its_price() -> None:
    query = "query($n: Int!) { things(first: $n) { things(first: 999) { name } } }"
    assert cost(query, {"n": 9}) == 9 + 9 * 999
    error = refusal(query, {"n": 10})
    assert error["extensions"] == {"code": "TOO_EXPENSIVE", "cost": 10010, "limit": 10000}
    assert "10010 points" in error["message"]


@pytest.mark.parametrize("size", [-1, -(2**31), 1001, 2**31 - 1])
@pytest.mark.parametrize(
    "field", ["things(first: %) { name }", "pages(last: %) { totalCount }", "words(first: %)"]
)
def test_negative_and_huge_sizes_are_refused_before_anything_runs(size: int, field: str) -> None:
    error = refusal("{ " + field.replace("%", str(size)) + " }")
    assert error["extensions"]["code"] == "BAD_PAGE_SIZE"
    assert str(size) in error["message"]
    error = refusal("query($n: Int) { " + field.replace("%", "$n") + " }", {"n": size})
    assert error["extensions"]["code"] == "BAD_PAGE_SIZE"
    assert str(size) in error["message"]


def test_the_greatest_size_is_taken() -> None:
    assert cost("{ things(first: 1000) { name } }") == 1000
    assert cost("{ things(first: 1) { name } }") == 1


def test_each_operation_of_a_document_has_its_own_price() -> None:
    document = "query a { thing { name } } query b { long { name } }"
    for name, expected in (("a", 1), ("b", 30), ("a", 1)):
        found = EXECUTOR.priced(Operation(document, None, name))
        assert isinstance(found, Priced)
        assert found.cost == 10 + expected


def test_many_conditions_are_worked_out_each_by_itself() -> None:
    names = [f"v{n}" for n in range(6)]
    declared = " ".join(f"${name}: Boolean!" for name in names)
    fields = " ".join(f"{name}: thing @include(if: ${name}) {{ name }}" for name in names)
    for mask in range(64):
        flags = {name: bool(mask >> n & 1) for n, name in enumerate(names)}
        assert cost(f"query({declared}) {{ {fields} }}", flags) == sum(flags.values())


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.floats(allow_nan=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(["n", "with", "x"]), JSON))
def test_whatever_is_sent_for_variables_there_is_a_price_or_a_clear_refusal(
    variables: dict[str, Any],
) -> None:
    query = "query($n: Int, $with: Boolean!) { pages(first: $n) { nodes @include(if: $with) { name } } }"
    found = priced(query, variables)
    if isinstance(found, Priced):
        assert 10 < found.cost <= 10_000
    else:
        assert found.errors[0]["extensions"]["code"] == "BAD_PAGE_SIZE"
