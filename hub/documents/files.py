"""Files of trusted documents, as the tools of portals write them."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from catalog_sync.errors import CatalogError
from hub.documents.book import hash_of, is_hash

_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_SHOWN = 20


class BadDocuments(CatalogError):  # noqa: N818 - the wire's word
    """A file of documents that is none, or has one that the schema does not take; nothing of it was imported."""

    code = "BAD_DOCUMENTS"


def read_documents(path: Path) -> dict[str, str]:
    """The documents of a file, by the ids that clients name them by.

    Taken are a JSON object of ids and texts (graphql-codegen, Relay), Apollo's manifest
    (``apollo-persisted-query-manifest``), and one GraphQL document, whose id is the SHA-256 of its text.

    Raises:
        BadDocuments: where it is none of them.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadDocuments(f"{path.name} is no text in UTF-8.") from error
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        if path.suffix == ".json":
            raise BadDocuments(f"{path.name} is no JSON: {error}.") from error
        return {hash_of(text): text}
    return _checked(path.name, _of_manifest(found) if _is_manifest(found) else found)


def _is_manifest(found: Any) -> bool:
    return isinstance(found, dict) and found.get("format") == "apollo-persisted-query-manifest"


def _of_manifest(found: Mapping[str, Any]) -> dict[Any, Any] | None:
    operations = found.get("operations")
    if not isinstance(operations, list) or not all(isinstance(one, dict) for one in operations):
        return None
    return {one.get("id"): one.get("body") for one in operations}


def _checked(name: str, documents: Any) -> dict[str, str]:
    if not isinstance(documents, dict) or not documents:
        raise BadDocuments(
            f"{name} is no list of documents: a JSON object of ids and texts, or Apollo's manifest."
        )
    for key, text in documents.items():
        if not isinstance(key, str) or not isinstance(text, str):
            raise BadDocuments(f"{name}: each document has an id and a text; {str(key)[:60]!r} has not.")
        if not _ID.fullmatch(key):
            raise BadDocuments(
                f"{name}: {key[:60]!r} is no id: up to 128 letters, digits, dots, colons, hyphens, underscores."
            )
        if is_hash(key) and key != hash_of(text):
            raise BadDocuments(f"{name}: {key} looks like a SHA-256 and is not that of its text.")
    return dict(documents)


def check_documents(documents: Mapping[str, str], errors_of: Callable[[str], Sequence[str]]) -> None:
    """Judge each text by the schema.

    Args:
        documents: texts by their ids.
        errors_of: what is wrong with a text, as sentences.

    Raises:
        BadDocuments: names each that does not fit.
    """
    wrong = [f"{name}: {error}" for name, text in documents.items() for error in errors_of(text)]
    if wrong:
        more = [f"... and {len(wrong) - _SHOWN} more."] if len(wrong) > _SHOWN else []
        raise BadDocuments("\n".join(["Nothing was imported.", *wrong[:_SHOWN], *more]))
