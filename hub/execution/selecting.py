"""What a selection asks for, with its fragments spread out and its directives judged, for one type at a time."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graphql import (
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    is_abstract_type,
)

MAX_VISITS = 20_000
"""Selections that are looked at for one operation, each time that its fragments spread them."""
Selected = Sequence[SelectionSetNode | None]


class Selecting:
    """The fields of an operation under one set of conditions.

    Args:
        schema: says which types a fragment is about.
        fragments: the document's fragments by name.
        conditions: the values of the variables that `@skip` and `@include` name.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        conditions: Mapping[str, bool],
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._conditions = conditions
        self._visits = 0

    def fields(self, of_type: GraphQLObjectType, selections: Selected) -> dict[str, list[FieldNode]]:
        """The fields of an object of a type, by the name that each has in the answer.

        Raises:
            GraphQLError: TOO_LARGE, when more was looked at than an operation may hold.
        """
        found: dict[str, list[FieldNode]] = {}
        spread: set[str] = set()
        for one in selections:
            for node in self._walk(one.selections if one else (), of_type, spread):
                name = node.alias.value if node.alias else node.name.value
                found.setdefault(name, []).append(node)
        return found

    def _walk(
        self, nodes: Sequence[SelectionNode], of_type: GraphQLObjectType, spread: set[str]
    ) -> Iterator[FieldNode]:
        for node in nodes:
            self._visits += 1
            if self._visits > MAX_VISITS:
                sentence = "The operation selects too much once its fragments are spread. Ask in parts."
                raise GraphQLError(sentence, extensions={"code": "TOO_LARGE"})
            if not self._included(node.directives or ()):
                continue
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                if node.type_condition is None or self._is(of_type, node.type_condition.name.value):
                    yield from self._walk(node.selection_set.selections, of_type, spread)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
                spread.add(node.name.value)
                fragment = self._fragments[node.name.value]
                if self._is(of_type, fragment.type_condition.name.value):
                    yield from self._walk(fragment.selection_set.selections, of_type, spread)

    def _is(self, of_type: GraphQLObjectType, name: str) -> bool:
        if of_type.name == name:
            return True
        wide = self._schema.get_type(name)
        return wide is not None and is_abstract_type(wide) and self._schema.is_sub_type(wide, of_type)

    def _included(self, directives: Sequence[DirectiveNode]) -> bool:
        for directive in directives:
            name = directive.name.value
            if name in ("skip", "include") and directive.arguments:
                value: Any = directive.arguments[0].value
                said = self._conditions[value.name.value] if isinstance(value, VariableNode) else value.value
                if said is not (name == "include"):
                    return False
        return True
