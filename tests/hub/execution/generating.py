"""Valid operations drawn from a schema: fields, aliases, fragments, conditions, arguments, variables with defaults."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_composite_type,
)
from hypothesis import strategies as st

Pools = Mapping[str, list[Any]]
"""JSON values by the name of a scalar."""

_NOT_GIVEN = object()


@dataclass(frozen=True)
class Asked:
    """An operation."""

    query: str
    variables: dict[str, Any]


@dataclass
class Drawing:
    """What is being drawn.

    Attributes:
        right: values that are valid; a type without any is not asked for.
        wrong: values that variables have now and then.
        left: fields that may still come.
    """

    random: Random
    schema: GraphQLSchema
    right: Pools
    wrong: Pools
    left: int
    declared: list[str] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)
    fragments: list[str] = field(default_factory=list)
    numbers: int = 0

    def number(self) -> int:
        self.numbers += 1
        return self.numbers

    def one_in(self, n: int) -> bool:
        return self.random.randrange(n) == 0

    def selection(self, of: Any, depth: int) -> str:
        """A selection set with its braces."""
        parts = [self.field(of, depth) for _ in range(self.random.randint(1, 3))]
        if isinstance(of, GraphQLInterfaceType | GraphQLUnionType):
            parts.extend(
                f"... on {possible.name} {self.condition()} {self.inner(possible, depth)}"
                for possible in self.schema.get_possible_types(of)
                if self.one_in(2)
            )
        elif self.one_in(4) and self.left > 0:
            parts.append(f"... {self.condition()} {self.inner(of, depth)}")
        if self.one_in(4) and self.left > 0:
            parts.append(self.fragment(of, depth))
        return "{ " + " ".join(parts) + " }"

    def inner(self, of: Any, depth: int) -> str:
        return self.selection(of, max(depth - 1, 0))

    def fragment(self, of: Any, depth: int) -> str:
        name = f"F{self.number()}"
        self.fragments.append(f"fragment {name} on {of.name} {self.inner(of, depth)}")
        spread = f"...{name} {self.condition()}"
        return f"{spread} {spread}" if self.one_in(4) else spread

    def condition(self) -> str:
        if not self.one_in(4):
            return ""
        word = self.random.choice(["skip", "include"])
        if self.one_in(3):
            return f"@{word}(if: {self.random.choice(['true', 'false'])})"
        name = f"b{self.number()}"
        default = self.random.choice(["Boolean!", "Boolean! = true", "Boolean = false"])
        self.declared.append(f"${name}: {default}")
        if "=" not in default or self.one_in(2):
            self.variables[name] = self.one_in(2)
        return f"@{word}(if: ${name})"

    def field(self, of: Any, depth: int) -> str:
        self.left -= 1
        fields: dict[str, GraphQLField] = {} if isinstance(of, GraphQLUnionType) else of.fields
        names = [name for name, one in fields.items() if self.can_ask(one, depth)]
        if not names or self.one_in(8):
            return f"{self.random.choice(['', 'same: '])}__typename {self.condition()}"
        name = self.random.choice(names)
        definition = fields[name]
        given = [self.argument(one, definition.args[one]) for one in definition.args]
        arguments = ", ".join(text for text in given if text)
        below = get_named_type(definition.type)
        inner = self.selection(below, depth - 1) if is_composite_type(below) else ""
        alias = "" if not definition.args and self.one_in(3) else f"k{self.number()}: "
        return f"{alias}{name}{f'({arguments})' if arguments else ''} {self.condition()} {inner}"

    def can_ask(self, definition: GraphQLField, depth: int) -> bool:
        if is_composite_type(get_named_type(definition.type)) and (not depth or self.left < 1):
            return False
        return all(
            self.has_values(one.type)
            for one in definition.args.values()
            if isinstance(one.type, GraphQLNonNull)
        )

    def has_values(self, wanted: GraphQLInputType) -> bool:
        named = get_named_type(wanted)
        return isinstance(named, GraphQLEnumType | GraphQLInputObjectType) or bool(self.right.get(named.name))

    def argument(self, name: str, definition: GraphQLArgument) -> str:
        """``name: value``, or nothing where it is left out."""
        required = isinstance(definition.type, GraphQLNonNull) and definition.default is None
        if not self.has_values(definition.type) or (not required and self.one_in(3)):
            return ""
        if self.one_in(2):
            return f"{name}: {self.variable(definition.type)}"
        return f"{name}: {self.literal(definition.type, self.value(definition.type), nested=True)}"

    def variable(self, wanted: GraphQLInputType) -> str:
        """A new variable of a type, with a value, or a default, or none."""
        name = f"v{self.number()}"
        declared = str(wanted)
        default = ""
        if self.one_in(3):
            shown = self.value(GraphQLNonNull(_nullable(wanted)))
            default = f" = {self.literal(wanted, shown)}"
            declared = declared.removesuffix("!")
        self.declared.append(f"${name}: {declared}{default}")
        left_out = bool(default) or not declared.endswith("!")
        value = (
            _NOT_GIVEN
            if left_out and self.one_in(3)
            else self.value(_nullable(wanted) if default else wanted)
        )
        named = get_named_type(wanted).name
        if self.wrong.get(named) and self.one_in(20):
            value = self.random.choice(self.wrong[named])
        if value is not _NOT_GIVEN:
            self.variables[name] = value
        return f"${name}"

    def value(self, wanted: GraphQLInputType) -> Any:
        """A JSON value of a type."""
        if not isinstance(wanted, GraphQLNonNull) and self.one_in(6):
            return None
        inner: Any = _nullable(wanted)
        if isinstance(inner, GraphQLList):
            if self.one_in(6):
                return self.value(GraphQLNonNull(_nullable(inner.of_type)))
            return [self.value(inner.of_type) for _ in range(self.random.randint(0, 2))]
        if isinstance(inner, GraphQLEnumType):
            return self.random.choice(sorted(inner.values))
        if isinstance(inner, GraphQLInputObjectType):
            return {
                name: self.value(one.type)
                for name, one in inner.fields.items()
                if isinstance(one.type, GraphQLNonNull) or self.one_in(3)
            }
        return self.random.choice(self.right[inner.name])

    def literal(self, wanted: GraphQLInputType, value: Any, *, nested: bool = False) -> str:
        """A value as it stands in a document; nested ones may be variables."""
        inner: Any = _nullable(wanted)
        if value is None:
            return "null"
        if isinstance(inner, GraphQLList):
            if not isinstance(value, list):
                return self.literal(inner.of_type, value)
            return "[" + ", ".join(self.inside(inner.of_type, one, nested) for one in value) + "]"
        if isinstance(inner, GraphQLInputObjectType):
            fields = (
                f"{name}: {self.inside(inner.fields[name].type, one, nested)}" for name, one in value.items()
            )
            return "{" + ", ".join(fields) + "}"
        return str(value) if isinstance(inner, GraphQLEnumType) else json.dumps(value)

    def inside(self, wanted: GraphQLInputType, value: Any, nested: bool) -> str:
        if nested and self.one_in(5):
            return self.variable(wanted)
        return self.literal(wanted, value, nested=nested)


def _nullable(wanted: GraphQLInputType) -> Any:
    return wanted.of_type if isinstance(wanted, GraphQLNonNull) else wanted


def operation(
    seed: int, size: int, schema: GraphQLSchema, *, right: Pools, wrong: Pools, depth: int = 4
) -> Asked:
    """A query over a schema, of some `size` fields; nearly all are valid."""
    random = Random(seed)  # noqa: S311 - nothing is secret here
    drawing = Drawing(random, schema, right, wrong, size)
    query: GraphQLObjectType | None = schema.query_type
    assert query is not None
    body = drawing.selection(query, depth)
    declared = f"({', '.join(drawing.declared)})" if drawing.declared else ""
    return Asked(f"query Q{declared} {body} {' '.join(drawing.fragments)}", drawing.variables)


def operations(schema: GraphQLSchema, right: Pools, wrong: Pools) -> st.SearchStrategy[Asked]:
    """Operations by numbers: drawing each choice by itself takes Hypothesis longer than running both executors."""
    seeds, sizes = st.integers(0, 2**32), st.integers(2, 30)
    return st.builds(partial(operation, schema=schema, right=right, wrong=wrong), seeds, sizes)
