"""RFC 8725: of a token only what we signed ourselves, as the kind it is, is believed (attack 6)."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from identity.keys import Keys

FOREIGN = RSAKey.generate_key(2048)


def part(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def test_our_own_tokens_are_believed(keys: Keys) -> None:
    for algorithm in ("RS256", "ES256"):
        assert keys.opened(keys.sign({"sub": "x"}, algorithm=algorithm)) == {"sub": "x"}


def test_a_token_of_another_kind_is_not(keys: Keys) -> None:
    token = keys.sign({"sub": "x"}, algorithm="RS256", kind="logout+jwt")
    assert keys.opened(token) is None
    assert keys.opened(token, kind="logout+jwt") == {"sub": "x"}


def test_a_foreign_key_is_not_believed_whatever_the_header_says(keys: Keys) -> None:
    kid = str(keys.signing["RS256"].kid)
    public = FOREIGN.as_dict(private=False)
    extras: list[dict[str, Any]] = [
        {},
        {"kid": kid},
        {"kid": "../../keys/cookie.secret"},
        {"kid": "' OR 1=1 --"},
        {"kid": kid, "jwk": public},
        {"jku": "https://evil.example/jwks"},
        {"kid": kid, "x5u": "https://evil.example/cert"},
    ]
    for extra in extras:
        token = jwt.encode({"alg": "RS256", "typ": "JWT"} | extra, {"sub": "x"}, FOREIGN)
        assert keys.opened(token) is None, extra


def test_the_public_key_is_no_hmac_secret(keys: Keys) -> None:
    public = keys.signing["RS256"]
    assert isinstance(public, RSAKey)
    secret = OctKey.import_key(json.dumps(public.as_dict(private=False)))
    header = {"alg": "HS256", "typ": "JWT", "kid": str(public.kid)}
    assert keys.opened(jwt.encode(header, {"sub": "x"}, secret, algorithms=["HS256"])) is None


@pytest.mark.parametrize(
    "algorithm", ["none", "None", "", "HS256", "PS256", "RS384", "EdDSA", None, 5, ["RS256"]]
)
def test_other_algorithms_are_not_believed(keys: Keys, algorithm: object) -> None:
    body = keys.sign({"sub": "x"}, algorithm="RS256").split(".")[1]
    head = part({"alg": algorithm, "typ": "JWT", "kid": keys.signing["RS256"].kid})
    for signature in ("", "AAAA", part(b"x" * 256)):
        assert keys.opened(f"{head}.{body}.{signature}") is None


def test_an_unknown_critical_header_is_not_ignored(keys: Keys) -> None:
    key = keys.signing["ES256"]
    with pytest.raises(Exception, match=r".*"):
        jwt.encode({"alg": "ES256", "kid": key.kid, "crit": ["exotic"], "exotic": 1}, {}, key)
    head = part({"alg": "ES256", "typ": "JWT", "kid": key.kid, "crit": ["exotic"], "exotic": 1})
    assert keys.opened(f"{head}.{part({})}.{part(b'x' * 64)}") is None


def test_an_oversized_token_is_not_read(keys: Keys) -> None:
    assert keys.opened(keys.sign({"sub": "x" * 20_000}, algorithm="ES256")) is None


def test_a_changed_token_is_not_believed(keys: Keys) -> None:
    head, body, signature = keys.sign({"sub": "x"}, algorithm="ES256").split(".")
    assert keys.opened(f"{head}.{part({'sub': 'y'})}.{signature}") is None
    assert keys.opened(f"{head}.{body}.") is None


@given(st.text(max_size=200) | st.lists(st.text(max_size=40), min_size=3, max_size=3).map(".".join))
def test_whatever_comes_is_none_and_no_failure(keys: Keys, token: str) -> None:
    assert keys.opened(token) is None


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=10), st.lists, max_leaves=5))
def test_whatever_the_header_is_there_is_no_failure(keys: Keys, header: object) -> None:
    assert keys.opened(f"{part(header)}.{part({})}.AAAA") is None
    assert keys.opened(f"{part({'alg': header, 'kid': header})}.{part({})}.AAAA") is None
