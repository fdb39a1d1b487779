"""The price of a planned operation under its variables: worked out once for each set of conditions."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    VariableNode,
    Visitor,
    visit,
)

from hub.execution.cost import MAX_COST, Pricing, Term
from hub.execution.plans import Plan
from hub.execution.selecting import Selecting

_NOTE = "prices"
_KEPT_CONDITIONS = 16


def prices_of(schema: GraphQLSchema, plan: Plan) -> "Prices":
    """The prices of a plan's operation; kept with the plan."""
    known: Prices | None = plan.notes.get(_NOTE)
    if known is None:
        known = plan.notes[_NOTE] = Prices(schema, plan)
    return known


class Prices:
    """The prices of one valid operation."""

    def __init__(self, schema: GraphQLSchema, plan: Plan) -> None:
        self._schema = schema
        self._plan = plan
        self._conditions = _names_in_conditions(plan.document)
        self._defaults = {
            definition.variable.name.value: definition.default_value.value
            for definition in plan.operation.variable_definitions or ()
            if isinstance(definition.default_value, BooleanValueNode)
        }
        self._terms: dict[tuple[bool, ...], Term] = {}

    def price(self, variables: Mapping[str, Any]) -> int:
        """Points under these variables, as they were sent.

        Raises:
            GraphQLError: TOO_EXPENSIVE above `MAX_COST`; BAD_PAGE_SIZE, TOO_LARGE.
        """
        flags = tuple(self._flag(name, variables) for name in self._conditions)
        term = self._terms.get(flags)
        if term is None:
            if len(self._terms) >= _KEPT_CONDITIONS:
                self._terms.clear()
            term = self._terms[flags] = self._term(flags)
        return _affordable(term.price(variables))

    def _flag(self, name: str, variables: Mapping[str, Any]) -> bool:
        """What a variable in a condition says; one that is missing or wrong is refused by itself, when it is read."""
        return variables.get(name, self._defaults.get(name)) is not False

    def _term(self, flags: tuple[bool, ...]) -> Term:
        fragments = {
            one.name.value: one
            for one in self._plan.document.definitions
            if isinstance(one, FragmentDefinitionNode)
        }
        conditions = dict(zip(self._conditions, flags, strict=True))
        selecting = Selecting(self._schema, fragments, conditions)
        return Pricing(self._schema).term(self._plan.operation, selecting)


def _affordable(cost: int) -> int:
    if cost > MAX_COST:
        allowed = f"The operation may cost {cost} points; {MAX_COST} are allowed."
        sentence = f"{allowed} Ask for smaller pages or fewer fields."
        raise GraphQLError(sentence, extensions={"code": "TOO_EXPENSIVE", "cost": cost, "limit": MAX_COST})
    return cost


def _names_in_conditions(document: DocumentNode) -> tuple[str, ...]:
    finder = _Conditions()
    visit(document, finder)
    return tuple(sorted(finder.names))


class _Conditions(Visitor):
    """Finds the variables that `@skip` and `@include` name."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        """Take the variables of a directive."""
        for argument in node.arguments or ():
            if isinstance(argument.value, VariableNode):
                self.names.add(argument.value.name.value)
