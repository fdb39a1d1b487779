"""The fault proxy does to a connection what it says, and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.faults import Cut, Drip, Fault, Garbage, HalfClosed, Hang, Lie, Proxy, Reset, Say, Through, proxy

BODY = b"0123456789" * 20
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 200\r\nConnection: close\r\n\r\n" + BODY
ASKED = b"POST / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\nContent-Length: 4\r\n\r\nping"


@pytest.fixture
async def between() -> AsyncIterator[Proxy]:
    """A proxy in front of a server that answers one request whose body is ``ping``."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(4)
        writer.write(ANSWER if b"POST /" in head and body == b"ping" else b"")
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with proxy(server.sockets[0].getsockname()[1]) as made:
        yield made
    server.close()


async def ask(there: Proxy, seconds: float = 5.0) -> tuple[bytes, str]:
    """What comes, and how it ends: ``end``, ``reset`` or ``silent``."""
    reader, writer = await asyncio.open_connection("127.0.0.1", there.port)
    came = bytearray()
    try:
        writer.write(ASKED)
        async with asyncio.timeout(seconds):
            while piece := await reader.read(1000):
                came += piece
    except TimeoutError:
        return bytes(came), "silent"
    except ConnectionError:
        return bytes(came), "reset"
    finally:
        writer.close()
        await asyncio.gather(writer.wait_closed(), return_exceptions=True)
    return bytes(came), "end"


def lied(length: int) -> bytes:
    return ANSWER.replace(b"200\r\nConn", f"{length}\r\nConn".encode())


FAULTS: list[tuple[Fault, tuple[bytes, str]]] = [
    (Through(), (ANSWER, "end")),
    (Through(0.05), (ANSWER, "end")),
    (Drip(0.0), (ANSWER, "end")),
    (Reset("connect"), (b"", "reset")),
    (Lie(50), (lied(250), "end")),
    (Lie(-50), (lied(150), "end")),
    (Cut(), (lied(100)[:-100], "end")),
    (Say(503), (b"HTTP/1.1 503 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "end")),
    (Garbage(b"\x00\x01"), (b"\x00\x01", "end")),
    (HalfClosed(), (ANSWER[:-100], "end")),
]


@pytest.mark.parametrize(("fault", "expected"), FAULTS, ids=[str(fault) for fault, _ in FAULTS])
async def test_each_fault_does_what_it_says(between: Proxy, fault: Fault, expected: Any) -> None:
    between.script.append(fault)
    assert await ask(between) == expected
    assert await ask(between) == (ANSWER, "end")
    assert between.met == [fault, Through()]


@pytest.mark.parametrize("at", ["head", "body"])
async def test_a_reset_inside_an_answer_comes_after_a_part_of_it(between: Proxy, at: Any) -> None:
    between.fault = Reset(at)
    came, end = await ask(between)
    assert end == "reset"
    assert ANSWER.startswith(came)
    assert len(came) < len(ANSWER)


async def test_what_hangs_takes_the_request_and_says_nothing(between: Proxy) -> None:
    between.fault = Hang()
    assert await ask(between, 0.1) == (b"", "silent")


async def test_a_proxy_that_is_gone_refuses_and_comes_back_on_its_port(between: Proxy) -> None:
    between.fault = Hang()
    hanging = asyncio.create_task(ask(between))
    while not between.met:  # noqa: ASYNC110 - another task fills it
        await asyncio.sleep(0.01)
    port = between.port
    await between.stop()
    assert (await hanging)[1] == "reset"
    with pytest.raises(ConnectionRefusedError):
        await ask(between)
    between.fault = Through()
    await between.start()
    assert (await ask(between), between.port) == ((ANSWER, "end"), port)
