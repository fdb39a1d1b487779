"""Asking addresses that somebody else chose: never one of the own network, and little read of the others."""

import socket
import ssl
from collections.abc import AsyncIterator, Sequence

import httpx2
import pytest

from catalog_sync.links.outside import UnansweredError
from catalog_sync.links.verdicts import Trouble
from hub.egress import Egress
from hub.probing import LinkProber

PUBLIC = "93.184.215.14"


class Names:
    """A name server in memory; a name that it does not know does not exist."""

    def __init__(self, **names: Sequence[str]) -> None:
        self.names = {name.replace("_", "."): addresses for name, addresses in names.items()}

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        if host not in self.names:
            raise socket.gaierror(-2, "Name or service not known")
        return self.names[host]


class Body(httpx2.AsyncByteStream):
    """A body without end that counts what was read of it."""

    def __init__(self) -> None:
        self.read, self.closed = 0, False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            self.read += 1000
            yield b"x" * 1000

    async def aclose(self) -> None:
        self.closed = True


class Wire(httpx2.AsyncBaseTransport):
    """Answers from memory, or fails as told."""

    def __init__(self, error: Exception | None = None, status: int = 200) -> None:
        self.error, self.status = error, status
        self.sent: list[httpx2.Request] = []
        self.body = Body()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.sent.append(request)
        if self.error is not None:
            raise self.error
        return httpx2.Response(self.status, headers={"Retry-After": "5"}, stream=self.body)


def prober(wire: Wire, **names: Sequence[str]) -> LinkProber:
    return LinkProber(Egress(resolve=Names(**names), inner=wire), "https://hub.example", seconds=0.5)


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_public_address_is_asked_by_http_too(scheme: str) -> None:
    wire = Wire(status=503)
    reply = await prober(wire, a_example=[PUBLIC]).ask("GET", f"{scheme}://a.example/x", most_bytes=2500)
    assert (reply.status, reply.headers["retry-after"], len(reply.body)) == (503, "5", 2500)
    assert wire.body.closed
    assert wire.body.read <= 4000
    [sent] = wire.sent
    assert (sent.url.host, sent.headers["host"], sent.headers["accept-encoding"]) == (
        PUBLIC,
        "a.example",
        "identity",
    )
    assert sent.headers["user-agent"] == "Verbundhub-links (Verbundhub; +https://hub.example)"


async def test_of_an_answer_to_head_nothing_is_read() -> None:
    wire = Wire()
    assert (
        await prober(wire, a_example=[PUBLIC]).ask("HEAD", "https://a.example/", most_bytes=0)
    ).body == b""
    assert (wire.body.read, wire.body.closed) == (0, True)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1"]
)
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_name_that_leads_into_the_own_network_is_not_asked(address: str, scheme: str) -> None:
    wire = Wire()
    with pytest.raises(UnansweredError) as failed:
        await prober(wire, evil_example=[PUBLIC, address]).ask(
            "GET", f"{scheme}://evil.example/", most_bytes=10
        )
    assert failed.value.trouble is Trouble.PRIVATE
    assert wire.sent == []


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (httpx2.ConnectTimeout("slow"), Trouble.TIMEOUT),
        (httpx2.ReadTimeout("slow"), Trouble.TIMEOUT),
        (httpx2.ConnectError("refused"), Trouble.CONNECT),
        (httpx2.ReadError("reset"), Trouble.CUT_OFF),
        (httpx2.RemoteProtocolError("no HTTP"), Trouble.CUT_OFF),
        (httpx2.UnsupportedProtocol("ftp"), Trouble.MALFORMED),
    ],
)
async def test_each_failure_has_its_word(error: Exception, trouble: Trouble) -> None:
    with pytest.raises(UnansweredError) as failed:
        await prober(Wire(error), a_example=[PUBLIC]).ask("GET", "https://a.example/", most_bytes=10)
    assert failed.value.trouble is trouble


async def test_a_name_that_does_not_exist_and_a_certificate_that_is_not_valid() -> None:
    with pytest.raises(UnansweredError) as failed:
        await prober(Wire()).ask("GET", "https://no.example/", most_bytes=10)
    assert failed.value.trouble is Trouble.DNS
    error = httpx2.ConnectError("certificate has expired")
    error.__cause__ = ssl.SSLCertVerificationError("certificate has expired")
    with pytest.raises(UnansweredError) as failed:
        await prober(Wire(error), a_example=[PUBLIC]).ask("GET", "https://a.example/", most_bytes=10)
    assert failed.value.trouble is Trouble.TLS


async def test_what_is_no_address_is_not_asked() -> None:
    with pytest.raises(UnansweredError) as failed:
        await prober(Wire()).ask("GET", "https://[::1/", most_bytes=10)
    assert failed.value.trouble is Trouble.MALFORMED
