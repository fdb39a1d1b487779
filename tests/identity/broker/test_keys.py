from typing import Any

import pytest

from identity.broker.errors import AnswerRefusedError, UpstreamUnavailableError
from identity.broker.keys import UpstreamKeys, usable_keys
from tests.identity.broker.upstream_double import EC, RSA, Clock

RSA_PUBLIC = RSA.as_dict(private=False)
EC_PUBLIC = EC.as_dict(private=False)


class Published:
    """A key set at the upstream, and how often it was fetched."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.fetched = 0

    async def __call__(self) -> Any:
        self.fetched += 1
        if isinstance(self.document, Exception):
            raise self.document
        return self.document


async def test_keys_are_fetched_once_and_found_by_kid_and_type(clock: Clock) -> None:
    published = Published({"keys": [RSA_PUBLIC, EC_PUBLIC]})
    keys = UpstreamKeys(published, clock)
    for _ in range(3):
        assert (await keys.find("rsa-1", "RSA")).kid == "rsa-1"
        assert (await keys.find("ec-1", "EC")).kid == "ec-1"
    assert published.fetched == 1
    with pytest.raises(AnswerRefusedError):
        await keys.find("ec-1", "RSA")


async def test_a_storm_of_unknown_kids_fetches_once_in_thirty_seconds(clock: Clock) -> None:
    published = Published({"keys": [RSA_PUBLIC]})
    keys = UpstreamKeys(published, clock)
    await keys.find("rsa-1", "RSA")
    clock.now += 30
    for number in range(100):
        with pytest.raises(AnswerRefusedError):
            await keys.find(f"unknown-{number}", "RSA")
    assert published.fetched == 2
    clock.now += 30
    with pytest.raises(AnswerRefusedError):
        await keys.find("unknown", "RSA")
    assert published.fetched == 3


async def test_a_new_key_is_found_after_rotation(clock: Clock) -> None:
    published = Published({"keys": [RSA_PUBLIC]})
    keys = UpstreamKeys(published, clock)
    await keys.find("rsa-1", "RSA")
    published.document = {"keys": [RSA_PUBLIC, EC_PUBLIC]}
    clock.now += 31
    assert (await keys.find("ec-1", "EC")).kid == "ec-1"


async def test_a_key_that_was_taken_away_is_forgotten_within_an_hour(clock: Clock) -> None:
    published = Published({"keys": [RSA_PUBLIC, EC_PUBLIC]})
    keys = UpstreamKeys(published, clock)
    await keys.find("rsa-1", "RSA")
    published.document = {"keys": [EC_PUBLIC]}
    clock.now += 3601
    with pytest.raises(AnswerRefusedError):
        await keys.find("rsa-1", "RSA")


@pytest.mark.parametrize(
    "broken",
    [
        {"keys": []},
        {},
        [],
        "keys",
        {"keys": "rsa-1"},
        {"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "rsa-1"}]},
        {"keys": [{"kty": "RSA", "kid": "rsa-1", "n": "?", "e": "AQAB"}, 7, None]},
        {"keys": [{**RSA_PUBLIC, "use": "enc"}]},
        {"keys": [{"kty": "RSA", "kid": "rsa-1", "n": "w" * 171, "e": "AQAB"}]},  # 1024 bits
        UpstreamUnavailableError("down"),
    ],
)
async def test_an_empty_or_broken_set_never_replaces_a_good_one(clock: Clock, broken: Any) -> None:
    published = Published({"keys": [RSA_PUBLIC]})
    keys = UpstreamKeys(published, clock)
    await keys.find("rsa-1", "RSA")
    published.document = broken
    clock.now += 4000
    assert (await keys.find("rsa-1", "RSA")).kid == "rsa-1"
    assert published.fetched == 2


async def test_without_any_good_set_the_upstream_is_unavailable_and_comes_back(clock: Clock) -> None:
    published = Published({"keys": []})
    keys = UpstreamKeys(published, clock)
    for _ in range(3):
        with pytest.raises(UpstreamUnavailableError):
            await keys.find("rsa-1", "RSA")
    assert published.fetched == 1
    published.document = {"keys": [RSA_PUBLIC]}
    clock.now += 30
    assert (await keys.find("rsa-1", "RSA")).kid == "rsa-1"


async def test_without_kid_only_a_lone_key_of_its_type_fits(clock: Clock) -> None:
    lone = UpstreamKeys(Published({"keys": [RSA_PUBLIC, EC_PUBLIC]}), clock)
    assert (await lone.find(None, "RSA")).kid == "rsa-1"
    two = UpstreamKeys(Published({"keys": [RSA_PUBLIC, {**RSA_PUBLIC, "kid": "rsa-2"}]}), clock)
    with pytest.raises(AnswerRefusedError):
        await two.find(None, "RSA")


def test_private_and_shared_keys_are_no_keys_of_an_upstream() -> None:
    private = RSA.as_dict(private=True)
    shared = {"kty": "oct", "k": "c2VjcmV0", "kid": "x"}
    assert list(usable_keys({"keys": [private, shared, EC_PUBLIC]})) == ["ec-1"]
