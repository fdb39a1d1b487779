"""The quick way and graphql-core's executor must give the same bytes, whatever is asked."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_composite_type,
    is_non_null_type,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.execution.quick import Request, answer_quickly
from hub.execution.running import Executor, Operation
from schema.build import build_schema
from tests.catalogues import BUSINESS, IDENTITY_CARD, Catalogue, empty, files_in, opened
from tests.makers import authority, message, online_service, rule, service, specialisation

SCHEMA: GraphQLSchema = build_schema()._schema  # noqa: SLF001 - the executable schema has no public name

ARGUMENTS = {
    "Ars": ['"065320023023"', '"06"', '"00"', '"999999999999"', "$place"],
    "LeikaKey": [f'"{IDENTITY_CARD}"', f'"{BUSINESS}"', '"99999999999999"'],
    "EntryId": ['"L100042.LB.1"', '"L100042.OE.2"', '"L100042.OD.3"', '"L100042.SP.5"', '"L100042.ZS.4"'],
    "ID": ['"hessen"', '"L100042.OE.2"', '"nonsense"'],
    "Language": ['"de"', '"en"', "null"],
    "Postcode": ['"35578"', '"00000"'],
    "String": ['"wetzlar"', '"ausweis"', "null"],
    "Int": ["3", "0"],
    "DateTime": ['"2026-03-02T11:00:00Z"', '"2026-01-01T00:00:00+01:00"', '"2199-01-01T00:00:00Z"', "null"],
    "Date": ['"2026-03-02"', "null"],
    "Boolean": ["true", "null"],
    "ResponsibilityRole": ["COMPETENT_AUTHORITY", "CONTACT_POINT"],
    "TextModuleKind": ["[SHORT_TEXT, TITLE]", "[OTHER]", "null"],
    "ObjectOutcome": ["[ADDED]", "null"],
    "Audience": ["CITIZEN"],
    "ChangeCursor": ["null", '"nonsense"'],
}
"""What arguments of each type are given; some are wrong, so that errors are compared too."""


@pytest.fixture(scope="module")
def filled(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    shutil.copytree(template, folder, dirs_exist_ok=True)

    async def deliver() -> None:
        async with catalogue_in(folder) as made:
            await made.deliver("hessen", MESSAGE)

    in_own_loop(deliver())
    return folder


MESSAGE = message(
    writes=[
        service(
            "1",
            IDENTITY_CARD,
            title={"de": "Personalausweis", "en": "Identity card"},
            modules={"05": {"de": "<p>Kurz &amp; gut</p>", "en": "<p>Short</p>"}, "07": "<a href='https://a.example'>a</a>"},
            fees=["37.00", ("10.00", "20.00"), None],
            keywords=["Perso"],
            level="30",
        ),
        service("7", BUSINESS, title=None, level="15"),
        authority("2", {"de": "Bürgeramt", "en": "Citizens' office"}),
        online_service("3", level="40"),
        rule("4", "2", "1"),
        rule("6", "3", "1", online=True),
        specialisation("5", "1", fees=["12.50"]),
    ]
)  # fmt: skip


@asynccontextmanager
async def catalogue_in(folder: Path) -> AsyncIterator[Catalogue]:
    async with opened(files_in(folder)) as (catalog, operations):
        yield empty(catalog, operations, folder)


def in_own_loop(work: Any) -> Any:
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@st.composite
def operations(draw: st.DrawFn) -> str:
    """A valid query: fields, aliases, fragments, directives and arguments drawn from the schema."""
    assert SCHEMA.query_type is not None
    return f"query Q($place: Ars!, $yes: Boolean!) {selection(draw, SCHEMA.query_type, 4)}"


def selection(draw: st.DrawFn, of: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> str:
    names = [
        name
        for name, field in of.fields.items()
        if (depth or not is_composite_type(get_named_type(field.type)))
        and all(pool(one) for one in field.args.values() if is_non_null_type(one.type))
    ]
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=4)) if names else []
    parts = [part(draw, number, name, of.fields[name], depth) for number, name in enumerate(chosen)]
    if isinstance(of, GraphQLInterfaceType):
        possible = draw(st.sampled_from(SCHEMA.get_possible_types(of)))
        parts.append(f"... on {possible.name} {selection(draw, possible, max(depth - 1, 0))}")
    if draw(st.booleans()):
        parts.append("__typename")
    if draw(st.booleans()):
        parts.append(f"... on {of.name} @skip(if: $yes) {{ hidden: __typename }}")
    return "{ " + " ".join(parts or ["__typename"]) + " }"


def pool(argument: GraphQLArgument) -> list[str]:
    """Values for an argument; none for a type that the graph has got since, until `ARGUMENTS` names it."""
    wanted = get_named_type(argument.type)
    of_enum = list(wanted.values)[:2] if isinstance(wanted, GraphQLEnumType) else []
    values = ARGUMENTS.get(wanted.name, of_enum)
    return [value for value in values if not (is_non_null_type(argument.type) and value == "null")]


def part(draw: st.DrawFn, number: int, name: str, field: GraphQLField, depth: int) -> str:
    given = []
    for argument, definition in field.args.items():
        values = pool(definition)
        if is_non_null_type(definition.type) or (values and draw(st.booleans())):
            given.append(f"{argument}: {draw(st.sampled_from(values))}")
    inner = get_named_type(field.type)
    composite = isinstance(inner, GraphQLObjectType | GraphQLInterfaceType)
    below = selection(draw, inner, depth - 1) if composite else ""  # type: ignore[arg-type]
    return f"f{number}: {name}{'(' + ', '.join(given) + ')' if given else ''} {below}"


def compared(folder: Path, query: str, variables: dict[str, Any]) -> tuple[bytes, bytes]:
    """The answer of each executor."""

    async def both() -> tuple[bytes, bytes]:
        async with catalogue_in(folder) as made:
            quickly = await made.answer(query, variables)
            made.graph.executor = Executor(SCHEMA, quick=False)
            return orjson.dumps(quickly), orjson.dumps(await made.answer(query, variables))

    answers: tuple[bytes, bytes] = in_own_loop(both())
    return answers


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(query=operations())
def test_both_ways_give_the_same_bytes(filled: Path, query: str) -> None:
    quickly, reference = compared(filled, query, {"place": "065320023023", "yes": True})
    assert quickly == reference


PAGE = """query P($place: Ars!) { services(first: 3) { totalCount edges { node {
  id leikaKey title audiences regulatoryTypes { code label }
  description(area: $place) { title modules { ...M } fees { kind amount minimum maximum } keywords
    legalBases { url } provenance { entryId changedAt level source { name } } }
  responsibilities(area: $place) { role matchedLevel explanation authority { name addresses { city kind } } }
  onlineServices(area: $place) { startUrl onlineService { requiredAssurance } }
  requiredAssurance(area: $place) viewerCanStart(area: $place) { allowed reason }
} } } }
fragment M on TextModule { kind text html language links { url } provenance { inherited } }"""


async def quick_data(folder: Path, query: str, variables: dict[str, Any]) -> dict[str, Any] | None:
    """What the quick way alone gives."""
    async with catalogue_in(folder) as made:
        executor = made.graph.executor
        document = executor.operations.document(query)
        assert document.node is not None, document.errors
        found: list[dict[str, Any] | None] = []

        class Spy(Executor):
            async def run(self, operation: Operation, context: Any, request_id: str) -> Any:
                definition = document.operation(None)
                assert document.node is not None
                assert definition is not None
                request = Request(document.node, definition, variables, context)
                assert self._fields is not None
                found.append(await answer_quickly(self.schema, self._fields, request))
                return await super().run(operation, context, request_id)

        made.graph.executor = Spy(SCHEMA)
        await made.answer(query, variables)
        return found[0]


def test_a_page_is_answered_quickly_and_alike(filled: Path) -> None:
    variables = {"place": "065320023023"}
    quickly, reference = compared(filled, PAGE, variables)
    assert quickly == reference
    assert b"Personalausweis" in quickly
    assert in_own_loop(quick_data(filled, PAGE, variables)) == orjson.loads(reference)["data"]


@pytest.mark.parametrize(
    "query",
    [
        "{ services(first: 0) { totalCount } }",
        '{ entry(id: "L100042.LB.1") { id } sources { name } service(leikaKey: "99008001012000") { entries(area: "999999999999") { id } } }',
        "query P($place: Ars!) { area(ars: $place) { name } services(first: 101) { totalCount } }",
    ],
)
def test_an_answer_with_errors_is_the_reference_executors(filled: Path, query: str) -> None:
    variables = {"place": "065320023023"} if "$place" in query else {}
    quickly, reference = compared(filled, query, variables)
    assert quickly == reference
    assert b'"errors"' in reference
    assert in_own_loop(quick_data(filled, query, variables)) is None


def test_introspection_is_the_reference_executors(filled: Path) -> None:
    query = "{ __schema { queryType { name } } sources { key } }"
    quickly, reference = compared(filled, query, {})
    assert quickly == reference
    assert b"Query" in quickly


def test_nodes_of_several_types_are_told_apart(filled: Path) -> None:
    query = """{ a: entry(id: "L100042.LB.1") { __typename id ... on ServiceEntry { title } }
      b: entry(id: "L100042.OE.2") { __typename ... on Authority { name } } c: entry(id: "L100042.OE.99") { id } }"""
    data = in_own_loop(quick_data(filled, query, {}))
    assert data["a"]["title"] == "Personalausweis"
    assert data["b"] == {"__typename": "Authority", "name": "Bürgeramt"}
    assert data["c"] is None


def test_what_is_long_leaves_others_their_turn(filled: Path) -> None:
    """Reads of SQLite never wait: without a turn now and then nobody else is served, and no deadline cuts."""
    fields = "id ars name level levels validFrom validUntil"
    tree = f"{{ {fields} ancestors {{ {fields} ancestors {{ {fields} ancestors {{ {fields} }} }} }} }}"
    query = "{ " + " ".join(f'a{n}: area(ars: "065320023023") {tree}' for n in range(15)) + " }"

    async def turns() -> int:
        async with catalogue_in(filled) as made:
            turns = 0

            async def others() -> None:
                nonlocal turns
                while True:
                    turns += 1
                    await asyncio.sleep(0)

            task = asyncio.create_task(others())
            await made.ask("{ sources { key } }")
            short, turns = turns, 0
            await made.ask(query)
            task.cancel()
            return turns - short

    assert in_own_loop(turns()) > 0
