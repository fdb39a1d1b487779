import asyncio
import gzip
from collections.abc import Sequence

import httpx2
import pytest

from hub.addresses import SystemNames, is_public
from hub.egress import Egress, EgressRefusedError


class Names:
    """A name server in memory that counts how often it was asked."""

    def __init__(self, **names: Sequence[str]) -> None:
        self.names = {name.replace("_", "."): addresses for name, addresses in names.items()}
        self.asked: list[tuple[str, int]] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append((host, port))
        if host not in self.names:
            raise OSError("Name or service not known")
        return self.names[host]


class Wire(httpx2.AsyncBaseTransport):
    """Remembers what would have been sent and answers from memory."""

    def __init__(self, answer: httpx2.Response | None = None, *, deaf: tuple[str, ...] = ()) -> None:
        self.answer = answer or httpx2.Response(200, json={"ok": True})
        self.deaf = deaf
        self.sent: list[httpx2.Request] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.sent.append(request)
        if request.url.host in self.deaf:
            raise httpx2.ConnectError("refused", request=request)
        raw = httpx2.ByteStream(self.answer.read())
        return httpx2.Response(self.answer.status_code, headers=self.answer.headers, stream=raw)


PUBLIC = [
    "93.184.215.14",
    "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
    "::ffff:93.184.215.14",
    "64:ff9b::5db8:d70e",
]
INSIDE = [
    "127.0.0.1",
    "127.8.9.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 - refused, not bound
    "224.0.0.1",
    "239.1.1.1",
    "255.255.255.255",
    "240.0.0.1",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd12:3456::1",
    "ff02::1",
    "2002:7f00:1::",
    "2002:0a00:1::",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2001:db8::1",
    "not an address",
]


@pytest.mark.parametrize("address", PUBLIC)
async def test_a_public_address_is_called_by_address_under_its_name(address: str) -> None:
    assert is_public(address)
    wire = Wire()
    reply = await Egress(resolve=Names(idp_example=[address]), inner=wire).get("https://idp.example/keys")
    assert (reply.status, reply.content_type, reply.body) == (200, "application/json", b'{"ok":true}')
    sent = wire.sent[0]
    assert sent.url.host == address
    assert sent.headers["host"] == "idp.example"
    assert sent.extensions["sni_hostname"] == "idp.example"


@pytest.mark.parametrize("address", INSIDE)
async def test_an_address_inside_is_refused(address: str) -> None:
    assert not is_public(address)
    wire = Wire()
    with pytest.raises(EgressRefusedError, match="not a public address"):
        await Egress(resolve=Names(evil_example=[address]), inner=wire).get("https://evil.example/")
    assert wire.sent == []


async def test_one_private_address_among_public_ones_refuses_the_name() -> None:
    wire = Wire()
    names = Names(evil_example=["93.184.215.14", "127.0.0.1"])
    with pytest.raises(EgressRefusedError):
        await Egress(resolve=names, inner=wire).get("https://evil.example/")
    assert wire.sent == []


async def test_a_name_is_resolved_once() -> None:
    names = Names(idp_example=["93.184.215.14"])
    await Egress(resolve=names, inner=Wire()).get("https://idp.example:8443/")
    assert names.asked == [("idp.example", 8443)]


async def test_an_exception_holds_for_its_host_and_port_only() -> None:
    names = Names(**{"127_0_0_1": ["127.0.0.1"], "localhost": ["127.0.0.1"]})
    egress = Egress(["127.0.0.1:9000"], resolve=names, inner=Wire())
    assert (await egress.get("http://127.0.0.1:9000/keys")).status == 200
    for other in ("http://127.0.0.1:9001/", "https://127.0.0.1:9001/", "https://localhost:9000/"):
        with pytest.raises(EgressRefusedError):
            await egress.get(other)


async def test_an_exception_can_name_an_ipv6_address() -> None:
    egress = Egress(["[::1]:9000"], resolve=Names(**{"::1": ["::1"]}), inner=Wire())
    assert (await egress.get("http://[::1]:9000/")).status == 200


@pytest.mark.parametrize("url", ["http://idp.example/", "ftp://idp.example/", "file:///etc/passwd"])
async def test_plain_http_and_other_schemes_are_refused(url: str) -> None:
    with pytest.raises((EgressRefusedError, httpx2.UnsupportedProtocol)):
        await Egress(resolve=Names(idp_example=["93.184.215.14"]), inner=Wire()).get(url)


async def test_no_address_at_all_is_refused() -> None:
    with pytest.raises((EgressRefusedError, httpx2.UnsupportedProtocol)):
        await Egress(resolve=Names(), inner=Wire()).get("https://")
    with pytest.raises(EgressRefusedError):
        await Egress(resolve=Names(), inner=Wire()).get("https://[::1/")


async def test_a_name_that_does_not_exist_is_a_failed_connection() -> None:
    with pytest.raises(httpx2.ConnectError, match="could not be resolved"):
        await Egress(resolve=Names(), inner=Wire()).get("https://nobody.example/")
    with pytest.raises(httpx2.ConnectError, match="no address"):
        await Egress(resolve=Names(nobody_example=[]), inner=Wire()).get("https://nobody.example/")


async def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    wire = Wire(deaf=("2606:2800:21f:cb07:6820:80da:af6b:8b2c",))
    names = Names(idp_example=["2606:2800:21f:cb07:6820:80da:af6b:8b2c", "93.184.215.14"])
    assert (await Egress(resolve=names, inner=wire).get("https://idp.example/")).status == 200
    assert [request.url.host for request in wire.sent][-1] == "93.184.215.14"


async def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    wire = Wire(httpx2.Response(302, headers={"location": "http://169.254.169.254/"}))
    reply = await Egress(resolve=Names(idp_example=["93.184.215.14"]), inner=wire).get("https://idp.example/")
    assert reply.status == 302
    assert len(wire.sent) == 1


async def test_a_client_that_follows_a_redirect_to_inside_is_stopped() -> None:
    wire = Wire(httpx2.Response(302, headers={"location": "https://inside.example/"}))
    names = Names(idp_example=["93.184.215.14"], inside_example=["10.0.0.1"])
    client = httpx2.AsyncClient(transport=Egress(resolve=names, inner=wire), follow_redirects=True)
    with pytest.raises(EgressRefusedError):
        await client.get("https://idp.example/")


async def test_size_is_bounded() -> None:
    names = Names(idp_example=["93.184.215.14"])
    fits = Egress(resolve=names, inner=Wire(httpx2.Response(200, content=b"x" * 100)), most_bytes=100)
    assert len((await fits.get("https://idp.example/")).body) == 100
    bursts = Egress(resolve=names, inner=Wire(httpx2.Response(200, content=b"x" * 101)), most_bytes=100)
    with pytest.raises(EgressRefusedError, match="more than 100 bytes"):
        await bursts.get("https://idp.example/")


async def test_a_compressed_answer_is_refused() -> None:
    bomb = httpx2.Response(200, content=gzip.compress(b"0" * 10_000))
    bomb.headers["content-encoding"] = "gzip"
    with pytest.raises(EgressRefusedError, match="compressed"):
        await Egress(resolve=Names(idp_example=["93.184.215.14"]), inner=Wire(bomb)).get(
            "https://idp.example/"
        )


async def test_time_is_bounded() -> None:
    async def sleepy(host: str, port: int) -> Sequence[str]:
        await asyncio.sleep(10)
        return [host]

    with pytest.raises(httpx2.TimeoutException):
        await Egress(resolve=sleepy, inner=Wire(), seconds=0.01).get("https://idp.example/")


async def test_a_form_is_posted() -> None:
    wire = Wire()
    egress = Egress(resolve=Names(rp_example=["93.184.215.14"]), inner=wire)
    await egress.post("https://rp.example/logout", {"logout_token": "a b"})
    assert wire.sent[0].headers["content-type"] == "application/x-www-form-urlencoded"
    assert wire.sent[0].headers["content-length"] == "16"


async def test_a_real_server_on_this_machine_is_reached_when_allowed() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        named = b"Host: localhost:" in head or b"host: localhost:" in head
        writer.write(
            b"HTTP/1.1 %d OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi" % (200 if named else 400)
        )
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        assert (await Egress([f"localhost:{port}"]).get(f"http://localhost:{port}/")).body == b"hi"
        with pytest.raises(EgressRefusedError):
            await Egress().get(f"https://localhost:{port}/")
    finally:
        server.close()
        await server.wait_closed()


async def test_a_document_is_downloaded_piece_by_piece_within_its_limit() -> None:
    pieces: list[bytes] = []
    wire = Wire(httpx2.Response(200, content=b"x" * 1000, headers={"ETag": '"1"'}))
    egress = Egress(resolve=Names(example_org=["93.184.215.14"]), inner=wire)
    url = "https://example.org/a.xml"
    asked = {"If-None-Match": '"0"'}
    status, headers = await egress.download(url, headers=asked, sink=pieces.append, most_bytes=1000)
    assert (status, headers["etag"], b"".join(pieces)) == (200, '"1"', b"x" * 1000)
    assert wire.sent[0].headers["if-none-match"] == '"0"'
    assert wire.sent[0].headers["host"] == "example.org"
    with pytest.raises(OSError, match="more than 999 bytes"):
        await egress.download(url, headers={}, sink=pieces.append, most_bytes=999)


@pytest.mark.parametrize(
    "url", ["https://inside.example/", "http://example.org/", "https://nowhere.example/"]
)
async def test_what_may_not_be_called_is_not_downloaded(url: str) -> None:
    wire = Wire()
    names = Names(example_org=["93.184.215.14"], inside_example=["10.0.0.1"])
    with pytest.raises(OSError, match="not"):
        await Egress(resolve=names, inner=wire).download(url, headers={}, sink=len, most_bytes=9)
    assert wire.sent == []


async def test_redirects_of_a_download_are_judged_and_end() -> None:
    names = Names(example_org=["93.184.215.14"], inside_example=["10.0.0.1"])
    for to, why in (("https://inside.example/", "not a public address"), ("/again", "again and again")):
        wire = Wire(httpx2.Response(302, headers={"Location": to}))
        with pytest.raises(OSError, match=why):
            await Egress(resolve=names, inner=wire).download(
                "https://example.org/", headers={}, sink=len, most_bytes=9
            )
        assert {request.url.host for request in wire.sent} == {"93.184.215.14"}


async def test_the_system_s_resolver_takes_an_address_for_its_own_name() -> None:
    assert await SystemNames()("127.0.0.1", 80) == ["127.0.0.1"]
