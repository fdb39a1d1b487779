"""Operations: parsed, limited and validated once, then kept by the hash of their text and their name.

Limits come before validation: a valid document of a few kilobytes with repeated fields costs a quarter of a second to
validate. The classes of rules are built once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cachetools import LRUCache
from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    parse,
    specified_rules,
    validate,
)
from graphql.validation.validate import ValidationAbortedError

from hub.execution.limits import LIMIT_RULES, MAX_TOKENS
from hub.execution.plans import Judge, Plan, Refusal, digest, facts_of

_KEPT = 2_000_000
"""Characters of text, all documents together: a syntax tree takes some hundred times its text's room."""
_ROOM = 400
"""Characters that a document counts for at least."""
_MAX_ERRORS = 20


@dataclass(frozen=True, slots=True)
class Document:
    """A document that may be executed, or the errors why it may not."""

    node: DocumentNode | None
    errors: Sequence[GraphQLError]

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """The operation that a request means; None where it is not clear which."""
        found = [
            definition
            for definition in (self.node.definitions if self.node else ())
            if isinstance(definition, OperationDefinitionNode)
            and (not name or (definition.name is not None and definition.name.value == name))
        ]
        return found[0] if len(found) == 1 else None

    def is_query(self, name: str | None) -> bool:
        """Whether the operation only reads, so that a GET may run it."""
        operation = self.operation(name)
        return operation is None or operation.operation is OperationType.QUERY


@dataclass(slots=True)
class _Kept:
    document: Document
    length: int
    plans: dict[str | None, Plan | Refusal] = field(default_factory=dict)


class Operations:
    """The documents of one schema that were seen lately, and the plans of their operations.

    Args:
        schema: what may be asked.
        judges: look at each plan once, when it is made, in this order; the first that has errors refuses it.
    """

    def __init__(self, schema: GraphQLSchema, judges: Sequence[Judge] = ()) -> None:
        self._schema = schema
        self._judges = judges
        self._documents: LRUCache[bytes, _Kept] = LRUCache(_KEPT, lambda kept: max(kept.length, _ROOM))
        self._rules: tuple[type[ASTValidationRule], ...] = (*LIMIT_RULES, *specified_rules)

    def document(self, text: str) -> Document:
        """The document of a text; wrong ones are kept too, so that asking again is cheap."""
        return self._kept(digest(text), text).document

    def plan(self, text: str, name: str | None = None) -> Plan | Refusal:
        """What is known of an operation before it runs, or why it will not run.

        Args:
            text: the document.
            name: of the operation; None where the document has only one.
        """
        key = digest(text)
        kept = self._kept(key, text)
        found = kept.plans.get(name)
        if found is None:
            found = self._plan(kept.document, key, name)
            if kept.document.operation(name) is not None:  # made-up names are not kept
                kept.plans[name] = found
        return found

    def _kept(self, key: bytes, text: str) -> "_Kept":
        known = self._documents.get(key)
        if known is None:
            known = _Kept(self._read(text), len(text))
            if known.length <= _KEPT:
                self._documents[key] = known
        return known

    def _plan(self, document: Document, key: bytes, name: str | None) -> Plan | Refusal:
        if document.node is None:
            return Refusal(document.errors)
        operation = document.operation(name)
        if operation is None:
            return Refusal((_unclear(name),))
        facts = facts_of(self._schema, document.node, operation)
        plan = Plan(document.node, operation, (key, name), facts)
        for judge in self._judges:
            if errors := judge(plan):
                return Refusal(errors)
        return plan

    def _read(self, text: str) -> Document:
        try:
            node = parse(text, max_tokens=MAX_TOKENS)
        except GraphQLSyntaxError as error:
            return Document(None, [_with_code(error, _code_of(error))])
        if errors := validate(self._schema, node, LIMIT_RULES):
            return Document(None, errors)
        errors = validate(self._schema, node, self._rules, max_errors=_MAX_ERRORS)
        return Document(None, [_invalid(error) for error in errors]) if errors else Document(node, ())


def _code_of(error: GraphQLSyntaxError) -> str:
    return "TOO_LARGE" if f"more than {MAX_TOKENS} tokens" in error.message else "BAD_SYNTAX"


def _invalid(error: GraphQLError) -> GraphQLError:
    if isinstance(error, ValidationAbortedError) and not error.message.startswith("Too many"):
        sentence = (
            "The document repeats fields or fragments so often that it cannot be checked. Ask in parts."
        )
        return GraphQLError(sentence, extensions={"code": "TOO_LARGE"})
    return _with_code(error, "BAD_DOCUMENT")


def _with_code(error: GraphQLError, code: str) -> GraphQLError:
    error.extensions = {"code": code, **(error.extensions or {})}
    return error


def _unclear(name: str | None) -> GraphQLError:
    sentence = (
        f"The document has no operation called {name}."
        if name
        else "The document has several operations: name one in operationName."
    )
    return GraphQLError(sentence, extensions={"code": "BAD_OPERATION_NAME"})
