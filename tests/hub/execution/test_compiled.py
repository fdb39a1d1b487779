"""Compiled operations and graphql-core's executor give the same bytes, errors too, whatever is asked."""

import asyncio
import importlib
import inspect
import logging
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import orjson
import pytest
from graphql import (
    GraphQLBoolean,
    GraphQLError,
    GraphQLField,
    GraphQLFloat,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
)
from graphql.pyutils import Undefined
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hub.execution import compiled as compiled_module
from hub.execution.compiled import Compiled
from hub.execution.plans import Plan
from hub.execution.readings import Reading
from hub.execution.running import Executor, Operation
from hub.execution.stopping import Unwatched
from tests.hub.execution.generating import Asked, operations
from tests.hub.execution.hostile import COLOUR, RIGHT, SCHEMA, WORD, WRONG_VALUES, Size, World

pytestmark = [  # graphql-core leaves what it began when a neighbour fails at once
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
EXAMPLES = 20_000 if os.environ.get("HUB_TEST_LONG") else 500
WORLDS = st.builds(World, st.integers(0, 40), st.sampled_from([0, 0, 0, 40, 6]))
ASKED = operations(SCHEMA, RIGHT, WRONG_VALUES)
REFERENCE = Executor(SCHEMA, quick=False)
COMPILING = Executor(SCHEMA)
COMPILING.operations = REFERENCE.operations  # what is read and validated once is enough


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """What fails on purpose need not be told thousands of times."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def answered(executor: Any, asked: Asked, world: World) -> bytes:
    """The whole answer, as bytes."""
    operation = Operation(asked.query, asked.variables)
    found = asyncio.run(executor.run(operation, world, "request-1"))
    return orjson.dumps(found.body)


def by_compiled_code(asked: Asked, world: World) -> bool:
    """Whether the reference executor was not needed."""
    plan = COMPILING.operations.plan(asked.query)
    if not isinstance(plan, Plan) or not isinstance(plan.compiled, Compiled):
        return False
    data = asyncio.run(plan.compiled.answer(asked.variables, world, Unwatched()))
    return data is not None


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(asked=ASKED, world=WORLDS)
def test_both_executors_give_the_same_bytes(asked: Asked, world: World) -> None:
    assert answered(COMPILING, asked, world) == answered(REFERENCE, asked, world)


def test_most_operations_are_valid_and_answered_by_compiled_code() -> None:
    """Else the test above would compare the reference with itself."""
    valid: list[bool] = []
    compiled: list[bool] = []

    @settings(max_examples=150, deadline=None, database=None, derandomize=True, phases=[Phase.generate])
    @given(asked=ASKED, seed=st.integers(0, 40))
    def count(asked: Asked, seed: int) -> None:
        answer = answered(COMPILING, asked, World(seed, 0))
        valid.append(b"BAD_DOCUMENT" not in answer)
        compiled.append(by_compiled_code(asked, World(seed, 0)))

    count()
    assert sum(valid) > 0.9 * len(valid)
    assert sum(compiled) > 0.5 * len(compiled)


MUTANTS = {
    "a null where a leaf may have none": (
        "leaves.py",
        "            if never_null:\n                raise NeedsReferenceError\n",
        "",
    ),
    "a null in a column": (
        "columns.py",
        "        if None in completed:\n            raise NeedsReferenceError\n",
        "",
    ),
    "a null instead of an object": ("objects.py", "value is None or value is Undefined or isinst", "isinst"),
    "a null in line": ("rows.py", "self._complete(depth, wanted.of_type, name, field, never_null=True)", "self._complete(depth, wanted.of_type, name, field, never_null=False)"),
    "another type's row": ("objects.py", "is_type_of is not None and is_type_of(value, info) is not True", "False"),
    "a default of an argument": ("arguments.py", "value = variables.get(name, missing)", "value = variables.get(name)"),
    "a null for an argument": ("arguments.py", " or (value is None and never_null)", ""),
    "a condition": ("compiled.py", "tuple(variables.get(name) for name in self._conditions)", "tuple(True for name in self._conditions)"),
}  # fmt: skip


QUICKLY_NOTICED = ("a null where a leaf may have none", "a null in a column", "a null in line", "a condition")
NOTICED = sorted(MUTANTS) if os.environ.get("HUB_TEST_LONG") else QUICKLY_NOTICED


@pytest.fixture
def mutant(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ModuleType]:
    """The executor's package under another name, with one piece of text replaced."""
    file, old, new = MUTANTS[request.param]
    name = f"mutant_{sorted(MUTANTS).index(request.param)}"
    folder = tmp_path / name
    shutil.copytree(
        Path(compiled_module.__file__).parent, folder, ignore=shutil.ignore_patterns("__pycache__")
    )
    for path in folder.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        if path.name == file:
            assert text.count(old) >= 1
            text = text.replace(old, new)
        path.write_text(text.replace("hub.execution", name), encoding="utf-8")
    # What fields say of their reading, and what stops a run, stays the original's.
    for kept in ("readings", "stopping"):
        (folder / f"{kept}.py").write_text(
            f"from hub.execution.{kept} import *  # noqa\nfrom hub.execution.{kept} import {', '.join(KEPT[kept])}\n",
            encoding="utf-8",
        )
    sys.path.insert(0, str(tmp_path))
    try:
        yield importlib.import_module(f"{name}.running")
    finally:
        sys.path.remove(str(tmp_path))
        for loaded in [one for one in sys.modules if one.split(".")[0] == name]:
            del sys.modules[loaded]


KEPT = {
    "readings": ("Reading", "reading_of", "scopes_of", "takes_text_as_it_is", "given"),
    "stopping": ("StoppedError", "Unwatched", "Watch"),
}


@pytest.mark.parametrize("mutant", NOTICED, indirect=True)
def test_a_check_that_is_left_out_is_noticed(mutant: ModuleType) -> None:
    executor = mutant.Executor(SCHEMA)

    @settings(max_examples=2000, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck), report_multiple_bugs=False)  # fmt: skip
    @given(asked=ASKED, world=WORLDS)
    def compare(asked: Asked, world: World) -> None:
        assert answered(executor, asked, world) == answered(REFERENCE, asked, world)

    with pytest.raises(AssertionError):
        compare()


def _field(of: Any, value: Any) -> GraphQLField:
    reading = Reading(plain=lambda _: value)
    return GraphQLField(of, resolve=lambda *_: value, extensions={"reading": reading})


@pytest.mark.parametrize(
    ("of", "value"),
    [
        (GraphQLInt, 2**31),
        (GraphQLInt, "3"),
        (WORD, ValueError("given back")),
        (GraphQLString, GraphQLError("given back", extensions={"code": "TOY"})),
        (GraphQLList(GraphQLString), "letters"),
        (GraphQLList(GraphQLString), {"a": 1}),
        (GraphQLList(GraphQLInt), (n for n in (1, 2))),
        (GraphQLNonNull(GraphQLString), None),
        (GraphQLNonNull(GraphQLString), Undefined),
        (GraphQLString, Undefined),
        (GraphQLFloat, float("inf")),
        (GraphQLNonNull(GraphQLList(GraphQLNonNull(GraphQLInt))), [1, None]),
        (COLOUR, Size.SMALL),
        (COLOUR, [1]),
        (GraphQLBoolean, 2),
    ],
)
def test_an_odd_value_is_judged_by_the_reference(of: Any, value: Any) -> None:
    schema = GraphQLSchema(GraphQLObjectType("Query", {"odd": _field(of, value)}))
    items = list(value) if inspect.isgenerator(value) else None
    answers = []
    for quick in (True, False):
        if items is not None:
            fresh = _field(of, (item for item in items))
            schema = GraphQLSchema(GraphQLObjectType("Query", {"odd": fresh}))
        answers.append(answered(Executor(schema, quick=quick), Asked("{ odd }", {}), World(0, 0)))
    assert answers[0] == answers[1]


async def test_an_operation_that_fails_often_is_left_to_the_reference_for_a_while() -> None:
    attempts = 0

    def rude(_: Any) -> Any:
        nonlocal attempts
        attempts += 1
        raise RuntimeError("on purpose")

    field = GraphQLField(GraphQLString, resolve=lambda *_: None, extensions={"reading": Reading(plain=rude)})
    executor = Executor(GraphQLSchema(GraphQLObjectType("Query", {"rude": field})))
    counts = []
    for _ in range(110):
        await executor.run(Operation("{ rude }"), None, "r")
        counts.append(attempts)
    assert counts[7] == counts[107] == 8
    assert counts[108] == 9
