"""The arguments of one field: what the document says is worked out once, variables are filled in by each request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    ArgumentNode,
    FieldNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLNonNull,
    ListValueNode,
    ObjectValueNode,
    ValueNode,
    VariableNode,
)
from graphql.execution.values import VariableValues
from graphql.pyutils import Undefined
from graphql.type import is_required_argument
from graphql.utilities.coerce_input_value import coerce_default_value, coerce_input_literal

from hub.execution.leaving import NeedsReferenceError
from hub.execution.readings import given

Fill = Callable[[Mapping[str, Any], VariableValues | None], Any]
"""The value of one argument by the variables; `Undefined` where it is left out."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a field is called with.

    Attributes:
        constant: those that are the same for every request.
        filled: those that variables decide.
        whole: whether a variable stands inside a list or an object: then `values` wants graphql-core's own form too.
    """

    constant: Mapping[str, Any]
    filled: tuple[tuple[str, Fill], ...] = ()
    whole: bool = False

    @property
    def any(self) -> bool:
        """Whether there are any."""
        return bool(self.constant or self.filled)

    def values(self, variables: Mapping[str, Any], whole: VariableValues | None) -> Mapping[str, Any]:
        """The arguments of one request.

        Raises:
            NeedsReferenceError: when a value is missing or null where it may not be.
        """
        if not self.filled:
            return self.constant
        found = dict(self.constant)
        for name, fill in self.filled:
            value = fill(variables, whole)
            if value is not Undefined:
                found[name] = value
        return given(found)


NO_ARGUMENTS = Arguments({})


def arguments_of(definition: GraphQLField, node: FieldNode) -> Arguments:
    """The arguments of a field of a valid document.

    Raises:
        NeedsReferenceError: when one is wrong whatever the variables are.
    """
    if not definition.args:
        return NO_ARGUMENTS
    named = {one.name.value: one for one in node.arguments or ()}
    constant: dict[str, Any] = {}
    filled: list[tuple[str, Fill]] = []
    whole = False
    for name, argument in definition.args.items():
        out = argument.out_name or name
        stated = named.get(name)
        if stated is not None and _has_variable(stated.value):
            whole = whole or not isinstance(stated.value, VariableNode)
            filled.append((out, _fill(argument, stated)))
        else:
            value = _constant(argument, stated)
            if value is not Undefined:
                constant[out] = value
    return Arguments(given(constant), tuple(filled), whole)


def _has_variable(value: ValueNode) -> bool:
    if isinstance(value, ListValueNode):
        return any(map(_has_variable, value.values))
    if isinstance(value, ObjectValueNode):
        return any(_has_variable(one.value) for one in value.fields)
    return isinstance(value, VariableNode)


def _default(argument: GraphQLArgument) -> Any:
    if is_required_argument(argument):
        raise NeedsReferenceError
    return coerce_default_value(argument)


def _constant(argument: GraphQLArgument, stated: ArgumentNode | None) -> Any:
    if stated is None:
        return _default(argument)
    value = coerce_input_literal(stated.value, argument.type)
    if value is Undefined:
        raise NeedsReferenceError
    return value


def _fill(argument: GraphQLArgument, stated: ArgumentNode) -> Fill:
    if isinstance(stated.value, VariableNode):
        return _of_variable(argument, stated.value.name.value)
    return _of_literal(argument, stated.value)


def _of_variable(argument: GraphQLArgument, name: str) -> Fill:
    missing = NeedsReferenceError if is_required_argument(argument) else coerce_default_value(argument)
    never_null = isinstance(argument.type, GraphQLNonNull)

    def fill(variables: Mapping[str, Any], whole: VariableValues | None) -> Any:
        value = variables.get(name, missing)
        if value is NeedsReferenceError or (value is None and never_null):
            raise NeedsReferenceError
        return value

    return fill


def _of_literal(argument: GraphQLArgument, literal: ValueNode) -> Fill:
    def fill(variables: Mapping[str, Any], whole: VariableValues | None) -> Any:
        value = coerce_input_literal(literal, argument.type, whole)
        if value is Undefined:
            raise NeedsReferenceError
        return value

    return fill
