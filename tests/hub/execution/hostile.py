"""A schema of toys that does everything wrong: nulls, wrong types, errors, lists that are none, rows of other types."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum, IntEnum
from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLDefaultInput,
    GraphQLEnumType,
    GraphQLError,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLString,
    GraphQLUnionType,
)

from hub.execution.readings import Reading


class Colour(Enum):
    RED = 1
    BLUE = "b"


class Size(IntEnum):
    SMALL = 1
    LARGE = 2


def _written(value: Any) -> str:
    if not isinstance(value, date):
        raise TypeError(f"no day: {value!r}")
    return value.isoformat()


class _AsText:
    serialize = str


COLOUR = GraphQLEnumType("Colour", {"RED": Colour.RED, "BLUE": Colour.BLUE, "GREEN": "green"})
SIZE = GraphQLEnumType("Size", Size)
DAY = GraphQLScalarType("Day", coerce_output_value=_written, coerce_input_value=date.fromisoformat)
WORD = GraphQLScalarType("Word", coerce_output_value=str, extensions={"strawberry-definition": _AsText})
FILTER: GraphQLInputObjectType = GraphQLInputObjectType(
    "Filter",
    lambda: {
        "words": GraphQLInputField(GraphQLList(GraphQLNonNull(GraphQLString))),
        "depth": GraphQLInputField(GraphQLInt, default=GraphQLDefaultInput(value=1), out_name="deep"),
        "inner": GraphQLInputField(FILTER),
        "colour": GraphQLInputField(COLOUR),
    },
)


@dataclass
class World:
    """What the toys are made of: the same for both executors, for it depends on numbers alone.

    Attributes:
        seed: of everything.
        faults: one value in so many is wrong; 0 is none.
    """

    seed: int
    faults: int

    def random(self, *what: Any) -> Random:
        return Random(f"{self.seed} {what}")  # noqa: S311 - toys


WRONG: Sequence[Callable[[], Any]] = (
    lambda: None,
    lambda: None,
    lambda: None,
    lambda: 2**40,
    lambda: "text",
    lambda: "",
    lambda: float("nan"),
    lambda: True,
    lambda: Decimal("1.5"),
    lambda: ValueError("given back"),
    lambda: GraphQLError("given back with a code", extensions={"code": "TOY"}),
    lambda: [None],
    lambda: [1, "two"],
    lambda: (one for one in (1, 2)),
    lambda: {"a": 1},
    lambda: object,
    lambda: House(World(0, 0), 3),
    lambda: Size.LARGE,
    lambda: Colour.RED,
    lambda: b"bytes",
)


@dataclass
class Toy:
    """A row; every field is an attribute, worked out from numbers."""

    world: World
    number: int
    lasting: bool = False

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name not in VALUES:
            raise AttributeError(name)
        random = self.world.random(self.__class__.__name__, self.number, name)
        if self.world.faults and random.randrange(self.world.faults) == 0:
            if random.randrange(4) == 0:
                raise KeyError(f"{name} fails")
            return random.choice(WRONG)()
        return VALUES[name](self, random)


class Person(Toy):
    pass


class House(Toy):
    pass


class Room(Toy):
    pass


def _any(toy: Toy, random: Random) -> Toy:
    return random.choice((Person, House))(toy.world, random.randrange(5))


VALUES: dict[str, Callable[[Toy, Random], Any]] = {
    "id": lambda toy, _: f"t{toy.number}",
    "name": lambda toy, random: random.choice((f"name {toy.number}", 'ä\u2028"\\')),
    "nick": lambda _, random: random.choice((None, "nick")),
    "age": lambda _, random: random.choice((None, 3, 0, True, 7.0)),
    "weight": lambda _, random: random.choice((1.5, 2, "3", None)),
    "good": lambda _, random: random.choice((True, False, 1)),
    "born": lambda _, random: random.choice((date(2020, 1, 2), None)),
    "word": lambda _, random: random.choice(("w", 5, Decimal(2))),
    "colour": lambda _, random: random.choice((Colour.RED, Colour.BLUE, "green")),
    "size": lambda _, random: random.choice((Size.SMALL, Size.LARGE, 1)),
    "tags": lambda _, random: random.choice(([], ["a", "b"], ("c",), {"d": 1}.keys())),
    "matrix": lambda _, random: random.choice(([[1, 2], [3]], [None, [4]], [], None)),
    "home": lambda toy, random: House(toy.world, random.randrange(5)),
    "room": lambda toy, random: random.choice((None, Room(toy.world, 1))),
    "rooms": lambda toy, random: [Room(toy.world, n) for n in range(random.randrange(3))],
    "grid": lambda toy, random: [[Room(toy.world, n), None] for n in range(random.randrange(3))],
    "thing": lambda toy, random: random.choice((None, _any(toy, random), Room(toy.world, 2))),
    "things": lambda toy, random: [_any(toy, random), Room(toy.world, 4), None][: random.randrange(4)],
    "friend": lambda toy, random: random.choice((None, _any(toy, random))),
    "friends": lambda toy, random: [_any(toy, random) for _ in range(random.randrange(3))],
    "groups": lambda toy, random: [[_any(toy, random), None], None, []][: random.randrange(4)],
    "owner": lambda toy, random: Person(toy.world, random.randrange(5)),
}


def attribute(of: Any, name: str) -> GraphQLField:
    return GraphQLField(
        of, resolve=lambda root, _: getattr(root, name), extensions={"reading": Reading(attribute=name)}
    )


def plain(of: Any, function: Any, args: dict[str, GraphQLArgument] | None = None) -> GraphQLField:
    reading = Reading(plain=function, takes_info=True)
    return GraphQLField(of, args, resolve=function, extensions={"reading": reading})


def batch(of: Any, name: str, args: dict[str, GraphQLArgument] | None = None) -> GraphQLField:
    """A relation that a batch function reads; a parent's own error is given back in its place."""

    async def read(context: Any, parents: Sequence[Any], **arguments: Any) -> list[Any]:
        return [_one(parent, arguments) for parent in parents]

    def _one(parent: Any, arguments: dict[str, Any]) -> Any:
        try:
            found = getattr(parent, name)
        except KeyError as error:
            return error
        return found[: arguments["first"]] if arguments.get("first") and isinstance(found, list) else found

    async def resolve(root: Any, info: Any, **arguments: Any) -> Any:
        (found,) = await read(info.context, [root], **arguments)
        return found

    return GraphQLField(of, args, resolve=resolve, extensions={"reading": Reading(batch=read)})


def _echo(root: Any, info: Any, **arguments: Any) -> str:
    """What a field was called with, to the letter."""
    return repr(sorted(arguments.items()))


def _fails(root: Any, info: Any) -> Any:
    raise RuntimeError("on purpose")


def _is(row: type) -> Callable[[Any, Any], bool]:
    return lambda value, _: isinstance(value, row)


def never(of: Any) -> GraphQLNonNull[Any]:
    return GraphQLNonNull(of)


ECHO = {
    "number": GraphQLArgument(GraphQLInt, default=GraphQLDefaultInput(value=3), out_name="n"),
    "must": GraphQLArgument(never(GraphQLInt), default=GraphQLDefaultInput(value=4)),
    "text": GraphQLArgument(GraphQLString),
    "day": GraphQLArgument(DAY),
    "colours": GraphQLArgument(GraphQLList(never(COLOUR))),
    "filter": GraphQLArgument(FILTER),
    "matrix": GraphQLArgument(GraphQLList(GraphQLList(GraphQLInt))),
}
FIRST = {"first": GraphQLArgument(GraphQLInt, default=GraphQLDefaultInput(value=2))}
NAMED: GraphQLInterfaceType = GraphQLInterfaceType(
    "Named",
    lambda: {
        "name": GraphQLField(GraphQLString),
        "friend": GraphQLField(NAMED),
        "echo": GraphQLField(never(GraphQLString), ECHO),
    },
)
PERSON: GraphQLObjectType = GraphQLObjectType(
    "Person",
    lambda: {
        "id": attribute(never(GraphQLID), "id"),
        "name": attribute(never(GraphQLString), "name"),
        "nick": attribute(GraphQLString, "nick"),
        "age": attribute(GraphQLInt, "age"),
        "weight": attribute(GraphQLFloat, "weight"),
        "good": attribute(never(GraphQLBoolean), "good"),
        "born": attribute(DAY, "born"),
        "word": attribute(never(WORD), "word"),
        "colour": attribute(never(COLOUR), "colour"),
        "size": attribute(SIZE, "size"),
        "tags": attribute(never(GraphQLList(never(GraphQLString))), "tags"),
        "matrix": attribute(GraphQLList(GraphQLList(never(GraphQLInt))), "matrix"),
        "home": attribute(never(HOUSE), "home"),
        "room": attribute(ROOM, "room"),
        "thing": attribute(THING, "thing"),
        "friend": batch(NAMED, "friend"),
        "friends": batch(never(GraphQLList(never(NAMED))), "friends", FIRST),
        "groups": batch(GraphQLList(GraphQLList(NAMED)), "groups"),
        "echo": plain(never(GraphQLString), _echo, ECHO),
    },
    interfaces=[NAMED],
    is_type_of=_is(Person),
)
HOUSE: GraphQLObjectType = GraphQLObjectType(
    "House",
    lambda: {
        "name": attribute(GraphQLString, "name"),
        "room": attribute(never(ROOM), "room"),
        "rooms": attribute(never(GraphQLList(never(ROOM))), "rooms"),
        "grid": attribute(GraphQLList(GraphQLList(ROOM)), "grid"),
        "friend": attribute(NAMED, "friend"),
        "owner": batch(never(PERSON), "owner"),
        "nicks": batch(never(GraphQLList(never(GraphQLString))), "tags"),
        "echo": plain(never(GraphQLString), _echo, ECHO),
    },
    interfaces=[NAMED],
    is_type_of=_is(House),
)
ROOM: GraphQLObjectType = GraphQLObjectType(
    "Room",
    lambda: {
        "weight": attribute(never(GraphQLFloat), "weight"),
        "nick": attribute(GraphQLString, "nick"),
        "colour": batch(COLOUR, "colour"),
        "age": batch(GraphQLInt, "age"),
        "fails": plain(GraphQLString, _fails),
        "other": GraphQLField(GraphQLInt, resolve=lambda *_: 1),
    },
)
THING: GraphQLUnionType = GraphQLUnionType(
    "Thing",
    lambda: [PERSON, HOUSE, ROOM],
    resolve_type=lambda value, *_: value.__class__.__name__,
)


def _toy(row: type[Toy], number: int) -> Any:
    return lambda _, info: row(info.context, number)


async def _people(context: World, parents: Sequence[Any], first: int | None = 2) -> list[list[Toy]]:
    return [[Person(context, number) for number in range(first or 0)]] * len(parents)


async def _people_of_one(root: Any, info: Any, **arguments: Any) -> Any:
    return (await _people(info.context, [root], **arguments))[0]


def _things(root: Any, info: Any) -> list[Toy]:
    return [Person(info.context, 1), House(info.context, 2), Room(info.context, 3)]


LASTING: dict[tuple[int, int, int], Person] = {}


async def _same(context: World, parents: Sequence[Any], first: int | None = 2) -> list[list[Toy]]:
    """The same objects for every request, some of which say that they last."""
    keys = [(context.seed, context.faults, number) for number in range(first or 0)]
    found: list[Toy] = [LASTING.setdefault(key, Person(context, key[2], lasting=key[2] != 1)) for key in keys]
    return [found] * len(parents)


async def _same_of_one(root: Any, info: Any, **arguments: Any) -> Any:
    return (await _same(info.context, [root], **arguments))[0]


SCHEMA = GraphQLSchema(
    GraphQLObjectType(
        "Query",
        {
            "person": plain(PERSON, _toy(Person, 1)),
            "house": plain(never(HOUSE), _toy(House, 2)),
            "named": plain(NAMED, _toy(House, 1)),
            "things": plain(GraphQLList(never(THING)), _things),
            "same": GraphQLField(
                GraphQLList(PERSON),
                FIRST,
                resolve=_same_of_one,
                extensions={"reading": Reading(batch=_same, lasting=True)},
            ),
            "people": GraphQLField(
                never(GraphQLList(never(PERSON))),
                FIRST,
                resolve=_people_of_one,
                extensions={"reading": Reading(batch=_people)},
            ),
        },
    ),
    types=[PERSON, HOUSE],
)
RIGHT: dict[str, list[Any]] = {
    "Int": [0, 1, 2],
    "String": ["a", "", "ü\n"],
    "Boolean": [True, False],
    "Day": ["2026-03-02"],
    "ID": ["t1"],
    "Float": [1.5],
}
WRONG_VALUES: dict[str, list[Any]] = {
    "Int": ["1", 1.5, 2**31, True, [1]],
    "String": [1, ["a"]],
    "Day": ["yesterday", 3],
    "Colour": ["PINK", 1],
    "Filter": [{"other": 1}, []],
}
