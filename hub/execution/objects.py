"""Which values are objects of a type: asked once for each class, where `is_type_of` looks at nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any

from graphql import GraphQLAbstractType, GraphQLObjectType, GraphQLSchema, default_type_resolver
from graphql.pyutils import Undefined

from hub.execution.leaving import NeedsReferenceError


@dataclass(frozen=True, slots=True)
class Info:
    """What a field's function, `is_type_of` and `resolve_type` may know of a request; a part of graphql-core's own."""

    context: Any
    schema: GraphQLSchema
    field_name: str = ""
    is_awaitable: Callable[[Any], bool] = isawaitable


Check = Callable[[Any, Info], None]
"""Raises `NeedsReferenceError` for what is no object of the type."""

Kind = Callable[[Any, Info], str]
"""The name of a value's object type."""


class Objects:
    """The object types of one schema.

    Args:
        schema: knows them.
        by_class: whether every `is_type_of` and `resolve_type` of it looks at nothing but the value's class.
    """

    def __init__(self, schema: GraphQLSchema, *, by_class: bool) -> None:
        self.schema = schema
        self.by_class = by_class
        self._known: dict[str, set[type]] = {}
        self._kinds: dict[str, dict[type, str]] = {}

    def known(self, wanted: GraphQLObjectType) -> set[type]:
        """Classes whose values need no check; a check that passes adds to it."""
        return self._known.setdefault(wanted.name, set())

    def asks_each(self, wanted: GraphQLObjectType) -> bool:
        """Whether every value must be checked."""
        return wanted.is_type_of is not None and not self.by_class

    def check(self, wanted: GraphQLObjectType) -> Check:
        """Refuses what is no object of the type: nulls, exceptions, what is still to come, rows of other types."""
        known = self.known(wanted)
        asks_each = self.asks_each(wanted)
        is_type_of: Any = wanted.is_type_of

        def check(value: Any, info: Info) -> None:
            unfit = value is None or value is Undefined or isinstance(value, Exception) or isawaitable(value)
            if unfit or (is_type_of is not None and is_type_of(value, info) is not True):
                raise NeedsReferenceError
            if not asks_each:
                known.add(value.__class__)

        return check

    def kind(self, wanted: GraphQLAbstractType) -> Kind:
        """The object type of a value of an interface or union, as the schema resolves it."""
        kinds = self._kinds.setdefault(wanted.name, {})
        resolve: Any = wanted.resolve_type or default_type_resolver
        by_class = self.by_class
        schema = self.schema

        def kind(value: Any, info: Info) -> str:
            found = kinds.get(value.__class__)
            if found is None:
                if value is None or value is Undefined or isinstance(value, Exception) or isawaitable(value):
                    raise NeedsReferenceError
                resolved = resolve(value, info, wanted)
                possible = schema.get_type(resolved) if isinstance(resolved, str) else None
                if not isinstance(possible, GraphQLObjectType) or not schema.is_sub_type(wanted, possible):
                    raise NeedsReferenceError
                found = possible.name
                if by_class:
                    kinds[value.__class__] = found
            return found

        return kind
