"""Values of one field for all parents of a layer, completed together: what is below them is read in one go.

Only for what needs a batch function below; everything else is completed row by row (`hub.execution.rows`).
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import islice
from typing import Any

from graphql import (
    GraphQLAbstractType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
)
from graphql.pyutils import Undefined, is_iterable

from hub.execution.leaving import NeedsReferenceError
from hub.execution.objects import Objects
from hub.execution.running_state import Run

Rows = Callable[[Run, Sequence[Any]], Awaitable[list[Any]]]
"""A generated function: the answers of all objects of one type."""

Column = Callable[[Run, Sequence[Any]], Awaitable[list[Any]]]
"""Completed values in the order of the raw ones."""


def as_list(value: Any) -> list[Any]:
    """The items of a value that is to be a list.

    Raises:
        NeedsReferenceError: for what graphql-core does not take for a list, or reads bit by bit.
    """
    if value.__class__ is list or (is_iterable(value) and not hasattr(value, "__aiter__")):
        return list(value)
    raise NeedsReferenceError


def column(wanted: GraphQLOutputType, rows: Mapping[str, Rows], objects: Objects) -> Column:
    """How a column of some type is completed.

    Args:
        wanted: the type of its values.
        rows: the generated function of each object type that a value may have.
        objects: tells them apart.
    """
    if isinstance(wanted, GraphQLNonNull):
        return _never_null(column(wanted.of_type, rows, objects))
    if isinstance(wanted, GraphQLList):
        return _lists(column(wanted.of_type, rows, objects))
    if isinstance(wanted, GraphQLObjectType):
        return _objects(wanted, rows[wanted.name], objects)
    return _of_several_types(wanted, rows, objects)  # type: ignore[arg-type]  # leaves have no columns


def _never_null(inner: Column) -> Column:
    async def complete(run: Run, values: Sequence[Any]) -> list[Any]:
        completed = await inner(run, values)
        if None in completed:
            raise NeedsReferenceError
        return completed

    return complete


def _lists(inner: Column) -> Column:
    async def complete(run: Run, values: Sequence[Any]) -> list[Any]:
        lists = [None if value is None or value is Undefined else as_list(value) for value in values]
        items = iter(await inner(run, [item for one in lists if one is not None for item in one]))
        return [None if one is None else list(islice(items, len(one))) for one in lists]

    return complete


def _objects(wanted: GraphQLObjectType, rows: Rows, objects: Objects) -> Column:
    check = objects.check(wanted)
    known = objects.known(wanted)

    async def complete(run: Run, values: Sequence[Any]) -> list[Any]:
        there = [value for value in values if value is not None and value is not Undefined]
        for value in there:
            if value.__class__ not in known:
                check(value, run.info)
        if not there:
            return [None] * len(values)
        answers = await rows(run, there)
        if len(there) == len(values):
            return answers
        filled = iter(answers)
        return [None if value is None or value is Undefined else next(filled) for value in values]

    return complete


def _of_several_types(wanted: GraphQLAbstractType, rows: Mapping[str, Rows], objects: Objects) -> Column:
    kind = objects.kind(wanted)
    columns = {
        name: _objects(_object_type(objects, name), of_type, objects) for name, of_type in rows.items()
    }

    async def complete(run: Run, values: Sequence[Any]) -> list[Any]:
        completed: list[Any] = [None] * len(values)
        places: dict[str, list[int]] = {}
        for place, value in enumerate(values):
            if value is not None and value is not Undefined:
                places.setdefault(kind(value, run.info), []).append(place)
        for name, of_type in places.items():
            answers = await columns[name](run, [values[place] for place in of_type])
            for place, answer in zip(of_type, answers, strict=True):
                completed[place] = answer
        return completed

    return complete


def _object_type(objects: Objects, name: str) -> GraphQLObjectType:
    found = objects.schema.get_type(name)
    if not isinstance(found, GraphQLObjectType):
        raise NeedsReferenceError
    return found
