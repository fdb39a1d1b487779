"""Signatures of messages by the scheme of standardwebhooks.com (symmetric, version v1)."""

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Callable

_PREFIX = "whsec_"
_BYTES = 32


def new_secret(random: Callable[[int], bytes]) -> str:
    """Make a secret of 256 bits, as both sides keep it."""
    return _PREFIX + b64encode(random(_BYTES)).decode()


def signed_headers(secret: str, message_id: str, at: int, body: bytes) -> dict[str, str]:
    """The headers of one attempt: the id stays the same over attempts, the time does not.

    Args:
        secret: as `new_secret` made it.
        message_id: by which the receiver knows a message that it has.
        at: seconds since 1970, UTC; receivers refuse what is old.
        body: exactly as sent.
    """
    key = b64decode(secret.removeprefix(_PREFIX))
    signed = f"{message_id}.{at}.".encode() + body
    signature = b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{signature}",
    }
