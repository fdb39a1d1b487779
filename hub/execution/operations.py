"""Operations: parsed, limited and validated once, then kept by their text.

Limits come before validation: a valid document of a few kilobytes with repeated fields costs a quarter of a second to
validate. The classes of rules are built once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

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

_KEPT = 2000
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


class Operations:
    """The documents of one schema that were seen lately."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._documents: LRUCache[str, Document] = LRUCache(_KEPT)
        self._rules: tuple[type[ASTValidationRule], ...] = (*LIMIT_RULES, *specified_rules)

    def document(self, text: str) -> Document:
        """The document of a text; wrong ones are kept too, so that asking again is cheap."""
        known = self._documents.get(text)
        if known is None:
            known = self._documents[text] = self._read(text)
        return known

    def _read(self, text: str) -> Document:
        try:
            node = parse(text, max_tokens=MAX_TOKENS)
        except GraphQLSyntaxError as error:
            return Document(None, [_with_code(error, "BAD_SYNTAX")])
        if errors := validate(self._schema, node, LIMIT_RULES):
            return Document(None, errors)
        errors = validate(self._schema, node, self._rules, max_errors=_MAX_ERRORS)
        return Document(None, [_invalid(error) for error in errors]) if errors else Document(node, ())


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
