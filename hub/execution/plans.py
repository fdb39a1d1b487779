"""Plans: what is known of an operation before it runs, kept from request to request.

A plan belongs to one operation of one document. It is made when the document is first seen: parsed, limited,
validated, looked through for its static facts, judged. What a run needs besides (variables, context) comes with the
request. Whoever must decide by what an operation is, not by what it answers (caches, limits, metrics), reads the plan.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_named_type,
    is_composite_type,
)

from hub.execution.readings import scopes_of

UNKNOWN = object()
"""Stands where nobody has looked yet."""

_INCREMENTAL = frozenset({"defer", "stream"})


@dataclass(frozen=True, slots=True)
class Facts:
    """What an operation is, whatever its variables are.

    Attributes:
        kind: query, mutation or subscription.
        name: of the operation; None where it has none.
        fields: coordinates (``Service.title``) of all fields that may be read, those behind @skip and @include too;
            of an interface also those of the types that have it.
        scopes: what an answer depends on besides arguments and data, as `metadata["scope"]` of its fields names it:
            ``viewer`` is who is asking. Empty means that the answer is everybody's, and may be kept for all.
        introspects: whether it asks for the schema.
        incremental: whether it has @defer or @stream.
    """

    kind: OperationType
    name: str | None
    fields: frozenset[str]
    scopes: frozenset[str]
    introspects: bool
    incremental: bool

    @property
    def public(self) -> bool:
        """Whether everybody gets the same answer for the same variables and data."""
        return not self.scopes and self.kind is OperationType.QUERY


@dataclass(slots=True, eq=False)
class Plan:
    """One operation that may be executed.

    Attributes:
        document, operation: as parsed.
        key: names document and operation: SHA-256 of the text, and the name.
        facts: what it is.
        compiled: the operation as functions (`hub.execution.compiled`); the executor's own.
        notes: what a judge wants to keep with the plan, under a name of its own: the cost as a function of
            variables, for instance. Whatever is here lives as long as the plan does, over many requests.
    """

    document: DocumentNode
    operation: OperationDefinitionNode
    key: tuple[bytes, str | None]
    facts: Facts
    compiled: Any = UNKNOWN
    notes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an operation is not executed, whatever its variables are."""

    errors: Sequence[GraphQLError]


Judge = Callable[[Plan], Sequence[GraphQLError]]
"""Looks at each plan once, when it is made; errors refuse the operation for good. May write `Plan.notes`."""


def digest(text: str) -> bytes:
    """The name of a document: SHA-256 of its text."""
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


def facts_of(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) -> Facts:
    """Look through one operation of a valid document."""
    look = _Look(schema, document)
    root = schema.get_root_type(operation.operation)
    if root is not None:
        look.walk(operation.selection_set, root)
    return Facts(
        kind=operation.operation,
        name=operation.name.value if operation.name else None,
        fields=frozenset(look.fields),
        scopes=frozenset(look.scopes),
        introspects=look.introspects,
        incremental=look.incremental,
    )


class _Look:
    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._schema = schema
        self._fragments = {
            one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
        }
        self._seen: set[tuple[str, str]] = set()
        self.fields: set[str] = set()
        self.scopes: set[str] = set()
        self.introspects = False
        self.incremental = False

    def walk(self, selected: SelectionSetNode, parent: Any) -> None:
        """Take in what is selected of a type; each fragment once for each type."""
        for selection in selected.selections:
            names = {directive.name.value for directive in selection.directives or ()}
            self.incremental = self.incremental or not names.isdisjoint(_INCREMENTAL)
            if isinstance(selection, FieldNode):
                self._field(selection, parent)
            elif isinstance(selection, InlineFragmentNode):
                named = selection.type_condition
                inner = self._schema.get_type(named.name.value) if named else parent
                self.walk(selection.selection_set, inner)
            elif isinstance(selection, FragmentSpreadNode):
                self._spread(selection.name.value)

    def _spread(self, name: str) -> None:
        fragment = self._fragments[name]
        on = fragment.type_condition.name.value
        if (name, on) not in self._seen:
            self._seen.add((name, on))
            self.walk(fragment.selection_set, self._schema.get_type(on))

    def _field(self, node: FieldNode, parent: Any) -> None:
        name = node.name.value
        self.introspects = self.introspects or name in ("__schema", "__type")
        definition = getattr(parent, "fields", {}).get(name)
        if definition is None:
            return
        for owner in self._owners(parent):
            self.fields.add(f"{owner.name}.{name}")
            self.scopes |= scopes_of(owner.fields[name])
        below = get_named_type(definition.type)
        if node.selection_set and is_composite_type(below):
            self.walk(node.selection_set, below)

    def _owners(self, parent: Any) -> Iterator[GraphQLObjectType | GraphQLInterfaceType]:
        yield parent
        if isinstance(parent, GraphQLInterfaceType):
            yield from self._schema.get_possible_types(parent)
