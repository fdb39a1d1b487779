"""OpenID Connect Core 3.1.3.7, RFC 9207, RFC 7636, RFC 8725: what an upstream's answer must be and must not."""

import hashlib
import hmac
import logging
from base64 import urlsafe_b64encode
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import msgspec
import pytest
from joserfc import jws, jwt

from identity.account import Accounts
from identity.assurance import AssuranceLevel
from identity.broker.core import Arrival, Broker
from identity.broker.errors import (
    AnswerRefusedError,
    BrokerError,
    LevelNotReachedError,
    LoginCancelledError,
    StateRefusedError,
    UpstreamUnavailableError,
)
from identity.broker.openid import OpenIDUpstream
from identity.broker.pending import PendingLogins
from identity.broker.purpose import Purpose
from identity.broker.upstream import Upstream
from tests.identity.broker.upstream_double import (
    ACR,
    CALLBACK,
    CLIENT_ID,
    EC,
    ISSUER,
    NOW,
    OTHER_RSA,
    RSA,
    Sign,
    UpstreamDouble,
    unsigned,
)


async def login(broker: Broker, double: UpstreamDouble, purpose: Purpose | None = None) -> Arrival:
    address = await broker.start("konto", purpose or Purpose(), "browser")
    return await broker.finish("konto", double.visit(address), "browser")


async def test_the_request_binds_state_nonce_and_code_to_this_login(broker: Broker) -> None:
    purpose = Purpose(wanted=AssuranceLevel.SUBSTANTIAL, fresh=True, login_hint="erika", ui_locales="en")
    first, second = [await broker.start("konto", purpose, "browser") for _ in range(2)]
    query = {name: values[0] for name, values in parse_qs(urlsplit(first).query).items()}
    assert first.startswith(f"{ISSUER}/authorize?")
    assert {name: query[name] for name in query if name not in ("state", "nonce", "code_challenge")} == {
        "response_type": "code",
        "response_mode": "query",
        "client_id": CLIENT_ID,
        "redirect_uri": CALLBACK,
        "scope": "openid profile email address",
        "code_challenge_method": "S256",
        "acr_values": ACR + "substantial",
        "prompt": "login",
        "max_age": "0",
        "login_hint": "erika",
        "ui_locales": "en",
    }
    again = {name: values[0] for name, values in parse_qs(urlsplit(second).query).items()}
    for name in ("state", "nonce", "code_challenge"):
        assert query[name] != again[name]
        assert len(query[name]) == 43


async def test_nothing_is_asked_of_the_upstream_that_the_purpose_does_not_need(broker: Broker) -> None:
    query = parse_qs(urlsplit(await broker.start("konto", Purpose(), "browser")).query)
    assert not {"acr_values", "prompt", "max_age", "login_hint", "ui_locales"} & query.keys()


async def test_a_correct_answer_is_somebody(
    broker: Broker, double: UpstreamDouble, accounts: Accounts
) -> None:
    double.userinfo |= {
        "birthdate": "1964-08-12",
        "email": "erika@example.org",
        "email_verified": True,
        "address": {
            "street_address": "Heidestr. 17",
            "postal_code": "51147",
            "locality": "Köln",
            "country": "DE",
        },
    }
    arrival = await login(broker, double, Purpose(interaction="i1"))
    event = arrival.authentication
    assert (event.level, event.authenticated_at, event.upstream, event.acting_for) == (
        AssuranceLevel.SUBSTANTIAL,
        NOW,
        "konto",
        None,
    )
    assert arrival.purpose.interaction == "i1"
    person = await accounts.person(event.account_id)
    assert person is not None
    assert (person.display_name, person.birthdate, person.email, person.city) == (
        "Erika Mustermann",
        "1964-08-12",
        "erika@example.org",
        "Köln",
    )
    assert (await login(broker, double)).authentication.account_id == event.account_id


async def test_the_code_is_redeemed_with_secret_and_verifier(broker: Broker, double: UpstreamDouble) -> None:
    await login(broker, double)
    (form,) = double.forms
    assert form["grant_type"] == "authorization_code"
    assert form["code"] == "the-code"
    assert form["redirect_uri"] == CALLBACK
    assert len(form["code_verifier"]) == 43
    assert double.authorizations == ["Basic aHViOnM="]


async def test_a_secret_in_the_form_where_the_upstream_takes_no_other(
    broker: Broker, double: UpstreamDouble
) -> None:
    double.metadata["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    await login(broker, double)
    assert (double.forms[0]["client_id"], double.forms[0]["client_secret"]) == (CLIENT_ID, "s")


async def test_an_organisation_comes_along(broker: Broker, double: UpstreamDouble) -> None:
    double.userinfo["organisation"] = {"id": "du-1", "name": "Musterbau GmbH", "legal_form": "GmbH"}
    acting_for = (await login(broker, double)).authentication.acting_for
    assert acting_for is not None
    assert (acting_for.name, acting_for.legal_form, acting_for.register_number) == (
        "Musterbau GmbH",
        "GmbH",
        None,
    )


async def test_an_upstream_that_may_not_name_organisations_names_none(
    pending: PendingLogins,
    double: UpstreamDouble,
    settings: Upstream,
    accounts: Accounts,
    caplog: pytest.LogCaptureFixture,
) -> None:
    humble = msgspec.structs.replace(settings, organisations=False)
    broker = Broker([OpenIDUpstream(humble, double, double.clock, CALLBACK)], pending, accounts)
    double.userinfo["organisation"] = {"id": "du-1", "name": "Musterbau GmbH"}
    assert (await login(broker, double)).authentication.acting_for is None
    assert "organisation" in caplog.text


# The ID token's signature


async def test_an_ec_signature_is_taken(broker: Broker, double: UpstreamDouble) -> None:
    double.sign = lambda claims: jwt.encode({"alg": "ES256", "kid": "ec-1"}, claims, EC)
    assert (await login(broker, double)).authentication.level is AssuranceLevel.SUBSTANTIAL


async def test_a_missing_kid_is_taken_when_only_one_key_fits(broker: Broker, double: UpstreamDouble) -> None:
    double.sign = lambda claims: jwt.encode({"alg": "RS256"}, claims, RSA)
    await login(broker, double)


def _hs256_with_the_public_key(claims: dict[str, Any]) -> str:
    signed = unsigned(claims, alg="HS256", kid="rsa-1").rstrip(".")
    mac = hmac.digest(RSA.as_pem(private=False), signed.encode(), hashlib.sha256)
    return f"{signed}.{urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def _own_key_in_the_header(claims: dict[str, Any]) -> str:
    header = {"alg": "RS256", "kid": "rsa-1", "jwk": OTHER_RSA.as_dict(private=False)}
    return jwt.encode(header, claims, OTHER_RSA)


def _own_keys_by_address(claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": "rsa-1", "jku": "https://evil.example/jwks"}, claims, OTHER_RSA)


def _tampered(claims: dict[str, Any]) -> str:
    head, _, signature = jwt.encode({"alg": "RS256", "kid": "rsa-1"}, claims, RSA).split(".")
    _, payload, _ = unsigned(claims | {"sub": "somebody-else"}).split(".")
    return f"{head}.{payload}.{signature}"


BAD_SIGNATURES: dict[str, Sign] = {
    "alg none": unsigned,
    "alg None with a kid": lambda claims: unsigned(claims, alg="None", kid="rsa-1"),
    "HS256 with the public key": _hs256_with_the_public_key,
    "another key under the same kid": lambda c: jwt.encode({"alg": "RS256", "kid": "rsa-1"}, c, OTHER_RSA),
    "its own key in the header": _own_key_in_the_header,
    "its own keys by address": _own_keys_by_address,
    "PS256, which nobody agreed on": lambda c: jwt.encode(
        {"alg": "PS256", "kid": "rsa-1"}, c, RSA, algorithms=["PS256"]
    ),
    "a kid that is not published": lambda c: jwt.encode({"alg": "RS256", "kid": "../../dev/null"}, c, RSA),
    "a key of another kind": lambda c: jwt.encode({"alg": "RS256", "kid": "ec-1"}, c, RSA),
    "the type of an access token": lambda c: jwt.encode(
        {"alg": "RS256", "kid": "rsa-1", "typ": "at+jwt"}, c, RSA
    ),
    "the type of a logout token": lambda c: jwt.encode(
        {"alg": "RS256", "kid": "rsa-1", "typ": "logout+jwt"}, c, RSA
    ),
    "a changed payload": _tampered,
    "no token at all": lambda _: "x",
    "three dots": lambda _: "...",
    "not an object": lambda _: jws.serialize_compact({"alg": "RS256", "kid": "rsa-1"}, b"[]", RSA),
    "too long": lambda c: jwt.encode({"alg": "RS256", "kid": "rsa-1"}, c | {"x": "y" * 20_000}, RSA),
}


@pytest.mark.parametrize("name", BAD_SIGNATURES)
async def test_a_token_that_the_upstream_did_not_sign_is_refused(
    broker: Broker, double: UpstreamDouble, name: str
) -> None:
    double.sign = BAD_SIGNATURES[name]
    with pytest.raises(AnswerRefusedError):
        await login(broker, double)
    assert "/userinfo" not in double.asked


# Its claims

BAD_CLAIMS: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://evil.example"},
    "an issuer with a slash more": {"iss": ISSUER + "/"},
    "no issuer": {"iss": None},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a subject that is a number": {"sub": 7},
    "an endless subject": {"sub": "x" * 256},
    "another audience": {"aud": "portal"},
    "an audience beside us": {"aud": [CLIENT_ID, "portal"]},
    "no audience": {"aud": None},
    "another authorized party": {"azp": "portal"},
    "expired": {"exp": NOW - 31},
    "no expiry": {"exp": None},
    "an expiry that is text": {"exp": "tomorrow"},
    "an expiry that is true": {"exp": True},
    "issued in the future": {"iat": NOW + 31},
    "issued long ago": {"iat": NOW - 601},
    "no time of issue": {"iat": None},
    "not valid yet": {"nbf": NOW + 31},
    "another nonce": {"nonce": "x" * 43},
    "no nonce": {"nonce": None},
    "a nonce that is a number": {"nonce": 7},
    "an access token that was swapped": {"at_hash": "x" * 22},
    "a login in the future": {"auth_time": NOW + 31},
    "an acr that is a list": {"acr": [ACR + "high"]},
    "a given name that is an object": {"given_name": {"x": 1}},
    "a birthdate that is none": {"birthdate": "yesterday"},
    "an organisation without a name": {"organisation": {"id": "du-1"}},
}


@pytest.mark.parametrize("name", BAD_CLAIMS)
async def test_a_token_that_is_not_for_this_login_is_refused(
    broker: Broker, double: UpstreamDouble, accounts: Accounts, name: str
) -> None:
    double.claims = BAD_CLAIMS[name]
    with pytest.raises(AnswerRefusedError, match=r"^The claim \w+ is (missing|wrong)\.$"):
        await login(broker, double)


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": [CLIENT_ID]},
        {"azp": CLIENT_ID},
        {"exp": NOW - 29},
        {"iat": NOW + 29},
        {"nbf": NOW},
        {"at_hash": "sda5G2fCr6XjIpiNlGJjjQ"},
        {"given_name": ""},
        {"birthdate": None},
        {"jti": "1", "amr": ["pin"]},
    ],
)
async def test_what_is_allowed_passes(broker: Broker, double: UpstreamDouble, claims: dict[str, Any]) -> None:
    double.claims = claims
    await login(broker, double)


async def test_a_claim_that_nobody_listed_is_reported_by_name_only(
    broker: Broker, double: UpstreamDouble, caplog: pytest.LogCaptureFixture
) -> None:
    double.claims = {"shoe_size": "a secret", "jti": "1"}
    with caplog.at_level(logging.WARNING):
        await login(broker, double)
    assert "shoe_size" in caplog.text
    assert "a secret" not in caplog.text
    assert "jti" not in caplog.text


async def test_userinfo_about_somebody_else_is_refused(broker: Broker, double: UpstreamDouble) -> None:
    double.userinfo["sub"] = "max"
    with pytest.raises(AnswerRefusedError, match="The claim sub is wrong"):
        await login(broker, double)


async def test_userinfo_that_is_no_object_is_refused(broker: Broker, double: UpstreamDouble) -> None:
    double.replies["/userinfo"] = httpx2.Response(200, json=["erika"])
    with pytest.raises(AnswerRefusedError):
        await login(broker, double)


async def test_what_is_signed_goes_before_what_userinfo_says(
    broker: Broker, double: UpstreamDouble, accounts: Accounts
) -> None:
    double.claims = {"given_name": "Erika Maria"}
    arrival = await login(broker, double)
    person = await accounts.person(arrival.authentication.account_id)
    assert person is not None
    assert person.given_name == "Erika Maria"


# Time and level


async def test_a_fresh_login_must_be_fresh(broker: Broker, double: UpstreamDouble) -> None:
    await login(broker, double, Purpose(fresh=True))
    for claims in ({"auth_time": NOW - 31}, {"auth_time": None}):
        double.claims = claims
        with pytest.raises(AnswerRefusedError, match="auth_time"):
            await login(broker, double, Purpose(fresh=True))
        await login(broker, double, Purpose(fresh=False))


@pytest.mark.parametrize(
    ("acr", "level"),
    [
        (ACR + "low", AssuranceLevel.LOW),
        (ACR + "substantial", AssuranceLevel.SUBSTANTIAL),
        (ACR + "high", AssuranceLevel.SUBSTANTIAL),  # this upstream may claim no more
        ("urn:self-made:highest", AssuranceLevel.NONE),
        (None, AssuranceLevel.NONE),
    ],
)
async def test_the_level_is_what_the_upstream_says_and_may_say(
    broker: Broker, double: UpstreamDouble, acr: str | None, level: AssuranceLevel
) -> None:
    double.claims = {"acr": acr}
    assert (await login(broker, double)).authentication.level is level


async def test_a_level_that_was_needed_and_not_reached_is_a_clear_result(
    broker: Broker, double: UpstreamDouble
) -> None:
    double.claims = {"acr": ACR + "low"}
    wanted = Purpose(wanted=AssuranceLevel.SUBSTANTIAL, interaction="i1")
    with pytest.raises(LevelNotReachedError) as caught:
        await login(broker, double, wanted)
    assert (caught.value.wanted, caught.value.reached) == (AssuranceLevel.SUBSTANTIAL, AssuranceLevel.LOW)
    assert caught.value.purpose == wanted
    double.claims = {}
    assert (await login(broker, double, wanted)).authentication.level is AssuranceLevel.SUBSTANTIAL


async def test_nobody_is_sent_where_the_level_can_not_be_reached(broker: Broker) -> None:
    with pytest.raises(LevelNotReachedError):
        await broker.start("konto", Purpose(wanted=AssuranceLevel.HIGH), "browser")


# The answer itself


async def test_the_answer_names_its_issuer(broker: Broker, double: UpstreamDouble) -> None:
    for issuer in ("https://evil.example", "", None):
        answer = [
            pair for pair in double.visit(await broker.start("konto", Purpose(), "b")) if pair[0] != "iss"
        ]
        with pytest.raises(AnswerRefusedError, match="another identity provider"):
            await broker.finish("konto", answer + ([("iss", issuer)] if issuer is not None else []), "b")
    assert "/token" not in double.asked


async def test_an_upstream_that_names_no_issuer_may_leave_it_out_but_not_get_it_wrong(
    broker: Broker, double: UpstreamDouble
) -> None:
    del double.metadata["authorization_response_iss_parameter_supported"]
    answer = double.visit(await broker.start("konto", Purpose(), "b"))
    await broker.finish("konto", [pair for pair in answer if pair[0] != "iss"], "b")
    answer = double.visit(await broker.start("konto", Purpose(), "b"))
    with pytest.raises(AnswerRefusedError):
        await broker.finish("konto", [*answer[:-1], ("iss", "https://evil.example")], "b")


async def test_no_parameter_may_come_twice(broker: Broker, double: UpstreamDouble) -> None:
    answer = double.visit(await broker.start("konto", Purpose(), "b"))
    with pytest.raises(AnswerRefusedError, match="twice"):
        await broker.finish("konto", [*answer, ("code", "another")], "b")


async def test_an_answer_without_a_code_is_refused(broker: Broker, double: UpstreamDouble) -> None:
    answer = double.visit(await broker.start("konto", Purpose(), "b"))
    with pytest.raises(AnswerRefusedError, match="no code"):
        await broker.finish("konto", answer[1:], "b")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("access_denied", LoginCancelledError),
        ("unmet_authentication_requirements", LevelNotReachedError),
        ("temporarily_unavailable", UpstreamUnavailableError),
        ("server_error", UpstreamUnavailableError),
        ("invalid_scope", AnswerRefusedError),
    ],
)
async def test_an_error_of_the_upstream_has_a_name_of_its_own(
    broker: Broker, double: UpstreamDouble, error: str, kind: type[BrokerError]
) -> None:
    answer = double.visit(await broker.start("konto", Purpose(next="/account"), "b"))
    with pytest.raises(kind) as caught:
        await broker.finish("konto", [("error", error), *answer[1:]], "b")
    assert caught.value.purpose == Purpose(next="/account")


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (httpx2.Response(400, json={"error": "invalid_grant"}), AnswerRefusedError),
        (httpx2.Response(502, text="bad gateway"), UpstreamUnavailableError),
        (httpx2.Response(200, text="<html>"), UpstreamUnavailableError),
        (httpx2.Response(302, headers={"location": "https://evil.example"}), UpstreamUnavailableError),
        (httpx2.Response(200, json={"access_token": "at"}), AnswerRefusedError),
        (httpx2.Response(200, json={"access_token": "at", "id_token": ["x"]}), AnswerRefusedError),
    ],
)
async def test_a_token_endpoint_that_gives_no_token(
    broker: Broker, double: UpstreamDouble, reply: httpx2.Response, kind: type[BrokerError]
) -> None:
    double.replies["/token"] = reply
    with pytest.raises(kind):
        await login(broker, double)


async def test_a_state_is_spent_even_when_the_answer_is_refused(
    broker: Broker, double: UpstreamDouble
) -> None:
    answer = double.visit(await broker.start("konto", Purpose(), "b"))
    double.replies["/token"] = httpx2.Response(400, json={"error": "invalid_grant"})
    with pytest.raises(AnswerRefusedError):
        await broker.finish("konto", answer, "b")
    double.replies.clear()
    with pytest.raises(StateRefusedError):
        await broker.finish("konto", answer, "b")
