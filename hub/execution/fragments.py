"""Parts of answers that stay the same as long as an object does, kept as bytes.

A field may say that its values are *lasting* (``lasting`` in its metadata): an object whose attribute ``lasting`` is
true gives the same answer to the same selection with the same arguments, whoever asks, for as long as the process
holds that very object. So its answer is written once, and later answers take the bytes. Whoever makes such objects
answers for that: they are made anew when anything they are made of changes. Fields that have a scope are never part.

What is kept is bounded in bytes. A look-up is by the identity of the object, which is held as long as its bytes are.
"""

from collections.abc import Awaitable, Callable, Sequence
from itertools import count
from typing import Any

import orjson

from hub.execution.arguments import Arguments
from hub.execution.generations import Generations
from hub.execution.running_state import Run

_OBJECT = 2000
"""Bytes of an object that is held, and of the entry, roughly."""

Rows = Callable[[Run, Sequence[Any]], Awaitable[list[Any]]]
_Kept = tuple[Any, orjson.Fragment, int, int]


class Fragments:
    """The bytes of one executor's lasting objects.

    Args:
        most: bytes that are held.
    """

    def __init__(self, most: int) -> None:
        self._kept: Generations[tuple[Any, ...], _Kept] = Generations(most)
        self._numbers = count()

    def rows(self, inner: Rows, arguments: Sequence[Arguments]) -> Rows:
        """A function of rows that takes the bytes of lasting parents, and runs `inner` for the others.

        Args:
            inner: the generated function of one selection.
            arguments: all that variables decide below it.
        """
        number = next(self._numbers)
        kept = self._kept

        async def rows(run: Run, parents: Sequence[Any]) -> list[Any]:
            given = tuple(_frozen(run.arguments(one)) for one in arguments)
            answers: list[Any] = [None] * len(parents)
            missing: list[int] = []
            nodes = fields = 0
            for place, parent in enumerate(parents):
                known = kept.get((number, id(parent), given)) if parent.lasting else None
                if known is None:
                    missing.append(place)
                else:
                    answers[place] = known[1]
                    nodes += known[2]
                    fields += known[3]
            await run.turn(nodes, fields)
            if missing:
                made = await inner(run, [parents[place] for place in missing])
                for place, answer in zip(missing, made, strict=True):
                    parent = parents[place]
                    answers[place] = answer
                    if parent.lasting:
                        written = orjson.dumps(answer)
                        entry = (parent, orjson.Fragment(written), *_measured(answer))
                        kept.put((number, id(parent), given), entry, len(written) + _OBJECT)
            return answers

        return rows


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return tuple((name, _frozen(one)) for name, one in value.items())
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _measured(answer: Any) -> tuple[int, int]:
    """How many objects an answer has, and how many fields they have together."""
    if isinstance(answer, list):
        inner = [_measured(one) for one in answer]
        return sum(nodes for nodes, _ in inner), sum(fields for _, fields in inner)
    if not isinstance(answer, dict):
        return 0, 0
    inner = [_measured(one) for one in answer.values()]
    return 1 + sum(nodes for nodes, _ in inner), len(answer) + sum(fields for _, fields in inner)
