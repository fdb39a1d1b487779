"""Operations compiled to Python, kept with their plans, and tried before the reference executor.

They only ever give answers without errors. An exception, a null where none may be, a thing that is not known here: the
attempt is thrown away, and the reference executor runs, so that errors are its own to the letter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cachetools import LRUCache
from graphql import GraphQLSchema, OperationType

from hub.execution.coercing import Variables
from hub.execution.columns import Rows
from hub.execution.fragments import Fragments
from hub.execution.leaving import NeedsReferenceError
from hub.execution.objects import Info, Objects
from hub.execution.plans import Plan
from hub.execution.rows import Module
from hub.execution.running_state import Run
from hub.execution.selections import Selection, conditions_of, select
from hub.execution.stopping import StoppedError, Watch

_VARIANTS = 32
"""Functions kept of one operation: one for each set of values of the variables in its @skip and @include."""
_PATIENCE = 8
"""Attempts in a row that are thrown away before an operation is left to the reference executor for a while."""
_PAUSE = 100
"""Runs for which it is left to it."""


@dataclass(frozen=True, slots=True)
class _Variant:
    rows: Rows
    whole: bool


class Compiled:
    """One operation as functions.

    Args:
        schema: knows the types.
        objects: of the schema.
        fragments: bytes of what lasts.
        plan: of a query that compiles.

    Raises:
        NeedsReferenceError: when it can't be compiled.
    """

    def __init__(self, schema: GraphQLSchema, objects: Objects, fragments: Fragments, plan: Plan) -> None:
        self._fragments = fragments
        facts = plan.facts
        unfit = facts.introspects or facts.incremental or plan.operation.directives
        if facts.kind is not OperationType.QUERY or unfit:
            raise NeedsReferenceError
        self._schema = schema
        self._objects = objects
        self._plan = plan
        self._variables = Variables(schema, plan.operation)
        self._conditions = conditions_of(plan)
        self._variants: LRUCache[tuple[Any, ...], _Variant | None] = LRUCache(_VARIANTS)
        self._failed = 0
        self._paused = 0

    async def answer(self, variables: Mapping[str, Any], context: Any, watch: Watch) -> dict[str, Any] | None:
        """The data, parts of it perhaps as bytes (`orjson.Fragment`); None where the reference executor has to run.

        Raises:
            StoppedError: as the watch says.
        """
        if self._paused:
            self._paused -= 1
            return None
        try:
            data = await self._attempt(variables, context, watch)
        except StoppedError:
            raise
        except Exception:  # noqa: BLE001 - whatever it was, the reference executor meets it again and reports it
            self._failed += 1
            if self._failed >= _PATIENCE:
                self._failed, self._paused = 0, _PAUSE
            return None
        self._failed = 0
        return data

    async def _attempt(self, variables: Mapping[str, Any], context: Any, watch: Watch) -> dict[str, Any]:
        coerced = self._variables.coerced(variables)
        variant = self._variant(coerced)
        whole = self._variables.full(variables) if variant.whole else None
        run = Run(Info(context, self._schema), coerced, whole, watch)
        (data,) = await variant.rows(run, [None])
        answer: dict[str, Any] = data
        return answer

    def _variant(self, variables: Mapping[str, Any]) -> _Variant:
        values = tuple(variables.get(name) for name in self._conditions)
        if not all(value is True or value is False for value in values):
            raise NeedsReferenceError
        if values not in self._variants:
            self._variants[values] = self._compiled(dict(zip(self._conditions, values, strict=True)))
        found = self._variants[values]
        if found is None:
            raise NeedsReferenceError
        return found

    def _compiled(self, conditions: Mapping[str, Any]) -> _Variant | None:
        try:
            selection = select(self._schema, self._plan, conditions)
            rows = Module(self._objects, self._fragments).compiled(selection)
        except (NeedsReferenceError, SyntaxError, MemoryError, RecursionError):
            return None
        return _Variant(rows, _wants_whole(selection))


def _wants_whole(selection: Selection) -> bool:
    return any(
        field.arguments.whole or any(map(_wants_whole, field.below.values())) for field in selection.fields
    )
