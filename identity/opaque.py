"""Secrets that say nothing: codes, tokens, cookies and ids. They go out once and rest as their SHA-256."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable

Clock = Callable[[], float]
"""Seconds since 1970 UTC."""

Random = Callable[[int], bytes]
"""That many bytes from the system's secure source (`secrets.token_bytes`)."""

SECOND = 1_000_000
"""A second in the unit of the tables."""

_BYTES = 32  # 256 bits: beyond guessing, so a plain hash is enough at rest


def micros(clock: Clock) -> int:
    """Now, in the tables' unit."""
    return int(clock() * SECOND)


def new_secret(random: Random, prefix: str = "") -> str:
    """Make a secret of 256 bits, base64url without padding, behind a prefix that tells its kind."""
    return prefix + b64url(random(_BYTES))


def digest(secret: str) -> str:
    """Hash a secret for keeping and looking up (SHA-256, hexadecimal)."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def same(left: str, right: str) -> bool:
    """Compare two secrets or hashes in constant time."""
    return hmac.compare_digest(left.encode("utf-8", "surrogatepass"), right.encode("utf-8", "surrogatepass"))


def b64url(raw: bytes) -> str:
    """Encode as base64url without padding (RFC 7515 section 2)."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
