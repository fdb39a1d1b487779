"""How the types' fields are declared: over a resolver of one parent, or over a batch function.

A field may say what it costs in points beside the objects that it gives, and how long its list typically is: an
operation's price is worked out from that before it runs (`hub.execution.cost`).
"""

from collections.abc import Callable, Mapping
from typing import Any

import strawberry

from resolvers.batches import BatchFunction, batched, plain

VIEWER = "viewer"
"""Who is asking: the answer is theirs alone."""

OPERATIONS = "operations"
"""Runs, links, the feed, a source's freshness: they change while the data version stays the same."""

_PLAIN: Mapping[str, int] = {}


def weighing(*, cost: int = 0, size: int | None = None) -> Mapping[str, int]:
    """Points of a field's own, and the typical size of its list."""
    return {"cost": cost} if size is None else {"cost": cost, "size": size}


def value(
    function: Callable[..., Any],
    graphql_type: Any,
    *,
    name: str | None = None,
    description: str = "",
    scope: str | None = None,
    weights: Mapping[str, int] = _PLAIN,
) -> Any:
    """A field that is worked out from its parent alone; for `scope` and `weights` see `relation`."""
    return strawberry.field(
        resolver=plain(function),
        graphql_type=graphql_type,
        name=name,
        description=description or None,
        metadata={"plain": function, "scope": scope, **weights},
    )


def relation(
    function: BatchFunction,
    graphql_type: Any,
    *,
    name: str | None = None,
    description: str = "",
    scope: str | None = None,
    weights: Mapping[str, int] = _PLAIN,
    lasting: bool = False,
) -> Any:
    """A field that is read for all parents of a layer at once; an executor finds the function in the metadata.

    Args:
        function: reads it.
        graphql_type: of one value.
        name: in the graph, where it is another than the attribute's.
        description: for those who ask.
        scope: what the answer depends on besides arguments and the catalogue: `VIEWER`, or `OPERATIONS`.
        weights: what it costs; see `weighing`.
        lasting: whether its values have `lasting`, and mean it; see `hub.execution.fragments`.
    """
    return strawberry.field(
        resolver=batched(function),
        graphql_type=graphql_type,
        name=name,
        description=description or None,
        metadata={"batch": function, "scope": scope, "lasting": lasting, **weights},
    )


def stream(function: Callable[..., Any], graphql_type: Any, *, description: str = "") -> Any:
    """A field of the subscription: `function` gives an asynchronous iterator of pages of events."""
    return strawberry.field(
        resolver=plain(function),
        graphql_type=graphql_type,
        description=description or None,
        is_subscription=True,
    )
