"""One operation executed: what it may cost known before, errors masked, objects, values and time bounded."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLError, GraphQLSchema

from hub.errors import DatabaseAwayError
from hub.execution.budget import DEADLINE_SECONDS, Budget, too_late
from hub.execution.compiled import Compiled
from hub.execution.fragments import Fragments
from hub.execution.introspecting import Introspections, introspects
from hub.execution.leaving import NeedsReferenceError
from hub.execution.objects import Objects
from hub.execution.operations import Operations
from hub.execution.plans import UNKNOWN, Judge, Plan, Refusal
from hub.execution.prices import prices_of
from hub.execution.reference import executed
from hub.execution.stopping import StoppedError, Watch

log = logging.getLogger(__name__)

FRAGMENT_BYTES = 24 * 1024 * 1024
_ANY = "BAD_REQUEST"
"""The code of an error that brings none of its own."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What a request asks for."""

    query: str
    variables: Mapping[str, Any] | None = None
    name: str | None = None


class Answer:
    """The result of an operation.

    Args:
        executed: whether anything was; if not there is no data (GraphQL specification, section 7.1).
        data: of the answer.
        errors: as they are shown.
        parts: whether parts of the data may be bytes already (`orjson.Fragment`).
    """

    __slots__ = ("_data", "_parts", "errors", "executed")

    def __init__(
        self, executed: bool, data: Any, errors: list[dict[str, Any]], *, parts: bool = False
    ) -> None:
        self._parts = parts
        self.executed = executed
        self._data = data
        self.errors = errors

    @property
    def data(self) -> Any:
        """The data as plain values, for those who go on with it in this process."""
        if not self._parts:
            return self._data
        return orjson.loads(orjson.dumps(self._data))

    @property
    def body(self) -> dict[str, Any]:
        """As it goes on the wire, as plain values."""
        return self._body(self.data)

    def json(self) -> bytes:
        """As it goes on the wire."""
        return orjson.dumps(self._body(self._data))

    def _body(self, data: Any) -> dict[str, Any]:
        body: dict[str, Any] = {}
        if self.errors:
            body["errors"] = self.errors
        if self.executed:
            body["data"] = data
        return body


@dataclass(frozen=True, slots=True)
class Priced:
    """An operation that may run, and the points that it costs at most."""

    plan: Plan
    cost: int


class Executor:
    """Runs operations over one schema: compiled where that gives an answer, else by graphql-core's executor.

    Args:
        schema: what may be asked.
        deadline: seconds for one operation.
        quick: False takes graphql-core's executor always; tests compare the two.
        types_by_class: whether every `is_type_of` and `resolve_type` of the schema looks at a value's class alone.
        fragments: bytes of parts of answers that are kept while their objects last.
        judges: look at each operation once, before it ever runs; see `hub.execution.operations`.
        watch: makes what watches one run of a plan, with the variables as sent and the context; by default a `Budget`.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        deadline: float = DEADLINE_SECONDS,
        *,
        quick: bool = True,
        types_by_class: bool = False,
        fragments: int = FRAGMENT_BYTES,
        judges: Sequence[Judge] = (),
        watch: Callable[[Plan, Mapping[str, Any], Any], Watch] | None = None,
    ) -> None:
        self._watch = watch or (lambda *_: Budget(seconds=deadline))
        self.schema = schema
        self.operations = Operations(schema, judges)
        self._deadline = deadline
        self._objects = Objects(schema, by_class=types_by_class) if quick else None
        self._fragments = Fragments(fragments)
        self._introspections = Introspections(schema)
        self.fallbacks = 0

    def priced(self, operation: Operation) -> Priced | Answer:
        """What an operation costs, or why it may not run; nothing of it is run."""
        plan = self.operations.plan(operation.query, operation.name)
        if isinstance(plan, Refusal):
            return refused(*plan.errors)
        try:
            return Priced(plan, prices_of(self.schema, plan).price(operation.variables or {}))
        except GraphQLError as error:
            return refused(error)

    async def run(self, operation: Operation, context: Any, request_id: str) -> Answer:
        """Execute an operation with a context for its resolvers."""
        priced = self.priced(operation)
        if isinstance(priced, Answer):
            return priced
        variables = dict(operation.variables or {})
        try:
            if introspects(priced.plan.operation):
                return answer_of(await self._introspections.answer(priced.plan, variables), request_id)
            async with asyncio.timeout(self._deadline):
                return await self._within(priced.plan, variables, context, request_id)
        except StoppedError as stopped:
            return refused(stopped.error)
        except TimeoutError:
            return refused(too_late(self._deadline))

    async def _within(self, plan: Plan, variables: dict[str, Any], context: Any, request_id: str) -> Answer:
        if compiled := self._compiled(plan):
            data = await compiled.answer(variables, context, self._watch(plan, variables, context))
            if data is not None:
                return Answer(executed=True, data=data, errors=[], parts=True)
            self.fallbacks += 1
        watch = self._watch(plan, variables, context)
        name = plan.facts.name
        result = await executed(self.schema, plan.document, name, variables, context=context, watch=watch)
        return answer_of(result, request_id)

    def _compiled(self, plan: Plan) -> Compiled | None:
        """The operation as functions, made when it runs first; None where it is the reference executor's."""
        if self._objects is None:
            return None
        if plan.compiled is UNKNOWN:
            try:
                plan.compiled = Compiled(self.schema, self._objects, self._fragments, plan)
            except NeedsReferenceError:
                plan.compiled = None
        compiled: Compiled | None = plan.compiled
        return compiled


def answer_of(result: ExecutionResult, request_id: str) -> Answer:
    """An execution's result as it is shown: what failed on our side is masked and logged.

    Raises:
        DatabaseAwayError: where a field met it; what others had read before is not shown, for it is asked again.
    """
    for met in result.errors or ():
        if isinstance(met.original_error, DatabaseAwayError):
            raise met.original_error
    errors = [_shown(error, request_id) for error in result.errors or ()]
    # Wrong variables are found before anything runs: then there is no data at all.
    executed = not (result.data is None and errors and all("path" not in error for error in errors))
    if not executed:
        for error in errors:
            if error["extensions"]["code"] == _ANY:
                error["extensions"]["code"] = "BAD_VARIABLES"
    return Answer(executed, result.data, errors)


def refused(*errors: GraphQLError) -> Answer:
    """An answer to an operation that was not executed."""
    return Answer(executed=False, data=None, errors=[_formatted(error) for error in errors])


def _formatted(error: GraphQLError) -> dict[str, Any]:
    shown = dict(error.formatted)
    shown["extensions"] = {"code": _ANY, **(error.extensions or {})}
    return shown


def _shown(error: GraphQLError, request_id: str) -> dict[str, Any]:
    original = error.original_error
    if original is None or isinstance(original, GraphQLError):
        if original is not None and not error.extensions:
            error.extensions = dict(original.extensions or {})
        return _formatted(_outermost(error))
    log.error("field %s failed, request %s", error.path, request_id, exc_info=original)
    masked = GraphQLError(
        f"Something went wrong on our side. If it happens again, name the request {request_id}.",
        error.nodes,
        path=error.path,
        extensions={"code": "INTERNAL", "requestId": request_id},
    )
    return _formatted(masked)


def _outermost(error: GraphQLError) -> GraphQLError:
    """A scalar's error is wrapped where a variable or literal holds it: the caller needs its code."""
    cause: BaseException | None = error.original_error or error.__cause__
    while isinstance(cause, GraphQLError):
        if cause.extensions and not error.extensions:
            error.extensions = cause.extensions
        cause = cause.original_error or cause.__cause__
    return error
