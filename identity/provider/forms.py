"""Hidden fields against forged forms: bound to the session and to the one thing that a form is about."""

import hashlib
import hmac

from identity.opaque import same
from identity.sessions import Session


def form_token(secret: bytes, purpose: str, session: Session, subject: str = "") -> str:
    """Make the field's value; `secret` is the keys' cookie secret."""
    message = f"{purpose}\0{session.id}\0{subject}".encode()
    return hmac.new(secret, message, hashlib.sha256).hexdigest()


def is_form_token(given: str, secret: bytes, purpose: str, session: Session, subject: str = "") -> bool:
    """Whether a form came from a page that was made for this session and this thing."""
    return same(given, form_token(secret, purpose, session, subject))
