from typing import Any

import httpx2
import pytest

from identity.broker.core import Broker
from identity.broker.discovery import Discovery
from identity.broker.errors import UpstreamUnavailableError
from identity.broker.purpose import Purpose
from tests.identity.broker.upstream_double import ISSUER, Clock, UpstreamDouble

PATH = "/.well-known/openid-configuration"


async def test_the_document_is_fetched_once_an_hour(double: UpstreamDouble, clock: Clock) -> None:
    discovery = Discovery(ISSUER, double, clock)
    assert (await discovery.metadata()).origin == ISSUER
    await discovery.metadata()
    assert double.asked == [PATH]
    clock.now += 3600
    await discovery.metadata()
    assert double.asked == [PATH] * 2


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"issuer": "https://evil.example"}, "issuer"),
        ({"issuer": ISSUER + "/"}, "issuer"),
        ({"issuer": 7}, "issuer"),
        ({"token_endpoint": "http://idp.example/token"}, "https"),
        ({"jwks_uri": "http://idp.example/jwks"}, "https"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "https"),
        ({"userinfo_endpoint": "ftp://idp.example/"}, "https"),
        ({"response_types_supported": ["id_token"]}, "code"),
        ({"code_challenge_methods_supported": ["plain"]}, "S256"),
    ],
)
async def test_a_document_that_can_not_be_trusted_is_none(
    double: UpstreamDouble, clock: Clock, change: dict[str, Any], reason: str
) -> None:
    double.metadata |= change
    with pytest.raises(UpstreamUnavailableError) as caught:
        await Discovery(ISSUER, double, clock).metadata()
    assert reason in caught.value.detail


@pytest.mark.parametrize(
    "reply",
    [
        httpx2.Response(500),
        httpx2.Response(404),
        httpx2.Response(302, headers={"location": "/elsewhere"}),
        httpx2.Response(200, text="<html>"),
        httpx2.Response(200, json=[]),
        httpx2.Response(200, json={"issuer": ISSUER}),
    ],
)
async def test_no_document_is_an_upstream_that_is_down(
    double: UpstreamDouble, clock: Clock, reply: httpx2.Response
) -> None:
    double.replies[PATH] = reply
    with pytest.raises(UpstreamUnavailableError):
        await Discovery(ISSUER, double, clock).metadata()


async def test_an_upstream_that_is_down_is_not_asked_by_every_page(
    double: UpstreamDouble, clock: Clock
) -> None:
    double.replies[PATH] = httpx2.Response(500)
    discovery = Discovery(ISSUER, double, clock)
    for _ in range(3):
        with pytest.raises(UpstreamUnavailableError):
            await discovery.metadata()
    assert double.asked == [PATH]
    double.replies.clear()
    clock.now += 5
    assert (await discovery.metadata()).issuer == ISSUER


async def test_a_broken_document_replaces_no_good_one(double: UpstreamDouble, clock: Clock) -> None:
    discovery = Discovery(ISSUER, double, clock)
    good = await discovery.metadata()
    double.metadata["issuer"] = "https://evil.example"
    clock.now += 3600
    assert await discovery.metadata() == good


async def test_the_login_page_learns_who_can_be_reached(
    broker: Broker, double: UpstreamDouble, clock: Clock
) -> None:
    assert [way.origin for way in await broker.ways()] == [ISSUER]
    unreachable = Discovery(ISSUER, double, clock)
    double.replies[PATH] = httpx2.Response(503)
    with pytest.raises(UpstreamUnavailableError):
        await unreachable.metadata()


async def test_nobody_is_sent_to_an_upstream_that_is_down(broker: Broker, double: UpstreamDouble) -> None:
    double.replies[PATH] = httpx2.Response(503)
    assert [way.origin for way in await broker.ways()] == [None]
    with pytest.raises(UpstreamUnavailableError):
        await broker.start("konto", Purpose(), "browser")
