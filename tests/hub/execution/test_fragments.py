"""What lasts is written once, and its bytes are taken for the same selection and the same arguments alone."""

from collections.abc import Sequence
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLError,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
)

from hub.execution.readings import Reading
from hub.execution.running import Executor, Operation
from hub.execution.stopping import StoppedError


class Thing:
    def __init__(self, name: str, *, lasting: bool) -> None:
        self.name = name
        self.lasting = lasting
        self.read = 0

    def said(self, word: str) -> str:
        self.read += 1
        return f"{self.name} {word}"


WORD = {"word": GraphQLArgument(GraphQLNonNull(GraphQLString))}


def schema(scope: str | None = None) -> GraphQLSchema:
    async def things(context: Sequence[Thing], parents: Sequence[Any]) -> list[Sequence[Thing]]:
        return [context] * len(parents)

    reading = Reading(plain=lambda root, word: root.said(word), scope=scope)
    said = GraphQLField(GraphQLString, WORD, extensions={"reading": reading})
    lasting = Reading(batch=things, lasting=True)
    field = GraphQLField(
        GraphQLList(GraphQLObjectType("Thing", {"said": said})), extensions={"reading": lasting}
    )
    return GraphQLSchema(GraphQLObjectType("Query", {"things": field}))


ASKED = "query($word: String!) { things { said(word: $word) } }"


async def said(executor: Executor, things: Sequence[Thing], word: str = "a", query: str = ASKED) -> list[str]:
    answer = await executor.run(Operation(query, {"word": word}), things, "r")
    assert not answer.errors
    return [one["said"] for one in answer.data["things"]]


async def test_what_lasts_is_read_once() -> None:
    executor, things = Executor(schema()), [Thing("x", lasting=True), Thing("y", lasting=False)]
    for _ in range(3):
        assert await said(executor, things) == ["x a", "y a"]
    assert [thing.read for thing in things] == [1, 3]


async def test_other_arguments_and_other_selections_are_read_anew() -> None:
    executor, things = Executor(schema()), [Thing("x", lasting=True)]
    other = "query($word: String!) { things { said(word: $word) __typename } }"
    assert await said(executor, things, "a") == ["x a"]
    assert await said(executor, things, "b") == ["x b"]
    assert await said(executor, things, "a", other) == ["x a"]
    assert await said(executor, [Thing("z", lasting=True)]) == ["z a"]
    assert things[0].read == 3


async def test_what_has_a_scope_is_read_for_everybody_anew() -> None:
    executor, things = Executor(schema("viewer")), [Thing("x", lasting=True)]
    for _ in range(2):
        await said(executor, things)
    assert things[0].read == 2


async def test_what_is_taken_counts_as_what_is_made() -> None:
    class Counting:
        total = 0

        def nodes(self, count: int, fields: int = 0) -> None:
            Counting.total += 100 * count + fields
            if Counting.total > 10_000:
                raise StoppedError(GraphQLError("Enough."))

    executor = Executor(schema(), watch=lambda *_: Counting())
    things = [Thing("x", lasting=True), Thing("y", lasting=True)]
    totals = []
    for _ in range(2):
        Counting.total = 0
        await said(executor, things)
        totals.append(Counting.total)
    assert totals == [203, 203]


async def test_what_lasts_is_bounded() -> None:
    executor = Executor(schema(), fragments=20_000)
    things = [Thing(str(number), lasting=True) for number in range(100)]
    for _ in range(2):
        await said(executor, things)
    assert sum(thing.read for thing in things) > 180
