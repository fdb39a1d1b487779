"""While an operation runs its objects, values and time are counted, in both ways of executing it."""

from collections.abc import Callable
from typing import Any

import pytest
import strawberry
from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    get_introspection_query,
)

from hub.execution.budget import Budget
from hub.execution.running import Answer, Executor, Operation
from hub.execution.stopping import StoppedError
from schema.build import bind_lean_resolvers
from schema.fields import value

READ: list[str] = []


def _name(root: object) -> str:
    READ.append("name")
    return "x"


@strawberry.type
class Leaf:
    name = value(_name, str)


@strawberry.type
class Branch:
    leaves = value(lambda _: [Leaf()] * 100, list[Leaf])
    one = value(lambda _: Leaf(), Leaf)


@strawberry.type
class Tree:
    branches = value(lambda _: [Branch()] * 99, list[Branch])
    name = value(_name, str)


def _schema() -> GraphQLSchema:
    schema = strawberry.Schema(Tree)
    bind_lean_resolvers(schema)
    return schema._schema  # noqa: SLF001 - the executable schema has no public name


SCHEMA = _schema()
WAYS = pytest.mark.parametrize("quick", [True, False], ids=["quick", "reference"])


async def run(executor: Executor, query: str) -> Answer:
    READ.clear()
    return await executor.run(Operation(query), None, "id-1")


def codes(answer: Answer) -> list[str]:
    return [error["extensions"]["code"] for error in answer.errors]


@WAYS
async def test_an_answer_has_ten_thousand_objects_and_no_more(quick: bool) -> None:
    executor = Executor(SCHEMA, quick=quick)
    at_most = "{ branches { leaves { name } } }"  # 99 and 9,900
    answer = await run(executor, at_most)
    assert (answer.executed, answer.errors) == (True, [])
    assert len(READ) == 9900
    answer = await run(executor, "{ branches { leaves { name } one { name } } }")
    assert (answer.executed, codes(answer)) == (False, ["TOO_LARGE"])
    assert "10000 objects" in answer.errors[0]["message"]
    assert len(READ) < 10_000


@WAYS
async def test_values_are_counted_too(quick: bool) -> None:
    executor = Executor(SCHEMA, quick=quick)
    names = " ".join(f"n{n}: name" for n in range(15))
    answer = await run(executor, "{ branches { " + f"leaves {{ {names} }}" + " } }")
    assert answer.errors == []
    twice = (
        " ".join(f"n{n}: name" for n in range(15))
        + " __typename "
        + " ".join(f"t{n}: __typename" for n in range(15))
    )
    answer = await run(executor, "{ branches { " + f"leaves {{ {twice} }}" + " } }")
    assert codes(answer) == ["TOO_LARGE"]
    assert "200000 values" in answer.errors[0]["message"]


@WAYS
async def test_a_deadline_cuts_what_never_waits(quick: bool) -> None:
    """Nothing in this operation gives way, so no timer would fire before it has ended."""
    answer = await run(Executor(SCHEMA, 0.0, quick=quick), "{ branches { leaves { name } } }")
    assert (answer.executed, codes(answer)) == (False, ["DEADLINE"])
    assert len(READ) < 9900


def _clock(*moments: float) -> Callable[[], float]:
    told = iter(moments)
    return lambda: next(told)


def test_a_budget_looks_at_the_clock_now_and_then() -> None:
    budget = Budget(100_000, 100_000, 10, _clock(50, 60, 60.1))
    budget.nodes(1, 499)
    budget.nodes(1, 1)
    budget.nodes(1, 499)
    with pytest.raises(StoppedError) as met:
        budget.nodes(1, 1)
    assert met.value.error.extensions == {"code": "DEADLINE"}
    assert "10 seconds" in met.value.error.message


THING: GraphQLObjectType = GraphQLObjectType(
    "Thing", {"name": GraphQLField(GraphQLString, resolve=lambda *_: _name(None))}
)
NULLABLE = GraphQLSchema(
    GraphQLObjectType(
        "Query",
        {
            "things": GraphQLField(
                GraphQLList(GraphQLNonNull(THING)),
                resolve=lambda *_, first: [{}] * first,
                args={"first": GraphQLArgument(GraphQLInt)},
            )
        },
    ),
    mutation=GraphQLObjectType(
        "Mutation", {"make": GraphQLField(GraphQLList(THING), resolve=lambda *_: [{}] * 10_001)}
    ),
)


async def test_a_null_that_would_be_allowed_hides_no_overrun() -> None:
    """A field's error would make its list null and go on; this ends the operation."""
    executor = Executor(NULLABLE, watch=lambda *_: Budget(10))
    assert (await run(executor, "{ things(first: 10) { name } }")).errors == []
    answer = await run(executor, "{ things(first: 11) { name } b: things(first: 1) { name } }")
    assert (answer.body.get("data", "none"), codes(answer)) == ("none", ["TOO_LARGE"])


async def test_mutations_are_counted() -> None:
    assert codes(await run(Executor(NULLABLE), "mutation { make { name } }")) == ["TOO_LARGE"]


INTROSPECTION = get_introspection_query()


async def test_introspection_has_a_budget_of_its_own_and_is_worked_out_once() -> None:
    executor = Executor(SCHEMA, watch=lambda *_: Budget(1))
    first, second = await run(executor, INTROSPECTION), await run(executor, INTROSPECTION)
    assert first.errors == []
    assert first.data["__schema"]["queryType"] == {"name": "Tree", "kind": "OBJECT"}
    assert second.data is first.data


async def test_introspection_by_variable_is_told_apart() -> None:
    executor = Executor(SCHEMA)
    query = "query($n: String!) { __typename __type(name: $n) { name } }"

    async def named(name: Any) -> Answer:
        return await executor.run(Operation(query, {"n": name}), None, "id-1")

    assert (await named("Leaf")).data == {"__typename": "Tree", "__type": {"name": "Leaf"}}
    assert (await named("Branch")).data == {"__typename": "Tree", "__type": {"name": "Branch"}}
    assert codes(await named(None)) == ["BAD_VARIABLES"]


async def test_the_schema_is_asked_for_once_a_request() -> None:
    executor = Executor(SCHEMA)
    assert (await run(executor, "{ __schema { queryType { name } } name }")).errors == []
    for query in (
        "{ __schema { queryType { name } } b: __schema { queryType { name } } }",
        '{ __schema { queryType { name } } __type(name: "Leaf") { name } }',
    ):
        answer = await run(executor, query)
        assert codes(answer) == ["TOO_LARGE"]
        assert "more than once" in answer.errors[0]["message"]


async def test_aliases_of_one_field_are_counted_over_selections_that_become_one() -> None:
    executor = Executor(SCHEMA)
    halves = [" ".join(f"{letter}{n}: name" for n in range(8)) for letter in "ab"]
    answer = await run(executor, f"{{ branches {{ one {{ {halves[0]} }} one {{ {halves[1]} }} }} }}")
    assert codes(answer) == ["TOO_LARGE"]
    assert "15 aliases" in answer.errors[0]["message"]
    same = f"{{ branches {{ one {{ {halves[0]} }} one {{ {halves[0]} }} }} }}"
    assert (await run(executor, same)).errors == []
