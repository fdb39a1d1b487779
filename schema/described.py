"""What every element of the schema is, in words: those of `words.toml` where a declaration has none of its own.

The domain's enums live below the floor on which GraphQL is spoken, and arguments are parameters of resolvers: their
words would stand far from the graph. So the words of one language stand in one file, for everything alike.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from graphql import GraphQLEnumType, GraphQLInterfaceType, GraphQLNamedType, GraphQLObjectType, GraphQLSchema

WORDS = Path(__file__).with_name("words.toml")
_OF_ANY_FIELD, _OF_ANY_ARGUMENT = "fields", "arguments"
_ITSELF = ""

Words = Mapping[str, Mapping[str, str]]


class Describing:
    """Puts words to the elements of a schema."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def describe(self, schema: GraphQLSchema) -> None:
        """Describe all that has no words yet; introspection's own types have theirs."""
        for found in schema.type_map.values():
            if not found.name.startswith("__"):
                self._type(found)

    def _type(self, found: GraphQLNamedType) -> None:
        self._element(found, (found.name, _ITSELF))
        if isinstance(found, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in found.fields.items():
                self._element(field, (found.name, name), (_OF_ANY_FIELD, name))
                for argument_name, argument in field.args.items():
                    own = (found.name, f"{name}({argument_name})")
                    self._element(argument, own, (_OF_ANY_ARGUMENT, argument_name))
        elif isinstance(found, GraphQLEnumType):
            for name, value in found.values.items():
                self._element(value, (found.name, name))

    def _element(self, element: Any, *places: tuple[str, str]) -> None:
        if element.description:
            return
        for table, key in places:
            if text := self._words.get(table, {}).get(key):
                element.description = text
                return


def words() -> Words:
    """The words of this package."""
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))
