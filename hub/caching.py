"""What others may keep of an answer, and whether they have it already."""

import hashlib
from collections.abc import Mapping

PUBLIC_SECONDS = 60


def caching_headers(body: bytes, *, private: bool, cacheable: bool) -> Mapping[str, str]:
    """Cache-Control, Vary and, where it may be kept, ETag of an answer."""
    if private:
        return {"cache-control": "private, no-store", "vary": "Authorization, Cookie"}
    if not cacheable:
        return {"cache-control": "no-store", "vary": "Accept, Authorization"}
    etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    return {
        "cache-control": f"public, max-age={PUBLIC_SECONDS}",
        "etag": etag,
        "vary": "Accept, Authorization",
    }


def is_known(if_none_match: str, etag: str) -> bool:
    """Whether the asking side holds this answer: a list of tags, compared weakly (RFC 9110, section 13.1.2)."""
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return etag in tags or "*" in tags
