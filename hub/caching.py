"""What others may keep of an answer, and whether they have it already."""

import hashlib

from hub.execution.answer_cache import Headers, Kept

PUBLIC_SECONDS = 60
"""For how long others may hold a public answer: so late a change, or a day's end in Berlin, may reach their readers."""

_KEPT = (
    f"public, max-age={PUBLIC_SECONDS}, s-maxage={PUBLIC_SECONDS}, stale-while-revalidate=30, stale-if-error=3600"
).encode()
_CHECKED = b"public, no-cache"
_VARY = (b"vary", b"Accept, Authorization")
PRIVATE: Headers = [(b"cache-control", b"private, no-store"), (b"vary", b"Authorization, Cookie")]
"""For whoever asked, and only now."""
NOT_KEPT: Headers = [(b"cache-control", b"no-store"), _VARY]
"""For errors: the next one may have more luck."""
CORS: Headers = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"etag, ratelimit, ratelimit-policy, retry-after, x-request-id"),
]
NOSNIFF = (b"x-content-type-options", b"nosniff")


def typed(media_type: str) -> tuple[bytes, bytes]:
    """The header that says what an answer is."""
    return (b"content-type", f"{media_type}; charset=utf-8".encode())


def kept_answer(body: bytes, tag: str, media_type: str) -> Kept:
    """A public answer with its headers, which are the same for all who get it.

    A POST's answer has no tag: a condition on a POST means another thing (RFC 9110, section 13.2.2). Its
    Cache-Control is for gateways, which work out their own answer's from it.
    """
    told = [typed(media_type), (b"cache-control", _KEPT), _VARY, _length(body), NOSNIFF]
    posted = [*told, *CORS]
    return Kept(body, tag, [(b"etag", tag.encode()), *posted], posted, told)


def checked_headers(tag: str, *, posted: bool) -> Headers:
    """For a public answer that may be another in a moment: to be kept, but asked about each time."""
    return [*([] if posted else [(b"etag", tag.encode())]), (b"cache-control", _CHECKED), _VARY]


def unchanged_headers(tag: str, *, lasting: bool) -> Headers:
    """For a 304 (RFC 9110, section 15.4.5)."""
    return [
        (b"etag", tag.encode()),
        (b"cache-control", _KEPT if lasting else _CHECKED),
        _VARY,
        NOSNIFF,
        *CORS,
    ]


def tag_of_body(body: bytes, media_type: str) -> str:
    """The entity tag of an answer that no data version names."""
    return f'"{hashlib.blake2b(media_type.encode() + body, digest_size=12).hexdigest()}"'


def is_known(if_none_match: bytes | None, tag: str) -> bool:
    """Whether the asking side holds this answer: a list of tags, compared weakly (RFC 9110, section 13.1.2)."""
    if not if_none_match:
        return False
    tags = [one.strip().removeprefix("W/") for one in if_none_match.decode("latin-1").split(",")]
    return tag in tags or "*" in tags


def _length(body: bytes) -> tuple[bytes, bytes]:
    return (b"content-length", str(len(body)).encode())
