from typing import Any

from graphql import GraphQLError


class BadArgument(GraphQLError):  # noqa: N818 - it is the argument that is bad
    """A wrong argument of a query: the field is null, and the error says what would be right.

    The codes are listed in docs/errors.md.
    """

    def __init__(self, code: str, sentence: str, **extensions: Any) -> None:
        super().__init__(sentence, extensions={"code": code, **extensions})
