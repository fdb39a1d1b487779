"""A subscription executed: its source of events, and one answer for each event."""

import asyncio
from collections.abc import AsyncIterator
from inspect import isawaitable
from typing import Any

from graphql import ExecutionResult, OperationType
from graphql.execution import Executor as Execution
from graphql.execution import create_source_event_stream

from hub.execution.budget import DEADLINE_SECONDS, Budget, too_late
from hub.execution.reference import executed
from hub.execution.running import Answer, Executor, Operation, answer_of, refused
from hub.execution.stopping import StoppedError


def is_subscription(executor: Executor, operation: Operation) -> bool:
    """Whether an operation is one that streams."""
    definition = executor.operations.document(operation.query).operation(operation.name)
    return definition is not None and definition.operation is OperationType.SUBSCRIPTION


async def source_of(
    executor: Executor, operation: Operation, context: Any, request_id: str
) -> AsyncIterator[Any] | Answer:
    """The events of a subscription that is valid, or the answer that says why there are none."""
    document = executor.operations.document(operation.query).node
    if document is None:
        raise ValueError("the document was not checked")
    variables = dict(operation.variables or {})
    built = Execution.build(executor.schema, document, None, context, variables, operation.name)
    if isinstance(built, list):
        return answer_of(ExecutionResult(None, errors=built), request_id)
    source = create_source_event_stream(built)
    found: Any = await source if isawaitable(source) else source
    if not isinstance(found, ExecutionResult):
        return found  # type: ignore[no-any-return]
    answer = answer_of(found, request_id)
    return Answer(executed=False, data=None, errors=answer.errors)


async def answer_to_event(
    executor: Executor, operation: Operation, event: Any, context: Any, request_id: str
) -> Answer:
    """The selection of a subscription for one event; the deadline is an event's, not the stream's."""
    document = executor.operations.document(operation.query).node
    if document is None:
        raise ValueError("the document was not checked")
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            result = await executed(
                executor.schema,
                document,
                operation.name,
                operation.variables or {},
                context=context,
                watch=Budget(),
                root=event,
            )
            return answer_of(result, request_id)
    except TimeoutError:
        return refused(too_late(DEADLINE_SECONDS))
    except StoppedError as stopped:
        return refused(stopped.error)
