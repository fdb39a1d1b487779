"""How large an operation may be. Each limit is a validation rule; its error names the limit."""

from collections import Counter
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
MAX_ROOT_FIELDS = 20
MAX_ALIASES = 15
_MAX_VISITS = 10_000


def _too_large(sentence: str, node: Any) -> GraphQLError:
    return GraphQLError(sentence, node, extensions={"code": "TOO_LARGE"})


class _Measure:
    """Walks an operation with its fragments spread out, bounded, and takes its measures."""

    def __init__(self, fragments: dict[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._visits = 0
        self.depth = 0
        self.introspection_depth = 0
        self.too_many: FieldNode | None = None
        self.exhausted = False

    def walk(self, selections: SelectionSetNode, depth: int, *, hidden: bool, path: tuple[str, ...]) -> None:
        """Measure a selection set at a depth; `hidden` inside introspection, `path` the fragments being spread."""
        aliases: Counter[str] = Counter()
        for field, inner_path in self._fields(selections, path):
            self._visits += 1
            if self._visits > _MAX_VISITS:
                self.exhausted = True
                return
            aliases[field.name.value] += 1 if field.alias else 0
            if aliases[field.name.value] > MAX_ALIASES:
                self.too_many = field
            inside = hidden or field.name.value.startswith("__")
            if inside:
                self.introspection_depth = max(self.introspection_depth, depth)
            else:
                self.depth = max(self.depth, depth)
            if field.selection_set and depth <= MAX_INTROSPECTION_DEPTH:
                self.walk(field.selection_set, depth + 1, hidden=inside, path=inner_path)

    def _fields(
        self, selections: SelectionSetNode, path: tuple[str, ...]
    ) -> list[tuple[FieldNode, tuple[str, ...]]]:
        found: list[tuple[FieldNode, tuple[str, ...]]] = []
        for selection in selections.selections:
            if isinstance(selection, FieldNode):
                found.append((selection, path))
            elif isinstance(selection, InlineFragmentNode):
                found.extend(self._fields(selection.selection_set, path))
            elif isinstance(selection, FragmentSpreadNode):
                name = selection.name.value
                fragment = self._fragments.get(name)
                self._visits += 1
                if fragment is not None and name not in path and self._visits <= _MAX_VISITS:
                    found.extend(self._fields(fragment.selection_set, (*path, name)))
        return found

    def roots(self, selections: SelectionSetNode) -> int:
        """How many root fields an operation has."""
        return len(self._fields(selections, ()))


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
        measure.walk(node.selection_set, 1, hidden=False, path=())
        if sentence := _verdict(measure, node):
            self.report_error(_too_large(sentence, node))


def _verdict(measure: _Measure, node: OperationDefinitionNode) -> str | None:
    if measure.exhausted:
        return f"The operation selects more than {_MAX_VISITS} fields once its fragments are spread. Ask in parts."
    if measure.depth > MAX_DEPTH:
        return f"The operation is {measure.depth} levels deep or more; {MAX_DEPTH} are allowed."
    if measure.introspection_depth > MAX_INTROSPECTION_DEPTH:
        return f"The introspection is more than {MAX_INTROSPECTION_DEPTH} levels deep."
    if (roots := measure.roots(node.selection_set)) > MAX_ROOT_FIELDS:
        return f"The operation has {roots} root fields; {MAX_ROOT_FIELDS} are allowed."
    if measure.too_many is not None:
        return f"The field {measure.too_many.name.value} has more than {MAX_ALIASES} aliases in one place."
    return None


LIMIT_RULES = (SizeLimits,)
