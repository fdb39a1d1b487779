"""How each field of a schema is read for many parents at once, and how its leaves are written: worked out once.

A field is declared over a batch function, over a function of one parent, or over an attribute (`schema.fields`). What
is declared in another way has no quick reading, and its operations take the reference executor.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from inspect import iscoroutinefunction, signature
from operator import attrgetter
from typing import Any

from graphql import GraphQLEnumType, GraphQLField, GraphQLLeafType, GraphQLObjectType, GraphQLScalarType

Batch = Callable[..., Awaitable[Sequence[Any]]]
"""``(context, parents, **arguments) -> one value for each parent``, after reading."""

Read = Callable[[Any, Sequence[Any], dict[str, Any]], Sequence[Any]]
"""``(info, parents, arguments) -> one value for each parent``, at once."""

Write = Callable[[Iterable[Any]], list[Any]]
"""Values of a leaf type, nulls among them, as they go on the wire."""


@dataclass(frozen=True, slots=True)
class QuickField:
    """A field with its quick reading: over a batch function, or at once."""

    field: GraphQLField
    batch: Batch | None
    read: Read


class QuickFields:
    """The quick readings and writings of one schema, made when they are first asked for."""

    def __init__(self) -> None:
        self._fields: dict[tuple[str, str], QuickField | None] = {}
        self._writes: dict[str, Write] = {}

    def field(self, parent: GraphQLObjectType, name: str) -> QuickField | None:
        """The field of a type, or None where it has no quick reading."""
        key = (parent.name, name)
        if key not in self._fields:
            self._fields[key] = _quick(parent.fields.get(name))
        return self._fields[key]

    def write(self, leaf: GraphQLLeafType) -> Write:
        """How a leaf type is written."""
        found = self._writes.get(leaf.name)
        if found is None:
            found = self._writes[leaf.name] = _write_of(leaf)
        return found


def _quick(field: GraphQLField | None) -> QuickField | None:
    definition = field.extensions.get("strawberry-definition") if field else None
    if field is None or definition is None:
        return None
    if definition.base_resolver is None:
        return QuickField(field, None, _of_attribute(attrgetter(definition.python_name)))
    if batch := definition.metadata.get("batch"):
        return QuickField(field, batch, _nothing)
    plain = definition.metadata.get("plain")
    if plain is None or iscoroutinefunction(plain):
        return None
    return QuickField(field, None, _of_function(plain))


def _nothing(info: Any, parents: Sequence[Any], arguments: dict[str, Any]) -> Sequence[Any]:
    raise AssertionError("a relation is read by its batch function")


def _of_attribute(get: Callable[[Any], Any]) -> Read:
    def read(info: Any, parents: Sequence[Any], arguments: dict[str, Any]) -> Sequence[Any]:
        return list(map(get, parents))

    return read


def _of_function(function: Callable[..., Any]) -> Read:
    def read(info: Any, parents: Sequence[Any], arguments: dict[str, Any]) -> Sequence[Any]:
        return [function(parent, **arguments) for parent in parents]

    def read_with_info(info: Any, parents: Sequence[Any], arguments: dict[str, Any]) -> Sequence[Any]:
        return [function(parent, info, **arguments) for parent in parents]

    return read_with_info if "info" in signature(function).parameters else read


def _write_of(leaf: GraphQLLeafType) -> Write:
    coerce = leaf.coerce_output_value
    if isinstance(leaf, GraphQLEnumType):
        return _names(coerce)
    if _takes_text_as_it_is(leaf):
        return lambda values: [
            value if value.__class__ is str or value is None else coerce(value) for value in values
        ]
    if leaf.name == "Boolean":
        return lambda values: [
            value if value is True or value is False or value is None else coerce(value) for value in values
        ]
    return lambda values: [None if value is None else coerce(value) for value in values]


def _takes_text_as_it_is(leaf: GraphQLLeafType) -> bool:
    if not isinstance(leaf, GraphQLScalarType):
        return False
    definition = leaf.extensions.get("strawberry-definition")
    return leaf.name in ("String", "ID") if definition is None else definition.serialize is str


def _names(coerce: Callable[[Any], Any]) -> Write:
    known: dict[Any, Any] = {None: None}

    def name(value: Any) -> Any:
        if value not in known:
            known[value] = coerce(value)
        return known[value]

    return lambda values: list(map(name, values))
