"""How long a list is that `first` or `last` ask for, by a literal, by a variable, or by a default.

`representations` (Apollo Federation) is a list itself: the answer has one item for each of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeGuard

from graphql import FieldNode, GraphQLError, GraphQLField, IntValueNode, ListValueNode, VariableNode

SIZE_ARGUMENTS = ("first", "last")
TYPICAL_SIZE = 3
"""Of a list of which nobody says how long it is."""
LIST_ARGUMENT = "representations"
MAX_SIZE = 1000
"""More than any field gives at once; a field says by itself what it gives at most."""
_INT = range(-(2**31), 2**31)
"""What the type Int can hold (GraphQL specification, section 3.5.1)."""


@dataclass(frozen=True, slots=True)
class Size:
    """A number of objects: the greatest of what is known, and of what variables say.

    Attributes:
        least: what is known beforehand.
        variables: names of variables that decide with it, each with what holds where it is not given.
    """

    ONE: ClassVar["Size"]
    least: int
    variables: tuple[tuple[str, int], ...] = ()

    @property
    def changes(self) -> bool:
        """Whether variables decide."""
        return bool(self.variables)

    def value(self, variables: Mapping[str, Any]) -> int:
        """How many under these variables.

        Raises:
            GraphQLError: BAD_PAGE_SIZE, where a variable is no size.
        """
        most = self.least
        for name, default in self.variables:
            said = variables.get(name)
            if isinstance(said, list):
                most = max(most, len(said))
            else:
                most = max(most, _checked(int(said), f"${name}") if _is_int(said) else default)
        return most or TYPICAL_SIZE


Size.ONE = Size(1)


def size_of(node: FieldNode, field: GraphQLField, defaults: Mapping[str, Any]) -> Size | None:
    """How long a list a field is asked for; None where nothing says so.

    Args:
        node: the field as selected.
        field: the field as declared.
        defaults: the default of each variable of the operation, as it stands in the document.

    Raises:
        GraphQLError: BAD_PAGE_SIZE, where a literal is no size.
    """
    names = [name for name in (*SIZE_ARGUMENTS, LIST_ARGUMENT) if name in field.args]
    given = {argument.name.value: argument.value for argument in node.arguments or ()} if names else {}
    least, variables = 0, []
    for name in names:
        value = given.get(name)
        fallback = _default(field, name)
        if isinstance(value, VariableNode):
            default = defaults.get(value.name.value)
            known = int(default.value) if isinstance(default, IntValueNode) else fallback
            variables.append((value.name.value, known))
        elif isinstance(value, IntValueNode):
            least = max(least, _checked(int(value.value), name))
        elif isinstance(value, ListValueNode):
            least = max(least, len(value.values))
        else:
            least = max(least, fallback)
    return Size(least, tuple(variables)) if least or variables else None


def _default(field: GraphQLField, name: str) -> int:
    """What holds where the argument is not given; 0 where nothing does."""
    declared = field.args[name].default
    literal = declared.literal if declared else None
    if isinstance(literal, IntValueNode):
        return int(literal.value)
    said = declared.value if declared else field.args[name].default_value
    return int(said) if _is_int(said) else 0


def _checked(said: int, name: str) -> int:
    if not 0 <= said <= MAX_SIZE:
        sentence = (
            f"`{name}` is {said}; it is a number of items, and no list gives more than {MAX_SIZE} at once."
        )
        raise GraphQLError(sentence, extensions={"code": "BAD_PAGE_SIZE"})
    return said


def _is_int(value: Any) -> TypeGuard[int | float]:
    """Whether a value is one of the type Int; any other is refused as none when variables are read."""
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return whole and not isinstance(value, bool) and int(value) in _INT
