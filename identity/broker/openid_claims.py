"""The table of claims for upstreams that speak OpenID Connect, and the checks it names."""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import replace
from typing import Any

from identity.broker.claims import Check, ClaimTable, Expected, VerifiedClaims
from identity.person import Person
from identity.subject import Organisation

LEEWAY_SECONDS = 30
"""How far an upstream's clock may be off."""

_OLDEST_TOKEN_SECONDS = 600
_LONGEST = 255
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _is_text(value: Any, _: Expected) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST


def _is_day(value: Any, _: Expected) -> bool:
    return isinstance(value, str) and _DAY.fullmatch(value) is not None


def _is_flag(value: Any, _: Expected) -> bool:
    return isinstance(value, bool)


def _is_texts(value: Any, expected: Expected) -> bool:
    return isinstance(value, dict) and all(
        _is_text(part, expected) for part in value.values() if part is not None
    )


def _is_organisation(value: Any, expected: Expected) -> bool:
    return _is_texts(value, expected) and bool(value.get("id")) and bool(value.get("name"))


def _is_time(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _issuer(value: Any, expected: Expected) -> bool:
    return bool(value == expected.issuer)


def _audience(value: Any, expected: Expected) -> bool:
    """Exactly us: we trust no other audience (Core 3.1.3.7, rule 3)."""
    return value in (expected.client_id, [expected.client_id])


def _authorized_party(value: Any, expected: Expected) -> bool:
    return bool(value == expected.client_id)


def _nonce(value: Any, expected: Expected) -> bool:
    return isinstance(value, str) and hmac.compare_digest(value.encode(), expected.nonce.encode())


def _expiry(value: Any, expected: Expected) -> bool:
    return _is_time(value) and value > expected.now - LEEWAY_SECONDS


def _issued_at(value: Any, expected: Expected) -> bool:
    return _is_time(value) and -_OLDEST_TOKEN_SECONDS <= value - expected.now <= LEEWAY_SECONDS


def _not_before(value: Any, expected: Expected) -> bool:
    return _is_time(value) and value <= expected.now + LEEWAY_SECONDS


def _auth_time(value: Any, expected: Expected) -> bool:
    earliest = 0 if expected.acted_since is None else expected.acted_since - LEEWAY_SECONDS
    return _is_time(value) and earliest <= value <= expected.now + LEEWAY_SECONDS


def _access_token_hash(value: Any, expected: Expected) -> bool:
    """Core 3.1.3.6; all algorithms that we take are over SHA-256."""
    if expected.access_token is None:
        return False
    half = hashlib.sha256(expected.access_token.encode()).digest()[:16]
    return isinstance(value, str) and hmac.compare_digest(
        value.encode(), urlsafe_b64encode(half).rstrip(b"=")
    )


def _subject(value: Any, expected: Expected) -> bool:
    """Userinfo about somebody else is a substituted access token (Core 5.3.2)."""
    return bool(value == expected.subject)


_PERSON: dict[str, Check] = {
    "name": _is_text,
    "given_name": _is_text,
    "family_name": _is_text,
    "birthdate": _is_day,
    "email": _is_text,
    "email_verified": _is_flag,
    "address": _is_texts,
}
_KNOWN_AND_NOT_NEEDED = frozenset(
    {"jti", "sid", "amr", "s_hash", "c_hash", "updated_at", "locale", "zoneinfo"}  # of the login
    | {
        "middle_name",
        "nickname",
        "preferred_username",
        "profile",
        "picture",
        "website",
        "gender",
    }  # of the person
    | {"phone_number", "phone_number_verified"}
)


def id_token_table(*, fresh: bool, organisations: bool, ignored: tuple[str, ...]) -> ClaimTable:
    """The rows for an ID token; `fresh` makes `auth_time` required (Core 2, `auth_time`)."""
    required: dict[str, Check] = {
        "iss": _issuer,
        "aud": _audience,
        "exp": _expiry,
        "iat": _issued_at,
        "nonce": _nonce,
    }
    optional: dict[str, Check] = {
        "azp": _authorized_party,
        "nbf": _not_before,
        "acr": _is_text,
        "at_hash": _access_token_hash,
        **_attributes(organisations=organisations),
    }
    (required if fresh else optional)["auth_time"] = _auth_time
    return ClaimTable(required, {"sub": _is_text}, optional, _KNOWN_AND_NOT_NEEDED.union(ignored))


def userinfo_table(*, organisations: bool, ignored: tuple[str, ...]) -> ClaimTable:
    """The rows for the answer of the userinfo endpoint (Core 5.3.2)."""
    return ClaimTable(
        {"sub": _subject}, {}, _attributes(organisations=organisations), _KNOWN_AND_NOT_NEEDED.union(ignored)
    )


def _attributes(*, organisations: bool) -> dict[str, Check]:
    return {**_PERSON, "organisation": _is_organisation} if organisations else _PERSON


def about(expected: Expected, subject: str) -> Expected:
    """The same expectations once it is known whom the ID token names."""
    return replace(expected, subject=subject)


def person_of(claims: VerifiedClaims) -> Person:
    """The attributes among verified claims (Core 5.1)."""
    address = claims.get("address", {})
    plain = {name: claims.get(name) for name in _PERSON if name != "address"}
    return Person(
        **plain,
        street=address.get("street_address"),
        postcode=address.get("postal_code"),
        city=address.get("locality"),
        country=address.get("country"),
    )


def organisation_of(claims: VerifiedClaims) -> Organisation | None:
    """For whom the person came, under the upstream's own id."""
    named = claims.get("organisation")
    if named is None:
        return None
    return Organisation(named["id"], named["name"], named.get("legal_form"), named.get("register_number"))
