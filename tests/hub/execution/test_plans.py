"""What is known of an operation before it runs: what it reads, on whom its answer depends, what judges say of it."""

import pytest
from graphql import GraphQLError, GraphQLSchema, OperationType

from hub.execution.operations import Operations
from hub.execution.plans import Facts, Plan, Refusal
from hub.execution.running import Executor, Operation
from hub.execution.stopping import StoppedError
from schema.build import build_schema

SCHEMA: GraphQLSchema = build_schema()._schema  # noqa: SLF001 - the executable schema has no public name


def facts(text: str, name: str | None = None) -> Facts:
    plan = Operations(SCHEMA).plan(text, name)
    assert isinstance(plan, Plan), plan.errors
    return plan.facts


@pytest.mark.parametrize(
    ("text", "scopes"),
    [
        ("{ sources { name } }", set()),
        ("{ viewer { assurance } }", {"viewer"}),
        ('{ service(leikaKey: "99000000000000") { viewerCanStart(area: "06") { allowed } } }', {"viewer"}),
        ("{ sources { lastRun { state } } }", {"operations"}),
        ("query ($yes: Boolean!) { viewer @include(if: $yes) { assurance } }", {"viewer"}),
        ("{ sources { ...f } } fragment f on Source { runs(first: 1) { totalCount } }", {"viewer"}),
        ('{ node(id: "x") { ... on OnlineService { health { verdict } } } }', {"operations"}),
    ],
)
def test_a_plan_knows_on_what_its_answer_depends(text: str, scopes: set[str]) -> None:
    found = facts(text)
    assert found.scopes == scopes
    assert found.public is not bool(scopes)


def test_a_plan_knows_its_operation_and_its_fields() -> None:
    text = (
        "query a { sources { ...f } } query b { catalogue { dataVersion } } fragment f on Source { key key }"
    )
    assert facts(text, "a").fields == {"Query.sources", "Source.key"}
    assert facts(text, "b").fields == {"Query.catalogue", "CatalogueInfo.dataVersion"}
    assert (facts(text, "b").name, facts("{ __typename }").name) == ("b", None)
    mutation = facts(
        'mutation { removeThesaurusEntry(word: "a", language: "de", relation: SAME) { __typename } }'
    )
    assert (mutation.kind, mutation.public) == (OperationType.MUTATION, False)


def test_a_field_of_an_interface_counts_for_all_that_have_it() -> None:
    found = facts('{ node(id: "x") { id } }').fields
    assert {"Query.node", "Node.id", "Service.id", "Area.id"} <= found


def test_a_plan_knows_whether_it_introspects() -> None:
    assert facts("{ __schema { queryType { name } } }").introspects
    assert not facts("{ __typename sources { __typename } }").introspects


def test_a_plan_is_made_once_for_each_operation() -> None:
    operations = Operations(SCHEMA)
    text = "query a { sources { key } } query b { sources { name } }"
    assert operations.plan(text, "a") is operations.plan(text, "a")
    assert operations.plan(text, "a") is not operations.plan(text, "b")
    unclear = [operations.plan(text), operations.plan(text, "c")]
    assert [one.errors[0].extensions for one in unclear if isinstance(one, Refusal)] == [
        {"code": "BAD_OPERATION_NAME"}
    ] * 2


async def test_a_judge_sees_each_plan_once_and_may_refuse_it() -> None:
    seen: list[str | None] = []

    def judge(plan: Plan) -> list[GraphQLError]:
        seen.append(plan.facts.name)
        plan.notes["cost"] = len(plan.facts.fields)
        return [GraphQLError("Too dear.", extensions={"code": "TOO_LARGE"})] if plan.notes["cost"] > 1 else []

    executor = Executor(SCHEMA, judges=[judge])
    for _ in range(2):
        refused = await executor.run(Operation("query dear { sources { key } }"), None, "r")
        assert (refused.executed, refused.errors[0]["message"]) == (False, "Too dear.")
        taken = await executor.run(Operation("query cheap { __typename }"), None, "r")
        assert taken.body == {"data": {"__typename": "Query"}}
    assert seen == ["dear", "cheap"]


async def test_a_watch_counts_objects_and_may_stop_the_run() -> None:
    class Watching:
        def __init__(self, most: int) -> None:
            self.left = most

        def nodes(self, count: int, fields: int = 0) -> None:
            self.left -= count
            if self.left < 0:
                raise StoppedError(GraphQLError("Enough.", extensions={"code": "TOO_LARGE"}))

    async def run(most: int) -> dict[str, object]:
        executor = Executor(SCHEMA, watch=lambda *_: Watching(most))
        return (await executor.run(Operation("{ catalogue { __typename } }"), Context(), "r")).body

    class Context:
        data_version = "1"

    assert await run(1) == {"data": {"catalogue": {"__typename": "CatalogueInfo"}}}
    assert [error["message"] for error in (await run(0))["errors"]] == ["Enough."]  # type: ignore[attr-defined]
