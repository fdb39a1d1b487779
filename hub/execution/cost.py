"""What an operation may cost, known before it runs: points, each about as much work as one object of the answer.

An object is a point. A list is as many as `first` or `last` say; a list without them as many as its field declares
(`size`), else three. A field may declare points of its own (`cost`): a search is more work than a look-up. Variables
are counted in, `@skip` and `@include` too; what a selection has twice counts once; of several possible types the
dearest counts. Introspection has a price whatever is asked in it, for its answer is kept.

A connection (Relay's specification) hands its size down to the list `edges` or `nodes` in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    GraphQLCompositeType,
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_composite_type,
    is_list_type,
)

from hub.execution.selecting import Selected, Selecting
from hub.execution.sizes import TYPICAL_SIZE, Size, size_of

REQUEST_COST = 10
"""Points of any request: reading it, and writing its answer."""
MAX_COST = 10_000
_INTROSPECTION = {"__schema": 500, "__type": 100, "__typename": 0}
_LISTS_OF_CONNECTIONS = ("edges", "nodes")
_Groups = Mapping[str, Sequence[FieldNode]]


@dataclass(slots=True)
class Term:
    """The price of one field: `own` points, and `size` times what stands in it for each object of it."""

    own: int
    size: Size
    fixed: int = 0
    changing: list["Term"] = field(default_factory=list)

    def price(self, variables: Mapping[str, Any]) -> int:
        """Points under these variables."""
        inside = self.fixed + sum(term.price(variables) for term in self.changing)
        return self.own + self.size.value(variables) * inside

    def add(self, term: "Term") -> None:
        """Count one more field in each object; what no variable changes is added up at once."""
        if term.changing or term.size.changes:
            self.changing.append(term)
        else:
            self.fixed += term.price({})


class Pricing:
    """The prices of one schema's operations."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema

    def term(self, operation: OperationDefinitionNode, selecting: Selecting) -> Term:
        """The price of a valid operation, as a function of its variables.

        Raises:
            GraphQLError: TOO_LARGE, where there is too much to look at.
        """
        defaults = {
            definition.variable.name.value: definition.default_value
            for definition in operation.variable_definitions or ()
        }
        root = self._schema.get_root_type(operation.operation)
        if root is None:
            raise ValueError("the operation was not checked")
        found = _Walk(self._schema, selecting, defaults).objects(root, [operation.selection_set], None)
        return Term(REQUEST_COST - 1, Size.ONE, found.fixed, found.changing)


@dataclass(slots=True)
class _Walk:
    schema: GraphQLSchema
    selecting: Selecting
    defaults: Mapping[str, Any]

    def objects(self, parent: GraphQLCompositeType, selections: Selected, handed_down: Size | None) -> Term:
        """What stands for each object of a type: the object itself, and all that is selected in it."""
        if not is_abstract_type(parent):
            return self._of_type(parent, self.selecting.fields(parent, selections), handed_down)  # type: ignore[arg-type]
        by_fields: dict[tuple[int, ...], Term] = {}
        for possible in self.schema.get_possible_types(parent):
            groups = self.selecting.fields(possible, selections)
            known = tuple(id(node) for nodes in groups.values() for node in nodes)
            if known not in by_fields:
                by_fields[known] = self._of_type(possible, groups, handed_down)
        return _dearest(list(by_fields.values()))

    def _of_type(self, parent: GraphQLObjectType, groups: _Groups, handed_down: Size | None) -> Term:
        whole = Term(0, Size.ONE, 1)
        for nodes in groups.values():
            whole.add(self._field(parent, nodes, handed_down))
        return whole

    def _field(self, parent: GraphQLObjectType, nodes: Sequence[FieldNode], handed_down: Size | None) -> Term:
        name = nodes[0].name.value
        if name in _INTROSPECTION:
            return Term(_INTROSPECTION[name], Size.ONE)
        wanted = parent.fields[name]
        own, typical = _declared(wanted)
        asked = size_of(nodes[0], wanted, self.defaults)
        named = get_named_type(wanted.type)
        if not is_composite_type(named):
            return Term(own, asked or Size.ONE)
        if not _is_list(wanted.type):
            size, down = Size.ONE, asked
        elif asked is not None:
            size, down = asked, None
        elif handed_down is not None and name in _LISTS_OF_CONNECTIONS:
            size, down = handed_down, None
        else:
            size, down = Size(typical), None
        inside = self.objects(named, [node.selection_set for node in nodes], down)
        if down is not None and down.changes:  # judged even where the list itself is not selected
            inside.changing.append(Term(0, down))
        return Term(own, size, inside.fixed, inside.changing)


def _dearest(terms: Sequence[Term]) -> Term:
    """The price of what may be of several types."""
    changing = [term for term in terms if term.changing]
    fixed = max((term.fixed for term in terms if not term.changing), default=1)
    if not changing:
        return Term(0, Size.ONE, fixed)
    return Term(0, Size.ONE, 0, [_Dearest(0, Size.ONE, fixed, changing)])


class _Dearest(Term):
    """The dearest of several."""

    def price(self, variables: Mapping[str, Any]) -> int:
        """Points under these variables."""
        return max(self.fixed, *(term.price(variables) for term in self.changing))


def _is_list(wanted: GraphQLOutputType) -> bool:
    return is_list_type(get_nullable_type(wanted))


def _declared(wanted: GraphQLField) -> tuple[int, int]:
    """A field's own points and the typical size of its list, from how it was declared."""
    definition = wanted.extensions.get("strawberry-definition")
    said: Mapping[str, Any] = wanted.extensions if definition is None else definition.metadata
    return said.get("cost", 0), said.get("size", TYPICAL_SIZE)
