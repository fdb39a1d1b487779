"""Documents: parsed, limited and validated once; each refusal has its code and a sentence."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLError,
    GraphQLField,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    get_introspection_query,
)
from hypothesis import given
from hypothesis import strategies as st

from hub.execution.operations import Operations
from hub.execution.running import Answer, Executor, Operation


async def _slow(root: object, info: object) -> str:
    await asyncio.sleep(5)
    return "late"


def _fails(root: object, info: object) -> str:
    raise RuntimeError("the password is 1234")


def _refuses(root: object, info: object) -> str:
    raise GraphQLError("Say something else.", extensions={"code": "BAD_QUERY"})


THING: GraphQLObjectType = GraphQLObjectType(
    "Thing",
    lambda: {
        "name": GraphQLField(GraphQLString, resolve=lambda *_: "thing"),
        "inner": GraphQLField(THING, resolve=lambda *_: {}),
        "many": GraphQLField(
            GraphQLList(GraphQLNonNull(THING)),
            resolve=lambda *_, first: [{}] * first,
            args={"first": GraphQLArgument(GraphQLInt)},
        ),
    },
)
SCHEMA = GraphQLSchema(
    GraphQLObjectType(
        "Query",
        {
            "thing": GraphQLField(THING, resolve=lambda *_: {}),
            "slow": GraphQLField(GraphQLString, resolve=_slow),
            "fails": GraphQLField(GraphQLString, resolve=_fails),
            "refuses": GraphQLField(GraphQLString, resolve=_refuses),
        },
    )
)


async def run(query: str, variables: Mapping[str, Any] | None = None, *, deadline: float = 1.0) -> Answer:
    """Run an operation over a small schema of its own."""
    return await Executor(SCHEMA, deadline).run(Operation(query, variables), None, "id-1")


def codes(answer: Answer) -> list[str]:
    """The codes of all errors."""
    return [error["extensions"]["code"] for error in answer.errors]


async def test_a_query_is_answered() -> None:
    assert (await run("{ thing { name } }")).body == {"data": {"thing": {"name": "thing"}}}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["BAD_SYNTAX"]),
        ("{", ["BAD_SYNTAX"]),
        ("{ thing { name } } }", ["BAD_SYNTAX"]),
        ("{ other }", ["BAD_DOCUMENT"]),
        ("{ thing }", ["BAD_DOCUMENT"]),
        ("query a { thing { name } } query a { thing { name } }", ["BAD_DOCUMENT"]),
        ("{ thing { ...f } } fragment f on Thing { inner { ...f } }", ["BAD_DOCUMENT"]),
    ],
)
async def test_a_wrong_document_is_not_executed(query: str, expected: list[str]) -> None:
    answer = await run(query)
    assert codes(answer) == expected
    assert "data" not in answer.body


async def test_wrong_variables_are_told_before_anything_runs() -> None:
    query = "query($n: Int!) { thing { many(first: $n) { name } } }"
    for variables in ({}, {"n": "1"}, {"n": None}, {"n": 2**31}):
        answer = await run(query, variables)
        assert codes(answer) == ["BAD_VARIABLES"]
        assert answer.executed is False
    assert (await run(query, {"n": 1})).errors == []


async def test_what_fails_is_masked_and_named_by_the_request(caplog: pytest.LogCaptureFixture) -> None:
    answer = await run("{ fails thing { name } }")
    assert answer.body["data"] == {"fails": None, "thing": {"name": "thing"}}
    error = answer.errors[0]
    assert (error["extensions"], error["path"]) == ({"code": "INTERNAL", "requestId": "id-1"}, ["fails"])
    assert "id-1" in error["message"]
    assert "1234" not in error["message"]
    assert "1234" in caplog.text
    assert "id-1" in caplog.text


async def test_what_a_resolver_refuses_is_told_as_it_is() -> None:
    answer = await run("{ refuses }")
    assert answer.body["data"] == {"refuses": None}
    assert (answer.errors[0]["message"], codes(answer)) == ("Say something else.", ["BAD_QUERY"])


async def test_an_operation_that_takes_too_long_is_ended() -> None:
    answer = await run("{ slow }", deadline=0.05)
    assert codes(answer) == ["DEADLINE"]
    assert "0.05 seconds" in answer.errors[0]["message"]
    assert "data" not in answer.body


def test_a_document_is_read_once() -> None:
    operations = Operations(SCHEMA)
    assert operations.document("{ thing { name } }") is operations.document("{ thing { name } }")
    assert operations.document("{ other }") is operations.document("{ other }")


def test_introspection_has_a_limit_of_its_own() -> None:
    operations = Operations(SCHEMA)
    assert operations.document(get_introspection_query()).errors == ()
    deep = "{ __schema { types { fields { type " + "{ ofType " * 14 + "{ name }" + " }" * 14 + " } } } }"
    assert [e.extensions for e in operations.document(deep).errors] == [{"code": "TOO_LARGE"}]


def _nested(depth: int) -> str:
    return "{ thing " + "{ inner " * (depth - 2) + "{ name }" + " }" * (depth - 1)


@pytest.mark.parametrize(
    ("document", "part"),
    [
        (_nested(11), "11 levels"),
        (
            "{ thing { ...a } } fragment a on Thing { inner { ...b } } fragment b on Thing "
            + _nested(10)[8:-2],
            "levels",
        ),
        ("{ " + " ".join(f"t{n}: thing {{ name }}" for n in range(21)) + " }", "21 root fields"),
        ("{ thing { " + " ".join(f"n{n}: name" for n in range(16)) + " } }", "name has more than 15 aliases"),
        (
            "{ thing { "
            + " ".join(f"n{n}: name" for n in range(8))
            + " ... on Thing { "
            + " ".join(f"m{n}: name" for n in range(8))
            + " } } }",
            "aliases",
        ),
    ],
)
async def test_each_limit_is_named(document: str, part: str) -> None:
    answer = await run(document)
    assert codes(answer) == ["TOO_LARGE"]
    assert part in answer.errors[0]["message"]
    assert answer.executed is False


async def test_at_each_limit_an_operation_is_answered() -> None:
    for document in (
        _nested(10),
        "{ "
        + " ".join(f"t{n}: thing {{ name }}" for n in range(15))
        + " a: refuses b: refuses c: refuses d: refuses e: refuses }",
        "{ thing { " + " ".join(f"n{n}: name" for n in range(15)) + " name } }",
    ):
        assert (await run(document)).executed is True


async def test_fragments_that_multiply_are_refused_at_once() -> None:
    """Each fragment spreads the next one twice: 2^30 fields from a few lines."""
    fragments = " ".join(
        f"fragment f{n} on Thing {{ a: inner {{ ...f{n + 1} }} b: inner {{ ...f{n + 1} }} }}"
        for n in range(30)
    )
    query = "{ thing { ...f0 } } " + fragments + " fragment f30 on Thing { name }"
    answer = await run(query)
    assert codes(answer) == ["TOO_LARGE"]
    flat = " ".join(f"fragment f{n} on Thing {{ ...f{n + 1} ...f{n + 1} }}" for n in range(30))
    answer = await run("{ thing { ...f0 } } " + flat + " fragment f30 on Thing { name }")
    assert "TOO_LARGE" in codes(answer) or answer.executed


async def test_a_document_with_many_faults_names_some_of_them() -> None:
    answer = await run("{ thing { " + " ".join(f"x{n}" for n in range(100)) + " } }")
    assert len(answer.errors) == 21
    assert set(codes(answer)) == {"BAD_DOCUMENT"}
    assert "Too many validation errors" in answer.errors[-1]["message"]


async def test_fields_repeated_beyond_what_can_be_checked_are_refused() -> None:
    answer = await run("{ thing { " + "name " * 1500 + "} }")
    assert codes(answer) == ["TOO_LARGE"]
    assert (await run("{ thing { " + "name " * 500 + "} }")).executed is True


@given(st.text(st.sampled_from('{}()[]!:$@.#" \\\n,&|=abt1\x00é'), max_size=60) | st.text(max_size=40))
async def test_any_text_is_a_document_or_a_clear_refusal(query: str) -> None:
    answer = await run(query)
    assert answer.executed or all(error["message"] and error["extensions"]["code"] for error in answer.errors)
