"""GraphQL over HTTP: from a request's method, headers and body to an operation, or to a clear refusal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import orjson

from hub.errors import DatabaseAwayError
from hub.execution.running import Operation

MAX_BODY = 256 * 1024
RESPONSE_TYPE = "application/graphql-response+json"
JSON_TYPE = "application/json"


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


def refusal_of(error: RefusedRequest | DatabaseAwayError) -> RefusedRequest:
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


def of_query_string(text: str) -> Operation:
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
    return operation_of(values)


def of_body(content_type: str, body: bytes) -> Operation:
    """The operation of a POST request.

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
        raise RefusedRequest(400, "BAD_REQUEST", "Batches are not taken: send each operation by itself.")
    if not isinstance(values, dict):
        raise RefusedRequest(
            400, "BAD_REQUEST", 'The body is no JSON object such as {"query": "{ sources { name } }"}.'
        )
    return operation_of(values)


def _json(text: bytes, what: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise RefusedRequest(400, "BAD_JSON", f"{what} is no JSON: {error}.") from error


def operation_of(values: Mapping[str, Any]) -> Operation:
    """The operation of a request's members.

    Raises:
        RefusedRequest: when a member is missing or of the wrong type.
    """
    query, variables = values.get("query"), values.get("variables")
    name, extensions = values.get("operationName"), values.get("extensions")
    if not isinstance(query, str) or not query:
        raise RefusedRequest(400, "BAD_REQUEST", "There is no `query`: it is the text of the operation.")
    if variables is not None and not isinstance(variables, dict):
        raise RefusedRequest(400, "BAD_REQUEST", "`variables` must be an object.")
    if name is not None and not isinstance(name, str):
        raise RefusedRequest(400, "BAD_REQUEST", "`operationName` must be a text.")
    if extensions is not None and not isinstance(extensions, dict):
        raise RefusedRequest(400, "BAD_REQUEST", "`extensions` must be an object.")
    return Operation(query, variables, name or None)
