"""How values of leaf types are written: a check that generated code makes in line, and a function for what fails it."""

from collections.abc import Callable
from enum import Enum
from inspect import isawaitable
from typing import Any

from graphql import GraphQLEnumType, GraphQLLeafType
from graphql.pyutils import Undefined
from graphql.type import GRAPHQL_MAX_INT, GRAPHQL_MIN_INT

from hub.execution.leaving import NeedsReferenceError
from hub.execution.readings import takes_text_as_it_is

Write = Callable[[Any], Any]
"""One value as it goes on the wire; `NeedsReferenceError` for what the reference has to judge."""


def check_in_line(leaf: GraphQLLeafType, name: str) -> str | None:
    """An expression that is true for values which must be written, False for those that go on the wire as they are.

    None where every value must be written.
    """
    if leaf.name == "Boolean":
        return f"{name} is not True and {name} is not False"
    if leaf.name == "Int":
        return f"{name}.__class__ is not int or not {GRAPHQL_MIN_INT} <= {name} <= {GRAPHQL_MAX_INT}"
    if not isinstance(leaf, GraphQLEnumType) and takes_text_as_it_is(leaf):
        return f"{name}.__class__ is not str"
    return None


def writer(leaf: GraphQLLeafType, *, never_null: bool) -> Write:
    """How a value is written that is not on the wire's side already."""
    coerce = leaf.coerce_output_value

    def write(value: Any) -> Any:
        if value is None or value is Undefined:
            if never_null:
                raise NeedsReferenceError
            return None
        if isinstance(value, Exception) or isawaitable(value):
            raise NeedsReferenceError
        written = coerce(value)
        if written is None or written is Undefined:
            raise NeedsReferenceError
        return written

    return _remembering(write) if isinstance(leaf, GraphQLEnumType) else write


def _remembering(write: Write) -> Write:
    """For an enum: the names of its members are looked up once; strings and numbers equal to one are not members."""
    known: dict[
        int, tuple[Any, Any]
    ] = {}  # by identity, for hashing a member is slow; the member is kept alive

    def remembered(value: Any) -> Any:
        found = known.get(id(value))
        if found is not None:
            return found[1]
        written = write(value)
        if isinstance(value, Enum):
            known[id(value)] = (value, written)
        return written

    return remembered
