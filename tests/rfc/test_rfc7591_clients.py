"""RFC 7591 section 5 and RFC 9700 section 4.1: which addresses a portal may register."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.provider.clients import ClientRefusedError, Registration, check_uri, load, register
from tests.rfc.stage import Stage


@pytest.mark.parametrize(
    "uri",
    [
        "https://portal.example/callback",
        "https://portal.example:8443/callback?tenant=a",
        "http://localhost:8001/callback",
        "http://127.0.0.1:8001/",
        "http://[::1]:8001/callback",
    ],
)
def test_good_addresses(uri: str) -> None:
    check_uri(uri)


@pytest.mark.parametrize(
    ("uri", "why"),
    [
        ("https://portal.example/callback#", "fragment"),
        ("https://portal.example/#x", "fragment"),
        ("http://portal.example/callback", "not https"),
        ("http://127.0.0.1.evil.example/", "not https"),
        ("http://localhost.evil.example/", "not https"),
        ("javascript:alert(1)", "no web address"),
        ("data:text/html,x", "no web address"),
        ("myapp://callback", "no web address"),
        ("/callback", "no web address"),
        ("https://", "no web address"),
        ("https:///callback", "no web address"),
        ("https://*.example/callback", "wildcard"),
        ("https://portal.example/*", "wildcard"),
        ("https://portal.example/a b", "not allowed"),
        ("https://portal.example/a\\b", "not allowed"),
        ("https://portal.example/\n", "not allowed"),
        ("https://pörtal.example/", "not allowed"),
        ("https://user:pw@portal.example/", "user name"),
        ("https://portal.example:99999/", "no address"),
        ("https://[::1/", "no address"),
        ("", "not allowed"),
    ],
)
def test_addresses_that_could_carry_a_code_to_somebody_else(uri: str, why: str) -> None:
    with pytest.raises(ClientRefusedError, match=why):
        check_uri(uri)


@given(st.text(max_size=60) | st.text(max_size=30).map(lambda text: f"https://portal.example/{text}"))
def test_whatever_comes_is_taken_or_refused_with_a_sentence(uri: str) -> None:
    if refusal(uri) is None:
        assert uri.lower().startswith(("https://", "http://"))
        assert uri.isascii()
        assert not set(uri) & set("#* \\")


def refusal(uri: str) -> str | None:
    try:
        check_uri(uri)
    except ClientRefusedError as error:
        return error.sentence
    return None


@pytest.mark.parametrize(
    "asked",
    [
        Registration("", ("https://a.example/",)),
        Registration("A", ()),
        Registration("A", ("https://a.example/",), public=True, require_pkce=False),
        Registration("A", ("https://a.example/",), post_logout_redirect_uris=("http://a.example/",)),
        Registration("A", ("https://a.example/",), backchannel_logout_uri="ftp://a.example/"),
    ],
)
async def test_a_bad_registration_changes_nothing(stage: Stage, asked: Registration) -> None:
    with pytest.raises(ClientRefusedError):
        await stage.database.write(lambda c: register(c, asked, secrets.token_bytes, 0))


async def test_a_secret_is_told_once_and_a_public_portal_has_none(stage: Stage) -> None:
    confidential, public = await stage.portal(), await stage.portal(public=True)
    assert str(confidential.secret).startswith("vhc_")
    assert public.secret is None
    kept = await stage.database.read(lambda c: load(c, confidential.client.client_id))
    assert kept == confidential.client
    assert str(confidential.secret) not in repr(kept)


async def test_several_hosts_are_a_sector_of_their_own(stage: Stage) -> None:
    portal = await stage.portal(redirect_uris=("https://a.example/", "https://b.example/"))
    assert portal.client.sector == f"client:{portal.client.client_id}"
