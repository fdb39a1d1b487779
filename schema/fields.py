"""How the types' fields are declared: over a resolver of one parent, or over a batch function."""

from collections.abc import Callable
from typing import Any

import strawberry

from resolvers.batches import BatchFunction, batched, plain


def value(
    function: Callable[..., Any], graphql_type: Any, *, name: str | None = None, description: str = ""
) -> Any:
    """A field that is worked out from its parent alone."""
    return strawberry.field(
        resolver=plain(function),
        graphql_type=graphql_type,
        name=name,
        description=description or None,
        metadata={"plain": function},
    )


def relation(
    function: BatchFunction, graphql_type: Any, *, name: str | None = None, description: str = ""
) -> Any:
    """A field that is read for all parents of a layer at once; an executor finds the function in the metadata."""
    return strawberry.field(
        resolver=batched(function),
        graphql_type=graphql_type,
        name=name,
        description=description or None,
        metadata={"batch": function},
    )


def stream(function: Callable[..., Any], graphql_type: Any, *, description: str = "") -> Any:
    """A field of the subscription: `function` gives an asynchronous iterator of pages of events."""
    return strawberry.field(
        resolver=plain(function),
        graphql_type=graphql_type,
        description=description or None,
        is_subscription=True,
    )
