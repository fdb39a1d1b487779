"""What an operation selects, once its conditions are known: a tree of object types, fields and arguments.

The tree is made with graphql-core's own functions that collect fields, so that fragments, merged fields and the order
of keys are the reference's. It is made once for each set of values of the variables in @skip and @include.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
    is_object_type,
)
from graphql.execution.collect_fields import (
    CollectedFields,
    FieldDetails,
    FragmentDetails,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues

from hub.execution.arguments import NO_ARGUMENTS, Arguments, arguments_of
from hub.execution.leaving import NeedsReferenceError
from hub.execution.plans import Plan
from hub.execution.readings import Reading, reading_of

_MOST = 400
"""Object types selected, all together; interfaces within interfaces multiply."""


@dataclass(frozen=True, slots=True, eq=False)
class SelectedField:
    """One key of an answer.

    Attributes:
        reading: None for ``__typename``.
        below: what is selected of each object type that a value may have, by its name; empty for leaves.
        deep: whether values are completed for all parents together: a batch function is needed below, or they last.
        lasting: where values may last (`hub.execution.fragments`), what variables decide below them.
    """

    key: str
    type: GraphQLOutputType
    reading: Reading | None
    arguments: Arguments
    below: Mapping[str, "Selection"]
    deep: bool
    lasting: tuple[Arguments, ...] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """What is selected of one object type; `deep` as for fields, the type's own batch functions included.

    The `root` is none of the answer's objects.
    """

    type: GraphQLObjectType
    fields: tuple[SelectedField, ...]
    deep: bool
    root: bool


def conditions_of(plan: Plan) -> tuple[str, ...]:
    """The variables by which @skip and @include of an operation are decided, in a fixed order."""
    found: set[str] = set()
    fragments = _definitions(plan)
    _conditions(plan.operation.selection_set, fragments, found, set())
    return tuple(sorted(found))


def _conditions(
    selected: SelectionSetNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    found: set[str],
    seen: set[str],
) -> None:
    for selection in selected.selections:
        for directive in selection.directives or ():
            if directive.name.value in ("skip", "include"):
                found.update(
                    one.value.name.value
                    for one in directive.arguments or ()
                    if isinstance(one.value, VariableNode)
                )
        if isinstance(selection, FragmentSpreadNode):
            name = selection.name.value
            if name not in seen:
                seen.add(name)
                _conditions(fragments[name].selection_set, fragments, found, seen)
        elif isinstance(selection, FieldNode | InlineFragmentNode) and selection.selection_set:
            _conditions(selection.selection_set, fragments, found, seen)


def _definitions(plan: Plan) -> dict[str, FragmentDefinitionNode]:
    return {
        one.name.value: one for one in plan.document.definitions if isinstance(one, FragmentDefinitionNode)
    }


def select(schema: GraphQLSchema, plan: Plan, conditions: Mapping[str, bool]) -> Selection:
    """What a query selects of the root type.

    Args:
        schema: knows the types.
        plan: of a query.
        conditions: the values of `conditions_of`.

    Raises:
        NeedsReferenceError: when it holds something that has no reading.
    """
    if schema.query_type is None:
        raise NeedsReferenceError
    return _Selecting(schema, plan, conditions).root(schema.query_type)


class _Selecting:
    def __init__(self, schema: GraphQLSchema, plan: Plan, conditions: Mapping[str, bool]) -> None:
        self._schema = schema
        self._operation = plan.operation
        self._values = VariableValues({}, dict(conditions))
        self._fragments = {}
        self._left = _MOST
        for name, definition in _definitions(plan).items():
            if definition.variable_definitions:
                raise NeedsReferenceError
            self._fragments[name] = FragmentDetails(definition)

    def root(self, query: GraphQLObjectType) -> Selection:
        collected = collect_fields(self._schema, self._fragments, self._values, query, self._operation)
        return self._selection(query, collected, root=True)

    def _selection(
        self, of: GraphQLObjectType, collected: CollectedFields, *, root: bool = False
    ) -> Selection:
        self._left -= 1
        if collected.new_defer_usages or self._left < 0:
            raise NeedsReferenceError
        fields = tuple(self._field(of, key, details) for key, details in collected.grouped_field_set.items())
        deep = any(one.deep or (one.reading is not None and one.reading.batch is not None) for one in fields)
        return Selection(of, fields, deep, root)

    def _field(self, of: GraphQLObjectType, key: str, details: list[FieldDetails]) -> SelectedField:
        node = details[0].node
        definition = self._schema.get_field(of, node.name.value)
        if definition is None:
            raise NeedsReferenceError
        if node.name.value == "__typename":
            return SelectedField(key, definition.type, None, NO_ARGUMENTS, {}, deep=False)
        reading = reading_of(definition)
        if reading is None:
            raise NeedsReferenceError
        below = {
            one.name: self._selection(one, self._collected(one, details))
            for one in self._object_types(definition.type)
        }
        lasting = _decided(below.values()) if reading.lasting and below else None
        deep = lasting is not None or any(one.deep for one in below.values())
        arguments = arguments_of(definition, node)
        return SelectedField(key, definition.type, reading, arguments, below, deep, lasting)

    def _collected(self, of: GraphQLObjectType, details: list[FieldDetails]) -> CollectedFields:
        return collect_subfields(self._schema, self._fragments, self._values, self._operation, of, details)

    def _object_types(self, of: GraphQLOutputType) -> Iterator[GraphQLObjectType]:
        named: Any = get_named_type(of)
        if is_object_type(named):
            yield named
        elif is_abstract_type(named):
            yield from self._schema.get_possible_types(named)


def _decided(selections: Iterable[Selection]) -> tuple[Arguments, ...] | None:
    """All arguments below some selections that variables decide; None where anything below has a scope."""
    found: list[Arguments] = []
    for selection in selections:
        for field in selection.fields:
            if field.arguments.whole or (field.reading is not None and field.reading.scope is not None):
                return None
            below = _decided(field.below.values())
            if below is None:
                return None
            found.extend((*((field.arguments,) if field.arguments.filled else ()), *below))
    return tuple(found)
