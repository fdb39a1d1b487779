"""GraphQL over HTTP: from a request's method, headers and body to what is sent, or to a clear refusal."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import orjson

from hub.errors import UnavailableError

MAX_BODY = 256 * 1024
MAX_BATCH = 10
"""Operations in one request: so many a page of a portal may gather, and no more than one person's clicks cost."""
RESPONSE_TYPE = "application/graphql-response+json"
JSON_TYPE = "application/json"
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_LONGEST_NAME = 200


class RefusedRequest(Exception):  # noqa: N818 - the request is refused
    """A request that is none of GraphQL over HTTP; `status` is the HTTP status, `code` the word for programs."""

    def __init__(
        self, status: int, code: str, sentence: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code
        self.sentence = sentence
        self.headers = dict(headers or {})


class NotRunError(RefusedRequest):
    """A request that is well formed, whose document is not run; its status is that of a document that is wrong."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(400, code, sentence)


@dataclass(frozen=True, slots=True)
class Sent:
    """One operation as a request sends it.

    Attributes:
        query: the text; None where the document is only named.
        document: the name of a document that is kept: its id, or the SHA-256 of its text.
    """

    query: str | None
    document: str | None = None
    variables: Mapping[str, Any] | None = None
    name: str | None = None


def refusal_of(error: RefusedRequest | UnavailableError) -> RefusedRequest:
    """How a request is refused: for its own sake, or for now (RFC 9110, section 15.6.4)."""
    if isinstance(error, RefusedRequest):
        return error
    return RefusedRequest(503, error.code, str(error), {"Retry-After": str(error.retry_after_seconds)})


@dataclass(frozen=True, slots=True)
class Accepted:
    """Which of the two media types an answer has; the older one says 200 also for a document that is wrong."""

    media_type: str

    def status(self, *, executed: bool) -> int:
        """The HTTP status of an answer."""
        return 200 if executed or self.media_type == JSON_TYPE else 400


def accepted(accept: str) -> Accepted:
    """Choose the media type by an Accept header.

    Raises:
        RefusedRequest: 406 when neither is acceptable.
    """
    ranges = dict(_ranges(accept or "*/*"))
    for media_type in (RESPONSE_TYPE, JSON_TYPE):
        if ranges.get(media_type, 0) > 0:
            return Accepted(media_type)
    if any(ranges.get(wide, 0) > 0 for wide in ("*/*", "application/*")):
        return Accepted(RESPONSE_TYPE if "application/*" in ranges else JSON_TYPE)
    raise RefusedRequest(
        406, "NOT_ACCEPTABLE", f"Answers come as {RESPONSE_TYPE} or {JSON_TYPE}; accept one of them."
    )


def _ranges(accept: str) -> list[tuple[str, float]]:
    found = []
    for part in accept.split(","):
        media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        try:
            found.append((media_range, float(weight)))
        except ValueError:
            found.append((media_range, 1.0))
    return found


def of_query_string(text: str) -> Sent:
    """The operation of a GET request.

    Raises:
        RefusedRequest: for wrong parameters.
    """
    given = parse_qsl(text, keep_blank_values=True)
    names = [name for name, _ in given]
    if len(names) != len(set(names)):
        raise RefusedRequest(400, "BAD_REQUEST", "A parameter is given twice.")
    values: dict[str, Any] = dict(given)
    for name in ("variables", "extensions"):
        if values.get(name):
            values[name] = _json(values[name].encode(), f"The parameter {name}")
        else:
            values.pop(name, None)
    return sent_of(values)


def of_body(content_type: str, body: bytes) -> Sent | list[Sent]:
    """The operation of a POST request, or those of a batch.

    Raises:
        RefusedRequest: for another media type, no JSON, or JSON that is no request.
    """
    media_type, _, parameters = content_type.partition(";")
    if media_type.strip().lower() != JSON_TYPE:
        raise RefusedRequest(415, "BAD_MEDIA_TYPE", f"A POST brings its operation as {JSON_TYPE}.")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    if charset not in ("", "utf-8", "utf8"):
        raise RefusedRequest(415, "BAD_MEDIA_TYPE", "JSON is UTF-8 (RFC 8259, section 8.1).")
    values = _json(body, "The body")
    if isinstance(values, list):
        return _batch(values)
    return _one(values)


def _batch(values: list[Any]) -> list[Sent]:
    if not 1 <= len(values) <= MAX_BATCH:
        sentence = f"A batch has 1 to {MAX_BATCH} operations; this one has {len(values)}. Send them in parts."
        raise RefusedRequest(400, "BAD_BATCH", sentence)
    return [_one(one) for one in values]


def _one(values: Any) -> Sent:
    if not isinstance(values, dict):
        raise RefusedRequest(
            400, "BAD_REQUEST", 'The body is no JSON object such as {"query": "{ sources { name } }"}.'
        )
    return sent_of(values)


def _json(text: bytes, what: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise RefusedRequest(400, "BAD_JSON", f"{what} is no JSON: {error}.") from error


def sent_of(values: Mapping[str, Any]) -> Sent:
    """What the members of a request say.

    Raises:
        RefusedRequest: when a member is missing or of the wrong type.
    """
    query, variables = values.get("query"), values.get("variables")
    name, extensions = values.get("operationName"), values.get("extensions")
    if query is not None and not isinstance(query, str):
        raise RefusedRequest(400, "BAD_REQUEST", "`query` must be the text of the operation.")
    if variables is not None and not isinstance(variables, dict):
        raise RefusedRequest(400, "BAD_REQUEST", "`variables` must be an object.")
    if name is not None and not isinstance(name, str):
        raise RefusedRequest(400, "BAD_REQUEST", "`operationName` must be a text.")
    if extensions is not None and not isinstance(extensions, dict):
        raise RefusedRequest(400, "BAD_REQUEST", "`extensions` must be an object.")
    document = _document(values.get("documentId"), (extensions or {}).get("persistedQuery"))
    if not query and document is None:
        sentence = "There is no `query`: it is the text of the operation. Or name a document by `documentId`."
        raise RefusedRequest(400, "BAD_REQUEST", sentence)
    return Sent(query or None, document, variables, name or None)


def _document(named: Any, persisted: Any) -> str | None:
    """The name of a document: a member ``documentId``, or Apollo's extension ``persistedQuery``."""
    if named is not None and persisted is not None:
        raise RefusedRequest(
            400, "BAD_REQUEST", "Name a document by `documentId` or `persistedQuery`, not both."
        )
    if named is not None:
        if not isinstance(named, str) or not 1 <= len(named) <= _LONGEST_NAME:
            raise RefusedRequest(400, "BAD_REQUEST", "`documentId` must be the name of a document.")
        return named.removeprefix("sha256:")
    if persisted is None:
        return None
    if not isinstance(persisted, dict) or persisted.get("version") != 1:
        raise NotRunError("PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported")
    digest = persisted.get("sha256Hash")
    if not isinstance(digest, str) or not _SHA256.fullmatch(digest):
        sentence = "`persistedQuery.sha256Hash` must be a SHA-256 in hexadecimal: 64 digits."
        raise RefusedRequest(400, "BAD_REQUEST", sentence)
    return digest.lower()
