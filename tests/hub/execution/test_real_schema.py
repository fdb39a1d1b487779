"""Over the real schema compiled operations and graphql-core's executor must give the same bytes, whatever is asked."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest
from graphql import GraphQLSchema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.execution.compiled import Compiled
from hub.execution.plans import Plan
from hub.execution.running import Operation
from hub.execution.stopping import Unwatched
from hub.graph import FindViewer, nobody
from identity.assurance import AssuranceLevel
from identity.source_access import MaySee, SourceAccess, nobodys_access
from identity.subject import Subject, SubjectKind
from identity.viewer import Viewer
from resolvers.identifiers import global_id
from schema.build import build_schema
from tests.catalogues import BUSINESS, IDENTITY_CARD, Catalogue, empty, files_in, opened
from tests.hub.execution.generating import Asked, operations
from tests.makers import authority, message, online_service, rule, service, specialisation

EXAMPLES = 20_000 if os.environ.get("HUB_TEST_LONG") else 200
VIEWER = Viewer(Subject("s", "Erika", SubjectKind.CITIZEN), AssuranceLevel.SUBSTANTIAL)
SCHEMA: GraphQLSchema = build_schema()._schema  # noqa: SLF001 - the executable schema has no public name

RIGHT: dict[str, list[Any]] = {
    "Ars": ["065320023023", "06", "00", "999999999999"],
    "LeikaKey": [IDENTITY_CARD, BUSINESS, "99999999999999"],
    "EntryId": ["L100042.LB.1", "L100042.OE.2", "L100042.OD.3", "L100042.SP.5", "L100042.ZS.4"],
    "ID": ["hessen", "L100042.OE.2", "nonsense", global_id("Service", IDENTITY_CARD)],
    "Language": ["de", "en", "de-simple"],
    "Postcode": ["35578", "00000"],
    "String": ["wetzlar", "ausweis"],
    "Int": [3, 3, 10, 0],
    "DateTime": ["2026-03-02T11:00:00Z", "2026-01-01T00:00:00+01:00", "2199-01-01T00:00:00Z"],
    "Date": ["2026-03-02"],
    "Boolean": [True, False],
    "ChangeCursor": ["nonsense"],
}
"""What arguments of each type are given; some are wrong, so that errors are compared too."""

WRONG: dict[str, list[Any]] = {
    "Ars": ["0653", 6],
    "Language": ["??"],
    "Int": ["3"],
    "ResponsibilityRole": ["BOSS"],
}


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


@dataclass
class Told:
    """What both executors said.

    Attributes:
        compiled: whether the reference executor was not needed for the first.
        unsaid: whether the viewer was read though the plan says that nobody is asked.
    """

    answer: bytes
    reference: bytes
    compiled: bool
    unsaid: bool


class Both:
    """One catalogue, asked by both executors."""

    def __init__(self, made: Catalogue, runner: asyncio.Runner) -> None:
        self._made = made
        self._runner = runner

    def ask(self, asked: Asked, who: str = "nobody") -> Told:
        return self._runner.run(self._ask(Operation(asked.query, asked.variables), *WHO[who]))

    def turns(self, query: str) -> int:
        """How often others had their turn while a query was answered."""
        return self._runner.run(self._turns(query))

    async def _ask(self, operation: Operation, find_viewer: FindViewer, may_see: MaySee) -> Told:
        assert self._made.reference is not None
        found = await self._made.graph.run(operation, "r", find_viewer, may_see=may_see)
        reference = await self._made.reference.run(operation, "r", find_viewer, may_see=may_see)
        plan = self._made.graph.executor.operations.plan(operation.query)
        compiled = False
        if isinstance(plan, Plan) and isinstance(plan.compiled, Compiled):
            async with self._made.graph.context(find_viewer, may_see=may_see) as context:
                variables = operation.variables or {}
                compiled = await plan.compiled.answer(variables, context, Unwatched()) is not None
        unsaid = found.viewer_was_read and isinstance(plan, Plan) and "viewer" not in plan.facts.scopes
        answers = [orjson.dumps(one.answer.body) for one in (found, reference)]
        return Told(answers[0], answers[1], compiled, unsaid)

    async def _turns(self, query: str) -> int:
        turns = 0

        async def others() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        task = asyncio.create_task(others())
        await self._made.graph.run(Operation("{ sources { key } }"), "r")
        short, turns = turns, 0
        await self._made.graph.run(Operation(query), "r")
        task.cancel()
        return turns - short


@pytest.fixture(scope="module")
def both(filled: Path) -> Iterator[Both]:
    with asyncio.Runner() as runner:
        entered = catalogue_in(filled)
        made = runner.run(entered.__aenter__())
        yield Both(made, runner)
        runner.run(entered.__aexit__(None, None, None))


async def signed_in() -> Viewer | None:
    return VIEWER


async def staff(source: str) -> SourceAccess:
    return SourceAccess.ALLOWED if source == "hessen" else SourceAccess.FORBIDDEN


WHO: dict[str, tuple[FindViewer, MaySee]] = {
    "nobody": (nobody, nobodys_access),
    "viewer": (signed_in, nobodys_access),
    "staff": (nobody, staff),
}


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(asked=operations(SCHEMA, RIGHT, WRONG), who=st.sampled_from(sorted(WHO)))
def test_both_executors_give_the_same_bytes(both: Both, asked: Asked, who: str) -> None:
    told = both.ask(asked, who)
    assert told.answer == told.reference
    assert not told.unsaid


PAGE = """query P($place: Ars!) { services(first: 3) { totalCount edges { node {
  id leikaKey title audiences regulatoryTypes { code label }
  description(area: $place) { title modules { ...M } fees { kind amount minimum maximum } keywords
    legalBases { url } provenance { entryId changedAt level source { name } } }
  responsibilities(area: $place) { role matchedLevel explanation authority { name addresses { city kind } } }
  onlineServices(area: $place) { startUrl onlineService { requiredAssurance } }
  requiredAssurance(area: $place) viewerCanStart(area: $place) { allowed reason }
} } } }
fragment M on TextModule { kind text html language links { url } provenance { inherited } }"""


PLACE = {"place": "065320023023"}


@pytest.mark.parametrize("who", sorted(WHO))
def test_a_page_is_answered_by_compiled_code_and_alike(both: Both, who: str) -> None:
    told = both.ask(Asked(PAGE, PLACE), who)
    assert told.answer == told.reference
    assert b"Personalausweis" in told.answer
    assert told.compiled


@pytest.mark.parametrize(
    "query",
    [
        "{ services(first: 0) { totalCount } }",
        '{ entry(id: "L100042.LB.1") { id } sources { name } service(leikaKey: "99008001012000") { entries(area: "999999999999") { id } } }',
        "query P($place: Ars!) { area(ars: $place) { name } services(first: 101) { totalCount } }",
        '{ sources { key runs(first: 2) { totalCount } } entry(id: "L100042.LB.1") { id } }',
    ],
)
def test_an_answer_with_errors_is_the_reference_executors(both: Both, query: str) -> None:
    told = both.ask(Asked(query, PLACE if "$place" in query else {}))
    assert told.answer == told.reference
    assert b'"errors"' in told.answer
    assert not told.compiled


def test_introspection_is_the_reference_executors(both: Both) -> None:
    told = both.ask(Asked("{ __schema { queryType { name } } sources { key } }", {}))
    assert told.answer == told.reference
    assert b"Query" in told.answer
    assert not told.compiled


def test_nodes_of_several_types_are_told_apart(both: Both) -> None:
    query = """{ a: entry(id: "L100042.LB.1") { __typename id ... on ServiceEntry { title } }
      b: entry(id: "L100042.OE.2") { __typename ... on Authority { name } } c: entry(id: "L100042.OE.99") { id } }"""
    told = both.ask(Asked(query, {}))
    data = orjson.loads(told.answer)["data"]
    assert data["a"]["title"] == "Personalausweis"
    assert data["b"] == {"__typename": "Authority", "name": "Bürgeramt"}
    assert data["c"] is None
    assert told.compiled


def test_what_is_long_leaves_others_their_turn(both: Both) -> None:
    """Reads of SQLite never wait: without a turn now and then nobody else is served, and no deadline cuts."""
    fields = "id ars name level levels validFrom validUntil"
    tree = f"{{ {fields} ancestors {{ {fields} ancestors {{ {fields} ancestors {{ {fields} }} }} }} }}"
    assert (
        both.turns("{ " + " ".join(f'a{n}: area(ars: "065320023023") {tree}' for n in range(15)) + " }") > 0
    )
