"""Relations are answered in batches: one function for all parents of a field, whatever executor runs.

A batch function is ``async def field(context, parents, **arguments) -> results``, one result for each parent, in
their order. `batched` turns it into an ordinary resolver that waits until all parents of the same turn of the event
loop have come; `plain` does the same service for a function of one parent that needs no read.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Any

import strawberry

if TYPE_CHECKING:
    from resolvers.context import Context

BatchFunction = Callable[..., Awaitable[Sequence[Any]]]
_Key = tuple[BatchFunction, tuple[tuple[str, Any], ...]]


class Batches:
    """The batches of one request that are being gathered."""

    __slots__ = ("_context", "_open", "_running")

    def __init__(self, context: "Context") -> None:
        self._context = context
        self._open: dict[_Key, list[tuple[Any, asyncio.Future[Any]]]] = {}
        self._running: set[asyncio.Task[None]] = set()

    def load(self, function: BatchFunction, parent: Any, arguments: dict[str, Any]) -> "asyncio.Future[Any]":
        """The result for one parent, once its batch has run."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        key = (function, tuple((name, _hashable(value)) for name, value in arguments.items()))
        if waiting := self._open.get(key):
            waiting.append((parent, future))
        else:
            self._open[key] = [(parent, future)]
            loop.call_soon(self._start, key, arguments)
        return future

    def _start(self, key: _Key, arguments: dict[str, Any]) -> None:
        task = asyncio.get_running_loop().create_task(self._run(key[0], self._open.pop(key), arguments))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _run(
        self,
        function: BatchFunction,
        waiting: list[tuple[Any, "asyncio.Future[Any]"]],
        arguments: dict[str, Any],
    ) -> None:
        try:
            results = await function(self._context, [parent for parent, _ in waiting], **arguments)
        except Exception as error:  # noqa: BLE001 - every waiting field must hear of it
            for _, future in waiting:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), result in zip(waiting, results, strict=True):
            if not future.done():
                if isinstance(result, Exception):  # one parent's own
                    future.set_exception(result)
                else:
                    future.set_result(result)


def once(function: BatchFunction) -> BatchFunction:
    """A batch function that several fields call: for the same parents and arguments it runs once a request."""

    @wraps(function)
    async def asked(
        context: "Context", parents: Sequence[Any], *arguments: Any, **named: Any
    ) -> Sequence[Any]:
        given = (*arguments, *(item for pair in sorted(named.items()) for item in pair))
        key = (function, tuple(map(id, parents)), *map(_hashable, given))
        known = context.asked.get(key)
        if known is None:
            # The parents are kept with the answers, so that their ids stay theirs.
            known = context.asked[key] = (parents, await function(context, parents, *arguments, **named))
        answers: Sequence[Any] = known[1]
        return answers

    return asked


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def batched(function: BatchFunction) -> Callable[..., Any]:
    """An ordinary resolver over a batch function."""

    def resolver(root: Any, info: Any, **arguments: Any) -> Any:
        return info.context.batches.load(function, root, given(arguments))

    return _shown(resolver, function, skip=2)


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """An ordinary resolver over ``def field(root, [info,] **arguments)``."""
    names = list(signature(function).parameters)
    if len(names) > 1 and names[1] == "info":

        def resolver(root: Any, info: Any, **arguments: Any) -> Any:
            return function(root, info, **given(arguments))

        return _shown(resolver, function, skip=2)

    def short_resolver(root: Any, info: Any, **arguments: Any) -> Any:
        return function(root, **given(arguments))

    return _shown(short_resolver, function, skip=1)


def given(arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments that a request names, or that have a default."""
    return {name: value for name, value in arguments.items() if value is not strawberry.UNSET}


def _shown(resolver: Any, function: Any, *, skip: int) -> Callable[..., Any]:
    """Give a resolver the arguments of a function; a default of None is printed as no default at all."""
    arguments = [
        Parameter(
            parameter.name,
            Parameter.KEYWORD_ONLY,
            annotation=parameter.annotation,
            default=strawberry.UNSET if parameter.default is None else parameter.default,
        )
        for parameter in list(signature(function).parameters.values())[skip:]
    ]
    leading = [
        Parameter("root", Parameter.POSITIONAL_OR_KEYWORD),
        Parameter("info", Parameter.POSITIONAL_OR_KEYWORD, annotation=strawberry.Info),
    ]
    resolver.__signature__ = Signature([*leading, *arguments])
    resolver.__annotations__ = {
        parameter.name: parameter.annotation for parameter in [leading[1], *arguments]
    }
    resolver.__name__ = function.__name__
    resolver.__module__ = function.__module__
    resolver.__doc__ = function.__doc__
    return resolver  # type: ignore[no-any-return]
