"""How large an operation may be. Each limit is a validation rule; its error names the limit."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from graphql import (
    ASTValidationRule,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

MAX_TOKENS = 2000
MAX_DEPTH = 10
MAX_INTROSPECTION_DEPTH = 15
MAX_INTROSPECTIONS = 1
MAX_ROOT_FIELDS = 20
MAX_ALIASES = 15
_MAX_VISITS = 10_000
_Found = tuple[FieldNode, tuple[str, ...]]
"""A field, and the names of the fragments that lead to it."""


def _too_large(sentence: str, node: Any) -> GraphQLError:
    return GraphQLError(sentence, node, extensions={"code": "TOO_LARGE"})


class _Measure:
    """Walks an operation with its fragments spread out, bounded, and takes its measures.

    Fields that have one name in the answer are one field there: what they select is measured together.
    """

    def __init__(self, fragments: dict[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._visits = 0
        self.depth = 0
        self.introspection_depth = 0
        self.introspections = 0
        self.too_many: FieldNode | None = None
        self.exhausted = False

    def walk(self, selections: Sequence[_Found], depth: int, *, hidden: bool) -> None:
        """Measure what is selected at a depth; `hidden` inside introspection."""
        aliases: Counter[str] = Counter()
        inside: dict[str, list[_Found]] = {}
        for field, path in selections:
            self._visits += 1
            if self._visits > _MAX_VISITS:
                self.exhausted = True
                return
            name = field.name.value
            answered_as = field.alias.value if field.alias else name
            if answered_as not in inside:
                self._count(field, aliases, depth, hidden=hidden)
                inside[answered_as] = []
            if field.selection_set and depth <= MAX_INTROSPECTION_DEPTH:
                inside[answered_as].extend(self.fields(field.selection_set, path))
        names = {
            field.alias.value if field.alias else field.name.value: field.name.value
            for field, _ in selections
        }
        for answered_as, found in inside.items():
            if found:
                self.walk(found, depth + 1, hidden=hidden or names[answered_as].startswith("__"))

    def _count(self, field: FieldNode, aliases: Counter[str], depth: int, *, hidden: bool) -> None:
        name = field.name.value
        aliases[name] += 1 if field.alias else 0
        if aliases[name] > MAX_ALIASES:
            self.too_many = field
        self.introspections += name in ("__schema", "__type")
        if hidden or name.startswith("__"):
            self.introspection_depth = max(self.introspection_depth, depth)
        else:
            self.depth = max(self.depth, depth)

    def fields(self, selections: SelectionSetNode, path: tuple[str, ...] = ()) -> list[_Found]:
        """The fields of a selection set, each with the fragments that lead to it."""
        found: list[_Found] = []
        for selection in selections.selections:
            if isinstance(selection, FieldNode):
                found.append((selection, path))
            elif isinstance(selection, InlineFragmentNode):
                found.extend(self.fields(selection.selection_set, path))
            elif isinstance(selection, FragmentSpreadNode):
                name = selection.name.value
                fragment = self._fragments.get(name)
                self._visits += 1
                if fragment is not None and name not in path and self._visits <= _MAX_VISITS:
                    found.extend(self.fields(fragment.selection_set, (*path, name)))
        return found


class SizeLimits(ASTValidationRule):
    """Depth, root fields and aliases of each operation."""

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: Any) -> None:
        """Measure the operation and report the first limit that it passes."""
        fragments = {
            definition.name.value: definition
            for definition in self.context.document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        measure = _Measure(fragments)
        roots = measure.fields(node.selection_set)
        measure.walk(roots, 1, hidden=False)
        if sentence := _verdict(measure, len(roots)):
            self.report_error(_too_large(sentence, node))


def _verdict(measure: _Measure, roots: int) -> str | None:
    if measure.exhausted:
        return f"The operation selects more than {_MAX_VISITS} fields once its fragments are spread. Ask in parts."
    if measure.depth > MAX_DEPTH:
        return f"The operation is {measure.depth} levels deep or more; {MAX_DEPTH} are allowed."
    if measure.introspection_depth > MAX_INTROSPECTION_DEPTH:
        return f"The introspection is more than {MAX_INTROSPECTION_DEPTH} levels deep."
    if measure.introspections > MAX_INTROSPECTIONS:
        return "The operation asks for the schema more than once: `__schema` or `__type`, one time a request."
    if roots > MAX_ROOT_FIELDS:
        return f"The operation has {roots} root fields; {MAX_ROOT_FIELDS} are allowed."
    if measure.too_many is not None:
        return f"The field {measure.too_many.name.value} has more than {MAX_ALIASES} aliases in one place."
    return None


LIMIT_RULES = (SizeLimits,)
