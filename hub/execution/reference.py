"""graphql-core's executor, which counts what it does."""

from collections.abc import Mapping
from inspect import isawaitable
from typing import Any

from graphql import DocumentNode, ExecutionResult, GraphQLObjectType, GraphQLSchema, execute
from graphql.execution import Executor as Execution

from hub.execution.stopping import Watch


class CountedExecution(Execution[Any]):
    """Tells a watch of each object, before their fields are read.

    It overrides a method that is not graphql-core's public interface: the lock pins it, and a test shows that it works.
    """

    def __init__(self, *arguments: Any, watch: Watch, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._watch = watch

    def execute_fields(
        self, parent_type: GraphQLObjectType, source_value: Any, path: Any, grouped_field_set: Any, *rest: Any
    ) -> Any:
        """Execute the fields of one object; the root is none of the answer's objects."""
        self._watch.nodes(0 if path is None else 1, len(grouped_field_set))
        return super().execute_fields(parent_type, source_value, path, grouped_field_set, *rest)


async def executed(
    schema: GraphQLSchema,
    document: DocumentNode,
    name: str | None,
    variables: Mapping[str, Any],
    *,
    context: Any,
    watch: Watch,
    root: Any = None,
) -> ExecutionResult:
    """The result of one operation.

    Raises:
        StoppedError: when it may not go on.
    """
    outcome = execute(
        schema,
        document,
        root_value=root,
        context_value=context,
        variable_values=dict(variables),
        operation_name=name,
        executor_class=CountedExecution,
        watch=watch,
    )
    return await outcome if isawaitable(outcome) else outcome
