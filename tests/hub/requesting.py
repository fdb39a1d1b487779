"""Requests to the graph's endpoint as anybody may send them: right ones, wrong ones, junk."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import orjson
from hypothesis import strategies as st

from hub.documents.book import hash_of
from tests.hub.execution.generating import Asked, operations
from tests.hub.execution.test_real_schema import RIGHT, SCHEMA, WRONG

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Request:
    """One request; `pieces` are the body as it comes."""

    method: str
    query_string: bytes
    headers: Headers
    pieces: tuple[bytes, ...]


_TYPES = ["application/json", "application/graphql-response+json", "text/event-stream", "*/*", "text/html"]
_ACCEPT = st.sampled_from([*_TYPES, ", ".join(_TYPES), "application/json;q=x", "application/*;q=0.5", ""])
_CONTENT = st.sampled_from(
    [*["application/json"] * 8, "application/json; charset=latin-1", "text/plain", "multipart/form-data", ""]
)
_TOKEN = st.binary(max_size=20).map(lambda junk: junk.translate(None, b"\r\n\x00"))
_OTHERS = st.lists(
    st.sampled_from(
        [
            (b"authorization", b"Bearer junk"),
            (b"authorization", b"Basic eDp5"),
            (b"cookie", b"session=junk; a=b"),
            (b"origin", b"https://portal.example"),
            (b"sec-fetch-site", b"same-origin"),
            (b"if-none-match", b'W/"x", *'),
            (b"cache-control", b"no-cache"),
            (b"content-length", b"99999999"),
            (b"content-length", b"-1"),
        ]
    )
    | st.tuples(
        st.sampled_from([b"accept", b"content-type", b"cookie", b"authorization", b"x-junk"]), _TOKEN
    ),
    max_size=3,
)
_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
_WORDS = st.lists(
    st.sampled_from(
        [
            "{",
            "}",
            "(",
            ")",
            "[",
            "]",
            "!",
            "$",
            "@",
            ":",
            "...",
            "|",
            "=",
            "query",
            "mutation",
            "subscription",
            "fragment",
            "on",
            "sources",
            "services",
            "area",
            "first",
            "ars",
            "__schema",
            "__typename",
            '"x"',
            "1",
            "-1",
            "1e99",
            "null",
            "true",
            "$x",
            "@skip(if:true)",
            "@defer",
            "@stream",
            "#",
            "\ufeff",
        ]
    ),
    max_size=60,
).map(" ".join)


@st.composite
def _documents(draw: st.DrawFn) -> dict[str, Any]:
    """The members of a request: an operation that is valid, damaged, cut, or no operation at all."""
    asked: Asked = draw(operations(SCHEMA, RIGHT, WRONG))
    text = asked.query
    match draw(st.integers(0, 9)):
        case 0:
            text = text[: draw(st.integers(0, len(text)))]
        case 1:
            at = draw(st.integers(0, len(text)))
            text = text[:at] + draw(st.text(max_size=5)) + text[at:]
        case 2:
            text = draw(_WORDS)
        case 3:
            text = draw(st.text(max_size=200))
        case 4:
            text = draw(st.sampled_from(["{", "[", "a{", "{a(b:["])) * draw(st.integers(1, 3000))
        case _:
            pass
    return {"query": text, "variables": asked.variables}


@st.composite
def _members(draw: st.DrawFn) -> Any:
    """What stands in a body: mostly an object with the right members, some of them of a wrong kind."""
    members = draw(_documents())
    text = members["query"]
    match draw(st.integers(0, 11)):
        case 0:
            members[draw(st.sampled_from(["query", "variables", "operationName", "extensions"]))] = draw(
                _JSON
            )
        case 1:
            members["operationName"] = draw(st.text(max_size=5))
        case 2:
            digest = draw(st.sampled_from([hash_of(text), "0" * 64, "x", None, 1]))
            members["extensions"] = {
                "persistedQuery": {"version": draw(st.sampled_from([1, 2])), "sha256Hash": digest}
            }
            if draw(st.booleans()):
                del members["query"]
        case 3:
            members = {"documentId": draw(st.text(max_size=80) | st.just(hash_of(text)))}
        case 4:
            return [members] * draw(st.integers(0, 12))
        case 5:
            return draw(_JSON)
        case _:
            pass
    return members


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """Any request."""
    headers = [(b"accept", draw(_ACCEPT).encode()), *draw(_OTHERS)]
    method = draw(st.sampled_from(["POST"] * 6 + ["GET"] * 3 + ["HEAD", "OPTIONS", "PUT"]))
    if method not in ("POST", "PUT"):
        return Request(method, draw(_query_string()), headers, (b"",))
    headers.append((b"content-type", draw(_CONTENT).encode()))
    body = draw(st.binary(max_size=300)) if draw(st.integers(0, 9)) == 0 else _written(draw(_members()))
    if draw(st.integers(0, 99)) == 0:
        body *= 200
    at = draw(st.integers(0, len(body)))
    return Request(method, b"", headers, draw(st.sampled_from([(body,), (body[:at], body[at:])])))


def _written(members: Any) -> bytes:
    """JSON; what orjson can't write (numbers beyond 64 bits, half a surrogate pair) goes as it is shown."""
    try:
        return orjson.dumps(members)
    except (TypeError, orjson.JSONEncodeError):
        return repr(members).encode("utf-8", "surrogatepass")


@st.composite
def _query_string(draw: st.DrawFn) -> bytes:
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=100))
    members = draw(_members())
    if not isinstance(members, dict):
        return quote(_written(members)).encode()
    parts = [
        f"{name}={quote(value.encode('utf-8', 'replace') if isinstance(value, str) else _written(value))}"
        for name, value in members.items()
    ]
    return "&".join(parts * draw(st.sampled_from([1, 1, 1, 2]))).encode("utf-8", "replace")
