"""How much one operation may do while it runs: objects, values and time, in whatever way it is executed."""

from collections.abc import Callable
from time import monotonic

from graphql import GraphQLError

from hub.execution.stopping import StoppedError

MAX_NODES = 10_000
MAX_VALUES = 200_000
DEADLINE_SECONDS = 10.0
_LOOK_EVERY = 500
"""Values after which the clock is looked at."""


class Budget:
    """What is left for one operation.

    Args:
        nodes: objects that the answer may have.
        values: fields that may be read.
        seconds: for how long it may run, from now on.
        clock: seconds, of whatever origin.
    """

    __slots__ = (
        "_clock",
        "_ends",
        "_look_at",
        "_max_nodes",
        "_max_values",
        "_nodes",
        "_seconds",
        "_values",
    )

    def __init__(
        self,
        nodes: int = MAX_NODES,
        values: int = MAX_VALUES,
        seconds: float = DEADLINE_SECONDS,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._max_nodes, self._max_values, self._seconds = nodes, values, seconds
        self._nodes = self._values = 0
        self._clock = clock
        self._ends = clock() + seconds
        self._look_at = _LOOK_EVERY

    def nodes(self, count: int, fields: int = 0) -> None:
        """Count so many objects with so many fields, all together, before these are read.

        Raises:
            StoppedError: TOO_LARGE or DEADLINE.
        """
        self._nodes += count
        self._values += fields
        if self._nodes > self._max_nodes:
            raise _too_large(f"{self._max_nodes} objects")
        if self._values > self._max_values:
            raise _too_large(f"{self._max_values} values")
        if self._values >= self._look_at:
            self._look_at = self._values + _LOOK_EVERY
            if self._clock() > self._ends:
                raise StoppedError(too_late(self._seconds))


def _too_large(allowed: str) -> StoppedError:
    sentence = f"The answer has more than {allowed}. Ask in parts."
    return StoppedError(GraphQLError(sentence, extensions={"code": "TOO_LARGE"}))


def too_late(seconds: float) -> GraphQLError:
    """What is told when time is up."""
    sentence = f"The answer took longer than {seconds:g} seconds. Ask for less at once."
    return GraphQLError(sentence, extensions={"code": "DEADLINE"})
