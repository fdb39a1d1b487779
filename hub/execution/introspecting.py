"""Questions about the schema itself: an answer depends on nothing but the question, so it is worked out once."""

from collections.abc import Mapping
from typing import Any

import orjson
from cachetools import LRUCache
from graphql import (
    ExecutionResult,
    FieldNode,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
)

from hub.execution.budget import Budget
from hub.execution.plans import Plan
from hub.execution.reference import executed

_KEPT = 50
_MAX_NODES, _MAX_VALUES = 100_000, 500_000
"""The standard query asks for some ten thousand objects of a large schema, each a few words."""
FIELDS = ("__schema", "__type")


def introspects(operation: OperationDefinitionNode) -> bool:
    """Whether an operation asks for nothing but the schema, directly under its root."""
    names = [
        selection.name.value if isinstance(selection, FieldNode) else ""
        for selection in operation.selection_set.selections
    ]
    asks = any(name in FIELDS for name in names)
    return asks and operation.operation is OperationType.QUERY and {*names} <= {*FIELDS, "__typename"}


class Introspections:
    """The answers about one schema that were given lately."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._results: LRUCache[tuple[Any, bytes], ExecutionResult] = LRUCache(_KEPT)

    async def answer(self, plan: Plan, variables: Mapping[str, Any]) -> ExecutionResult:
        """The result of an operation that asks for nothing else.

        Raises:
            StoppedError: where the question is too large.
        """
        key = (plan.key, orjson.dumps(variables, option=orjson.OPT_SORT_KEYS))
        known = self._results.get(key)
        if known is not None:
            return known
        watch = Budget(_MAX_NODES, _MAX_VALUES)
        result = await executed(
            self._schema, plan.document, plan.facts.name, variables, context=None, watch=watch
        )
        if not result.errors:
            self._results[key] = result
        return result
