"""The schema as a whole, and its printed form beside this file."""

from functools import cache
from operator import attrgetter

import strawberry
from graphql import GraphQLField, GraphQLObjectType
from strawberry.schema.config import StrawberryConfig

from schema.described import Describing, words
from schema.mutation import Mutation
from schema.query import Query
from schema.scalars import SCALARS
from schema.service_entry import ServiceSpecialisation
from schema.subscription import Subscription


@cache
def build_schema() -> strawberry.Schema:
    """The schema, with lean resolvers bound to its fields; built once."""
    schema = strawberry.Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[ServiceSpecialisation],
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    bind_lean_resolvers(schema)
    Describing(words()).describe(schema._schema)  # noqa: SLF001 - the executable schema has no public name
    return schema


def bind_lean_resolvers(schema: strawberry.Schema) -> None:
    """Let graphql-core call our resolvers directly.

    Strawberry's wrapper converts arguments and looks up extensions for every value; no field here needs it, and a
    page of 20 services has hundreds of values.
    """
    for graphql_type in schema._schema.type_map.values():  # noqa: SLF001 - the executable schema has no public name
        if isinstance(graphql_type, GraphQLObjectType) and not graphql_type.name.startswith("__"):
            for field in graphql_type.fields.values():
                _bind(field)


def _bind(field: GraphQLField) -> None:
    definition = field.extensions["strawberry-definition"]
    if definition.base_resolver is None:
        read = attrgetter(definition.python_name)
        field.resolve = lambda root, _info: read(root)
        return
    for argument_definition in definition.arguments:
        name = argument_definition.graphql_name or _camel(argument_definition.python_name)
        field.args[name].out_name = argument_definition.python_name
    if definition.is_subscription:
        field.subscribe = definition.base_resolver.wrapped_func
        field.resolve = lambda event, _info, **_: event
        return
    field.resolve = definition.base_resolver.wrapped_func


def _camel(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(part.capitalize() for part in tail)
