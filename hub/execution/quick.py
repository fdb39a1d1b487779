"""The quick way through a query: layer by layer, every field once for all its parents, its batch function in one call.

It only ever gives answers without errors. A null where none may be, an exception, a thing that it does not know: the
attempt is thrown away and the reference executor runs, so that errors are the reference's to the letter. Both call
the same functions of `resolvers`.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    is_abstract_type,
    is_leaf_type,
)
from graphql.execution.collect_fields import (
    CollectedFields,
    FieldDetails,
    FragmentDetails,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues, get_argument_values, get_variable_values

from hub.execution.fields import QuickFields
from hub.execution.readings import given
from hub.execution.stopping import StoppedError, Unwatched, Watch

_UNWATCHED = Unwatched()
_TURN = 1000
"""Values after which other requests have their turn."""


class NotQuickError(Exception):
    """The reference executor has to judge."""


@dataclass(frozen=True, slots=True)
class QuickInfo:
    """What fields of one parent may know of the request."""

    context: Any


@dataclass(frozen=True, slots=True)
class _Layer:
    """Objects of one type whose fields are still to be read: `parents` into `answers`."""

    type: GraphQLObjectType
    selected: CollectedFields
    parents: Sequence[Any]
    answers: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Request:
    """A valid document, which of its operations is meant, its variables as sent, and what resolvers may use."""

    document: DocumentNode
    operation: OperationDefinitionNode
    variables: dict[str, Any]
    context: Any
    watch: Watch = _UNWATCHED


async def answer_quickly(
    schema: GraphQLSchema, fields: QuickFields, request: Request
) -> dict[str, Any] | None:
    """The data of a query, or None where the reference executor has to run."""
    operation = request.operation
    if operation.operation is not OperationType.QUERY or operation.directives:
        return None
    variables = get_variable_values(schema, operation.variable_definitions or (), request.variables)
    if isinstance(variables, list):
        return None
    try:
        return await _Run(schema, fields, request, variables).data()
    except StoppedError:
        raise
    except Exception:  # noqa: BLE001 - whatever it was, the reference executor meets it again and reports it
        return None


def _fragments(document: DocumentNode) -> dict[str, FragmentDetails]:
    found = {}
    for definition in document.definitions:
        if isinstance(definition, FragmentDefinitionNode):
            if definition.variable_definitions:
                raise NotQuickError
            found[definition.name.value] = FragmentDetails(definition)
    return found


class _Run:
    def __init__(
        self, schema: GraphQLSchema, fields: QuickFields, request: Request, variables: VariableValues
    ) -> None:
        self._schema = schema
        self._fields = fields
        self._fragments = _fragments(request.document)
        self._operation = request.operation
        self._variables = variables
        self._info = QuickInfo(request.context)
        self._layers: list[_Layer] = []
        self._watch = request.watch
        self._since_turn = 0

    async def data(self) -> dict[str, Any]:
        """Read layer after layer; those that appear while one is read stand behind it."""
        data: dict[str, Any] = {}
        root = self._schema.query_type
        if root is None:
            raise NotQuickError
        selected = collect_fields(self._schema, self._fragments, self._variables, root, self._operation)
        self._layers.append(_Layer(root, selected, [None], [data]))
        for layer in self._layers:
            for name, details in layer.selected.grouped_field_set.items():
                values = await self._values(layer, details)
                for answer, value in zip(layer.answers, values, strict=True):
                    answer[name] = value
                await self._breathe(len(values))
        return data

    async def _breathe(self, values: int) -> None:
        """Let others have their turn, and the deadline: reads of SQLite never wait, so nothing else would."""
        self._since_turn += values
        if self._since_turn >= _TURN:
            self._since_turn = 0
            await asyncio.sleep(0)

    async def _values(self, layer: _Layer, details: list[FieldDetails]) -> list[Any]:
        """One field of a layer: a value for each parent, as it goes on the wire; objects are filled later."""
        node = details[0].node
        if node.name.value == "__typename":
            return [layer.type.name] * len(layer.parents)
        quick = self._fields.field(layer.type, node.name.value)
        if quick is None or layer.selected.new_defer_usages:
            raise NotQuickError
        arguments = given(get_argument_values(quick.field, node, self._variables)) if quick.field.args else {}
        if quick.batch is not None:
            values = await quick.batch(self._info.context, layer.parents, **arguments)
        else:
            values = quick.read(self._info, layer.parents, arguments)
        return self._completed(quick.field.type, values, details)

    def _completed(
        self, wanted: GraphQLOutputType, values: Sequence[Any], details: list[FieldDetails]
    ) -> list[Any]:
        if isinstance(wanted, GraphQLNonNull):
            completed = self._completed(wanted.of_type, values, details)
            if None in completed:
                raise NotQuickError
            return completed
        if isinstance(wanted, GraphQLList):
            return self._lists(wanted.of_type, values, details)
        if is_leaf_type(wanted):
            return self._leaves(wanted, values)
        if isinstance(wanted, GraphQLObjectType):
            return self._objects(wanted, values, details)
        return self._of_several_types(wanted, values, details)

    def _leaves(self, wanted: GraphQLLeafType, values: Sequence[Any]) -> list[Any]:
        written = self._fields.write(wanted)(values)
        if None in written and written.count(None) != list(values).count(None):
            raise NotQuickError
        return written

    def _lists(
        self, wanted: GraphQLOutputType, values: Sequence[Any], details: list[FieldDetails]
    ) -> list[Any]:
        lists = [None if value is None else list(value) for value in values]
        items = iter(
            self._completed(wanted, [item for one in lists if one is not None for item in one], details)
        )
        return [None if one is None else [next(items) for _ in one] for one in lists]

    def _of_several_types(
        self, wanted: GraphQLOutputType, values: Sequence[Any], details: list[FieldDetails]
    ) -> list[Any]:
        completed: list[Any] = [None] * len(values)
        if not is_abstract_type(wanted):
            raise NotQuickError
        missing = {place for place, value in enumerate(values) if value is not None}
        for possible in self._schema.get_possible_types(wanted):
            found = [place for place in sorted(missing) if self._is_of(possible, values[place])]
            answers = self._objects(possible, [values[place] for place in found], details)
            for place, answer in zip(found, answers, strict=True):
                completed[place] = answer
            missing.difference_update(found)
        if missing:
            raise NotQuickError
        return completed

    def _is_of(self, wanted: GraphQLObjectType, value: Any) -> bool:
        return wanted.is_type_of is not None and bool(wanted.is_type_of(value, self._info))  # type: ignore[arg-type]

    def _objects(
        self, wanted: GraphQLObjectType, values: Sequence[Any], details: list[FieldDetails]
    ) -> list[Any]:
        parents = [value for value in values if value is not None]
        if wanted.is_type_of and not all(self._is_of(wanted, parent) for parent in parents):
            raise NotQuickError
        answers: list[dict[str, Any]] = [{} for _ in parents]
        if parents:
            selected = collect_subfields(
                self._schema, self._fragments, self._variables, self._operation, wanted, details
            )
            self._watch.nodes(len(parents), len(selected.grouped_field_set))
            self._layers.append(_Layer(wanted, selected, parents, answers))
        if len(parents) == len(values):
            return list(answers)
        filled = iter(answers)
        return [None if value is None else next(filled) for value in values]
