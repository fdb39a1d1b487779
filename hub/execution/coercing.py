"""Variables of an operation: what is right is coerced at once, what is off goes to the reference executor.

graphql-core looks up the type of each variable for each request, and walks it. Here the walk is done once, when the
operation is compiled. A value that any step refuses raises `NeedsReferenceError`: the reference executor meets the
same value and words the error. Variables with an input object in their type are graphql-core's own business, for its
rules (unknown fields, defaults, one-of, depth) are many and such operations are rare.
"""

from collections.abc import Callable, Mapping
from typing import Any

from graphql import (
    GraphQLInputType,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    OperationDefinitionNode,
    is_input_object_type,
    is_leaf_type,
)
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, get_variable_values
from graphql.pyutils import Undefined
from graphql.utilities.coerce_input_value import coerce_default_value

from hub.execution.leaving import NeedsReferenceError

Coerce = Callable[[Any], Any]
_MISSING = object()


class Variables:
    """The variables of one operation.

    Args:
        schema: knows the types.
        operation: of a valid document.
    """

    def __init__(self, schema: GraphQLSchema, operation: OperationDefinitionNode) -> None:
        self._schema = schema
        self._definitions = operation.variable_definitions or ()
        self._by_reference = False
        self._steps: list[tuple[str, Coerce | None, Any]] = []
        for definition in self._definitions:
            signature = get_variable_signature(schema, definition)
            if not isinstance(signature, GraphQLVariableSignature):
                raise NeedsReferenceError
            coerce = _coercion(signature.type)
            self._by_reference = self._by_reference or coerce is None
            self._steps.append((signature.name, coerce, _when_missing(signature)))

    def coerced(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """The values that arguments see; a nullable variable that is not given and has no default is left out.

        Raises:
            NeedsReferenceError: when a value is not plainly right.
            Exception: whatever a scalar raises for a wrong value.
        """
        if self._by_reference:
            return self.full(inputs).coerced
        found: dict[str, Any] = {}
        for name, coerce, missing in self._steps:
            value = inputs.get(name, _MISSING)
            if value is not _MISSING:
                found[name] = coerce(value)  # type: ignore[misc]  # else `_by_reference`
            elif missing is NeedsReferenceError:
                raise NeedsReferenceError
            elif missing is not Undefined:
                found[name] = missing
        return found

    def full(self, inputs: Mapping[str, Any]) -> VariableValues:
        """The same as graphql-core has it, for arguments that hold variables inside lists or objects.

        Raises:
            NeedsReferenceError: when a value is wrong.
        """
        found = get_variable_values(self._schema, self._definitions, dict(inputs))
        if isinstance(found, list):
            raise NeedsReferenceError
        return found


def _when_missing(signature: GraphQLVariableSignature) -> Any:
    """The default; `Undefined` where the variable is left out, `NeedsReferenceError` where it must be given."""
    if signature.default is not None:
        return coerce_default_value(signature)
    return NeedsReferenceError if isinstance(signature.type, GraphQLNonNull) else Undefined


def _coercion(wanted: GraphQLInputType) -> Coerce | None:
    """How a value of a type is coerced; None where that is graphql-core's business."""
    if isinstance(wanted, GraphQLNonNull):
        inner = _coercion(wanted.of_type)
        return _refusing_null(inner) if inner else None
    if isinstance(wanted, GraphQLList):
        inner = _coercion(wanted.of_type)
        return _list_of(inner) if inner else None
    if is_input_object_type(wanted) or not is_leaf_type(wanted):
        return None
    return _leaf(wanted)


def _refusing_null(inner: Coerce) -> Coerce:
    def coerce(value: Any) -> Any:
        if value is None:
            raise NeedsReferenceError
        return inner(value)

    return coerce


def _list_of(inner: Coerce) -> Coerce:
    def coerce(value: Any) -> Any:
        if value is None:
            return None
        if value.__class__ is not list:  # one item without its brackets, or something wrong
            raise NeedsReferenceError
        return [inner(item) for item in value]

    return coerce


def _leaf(wanted: GraphQLLeafType) -> Coerce:
    from_wire = wanted.coerce_input_value

    def coerce(value: Any) -> Any:
        if value is None:
            return None
        found = from_wire(value)
        if found is Undefined:
            raise NeedsReferenceError
        return found

    return coerce
