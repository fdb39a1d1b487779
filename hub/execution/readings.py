"""How a field is read for many parents at once, as its declaration says.

A Strawberry field says it in its metadata: ``batch`` is a function ``async (context, parents, **arguments) -> one
value for each parent``, ``plain`` a function ``(parent, [info,] **arguments) -> value``; a field without a resolver is
an attribute. A schema of graphql-core alone puts a `Reading` under ``reading`` in a field's `extensions`. What is
declared in another way has no reading, and its operations take the reference executor. ``scope`` names what a field's
answer depends on besides arguments and data (`hub.execution.plans.Facts.scopes`).

Batch functions are the same that ordinary resolvers call, so there is one source of truth. Neither executor may be
able to tell who called: a function must not keep or change the arguments that it is given.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from inspect import iscoroutinefunction, signature
from typing import Any

from graphql import GraphQLField, GraphQLNamedType
from strawberry import UNSET

Batch = Callable[..., Awaitable[Sequence[Any]]]
"""``(context, parents, **arguments) -> one value for each parent``."""

Plain = Callable[..., Any]
"""``(parent, [info,] **arguments) -> value``."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How one field is read: exactly one of `batch`, `plain` and `attribute` is set.

    Attributes:
        lasting: whether values may be such as `hub.execution.fragments` tells of.
        takes_info: whether `plain` takes ``info`` behind the parent.
        scope: what the answer depends on besides arguments and data.
    """

    batch: Batch | None = None
    plain: Plain | None = None
    attribute: str | None = None
    takes_info: bool = False
    lasting: bool = False
    scope: str | None = None


def reading_of(field: GraphQLField) -> Reading | None:
    """The reading of a field, or None where it has none."""
    declared = field.extensions.get("reading")
    if isinstance(declared, Reading):
        return declared
    definition = field.extensions.get("strawberry-definition")
    if definition is None:
        return None
    scope = definition.metadata.get("scope")
    if definition.base_resolver is None:
        return Reading(attribute=definition.python_name, scope=scope)
    if batch := definition.metadata.get("batch"):
        return Reading(batch=batch, lasting=definition.metadata.get("lasting", False), scope=scope)
    plain = definition.metadata.get("plain")
    if plain is None or iscoroutinefunction(plain):
        return None
    return Reading(plain=plain, takes_info="info" in signature(plain).parameters, scope=scope)


def scopes_of(field: GraphQLField) -> frozenset[str]:
    """What a field's answer depends on besides arguments and data."""
    declared = field.extensions.get("reading")
    definition = field.extensions.get("strawberry-definition")
    if isinstance(declared, Reading):
        scope = declared.scope
    else:
        scope = definition.metadata.get("scope") if definition is not None else None
    return frozenset() if scope is None else frozenset({scope})


def takes_text_as_it_is(leaf: GraphQLNamedType) -> bool:
    """Whether a value of a leaf type that is a text goes on the wire unchanged."""
    definition = leaf.extensions.get("strawberry-definition")
    if definition is None:
        return leaf.name in ("String", "ID")
    return getattr(definition, "serialize", None) is str


def given(arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments that a request names, or that have a default."""
    return {name: value for name, value in arguments.items() if value is not UNSET}
