"""What may end an operation while it runs, whichever executor runs it."""

from typing import Protocol

from graphql import GraphQLError


class StoppedError(BaseException):
    """The operation ends here and has no data; `error` is what its caller is told.

    Neither executor takes it for a field's error (graphql-core takes every Exception for one), and the reference
    executor does not run after it.
    """

    def __init__(self, error: GraphQLError) -> None:
        super().__init__(error.message)
        self.error = error


class Watch(Protocol):
    """Watches one run; made for it by `Executor`'s argument `watch`."""

    def nodes(self, count: int, fields: int = 0) -> None:
        """So many objects more are about to be answered, with so many fields, all together.

        Raises:
            StoppedError: when that is more than the operation may have.
        """
        ...


class Unwatched:
    """Lets everything pass."""

    __slots__ = ()

    def nodes(self, count: int, fields: int = 0) -> None:
        """Let them pass."""
