"""A host of files over real sockets that answers as a test asks: well, dripping, cut off, wrong or not at all."""

import asyncio
import hashlib
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

Fault = Literal["hang", "drip", "reset", "short", "error", "redirect"]


@dataclass
class Host:
    """Files by path; a path may have a fault."""

    port: int = 0
    files: dict[str, bytes] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)
    asked: list[tuple[str, int]] = field(default_factory=list)
    """Path and status of every answer."""
    elsewhere: str = ""
    open: set["asyncio.Task[None]"] = field(default_factory=set)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def index(self) -> str:
        """The address of its index."""
        return f"http://127.0.0.1:{self.port}/x/index.txt"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request, one connection."""
        task = asyncio.current_task()
        assert task is not None
        self.open.add(task)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            path = head.split(" ")[1].removeprefix("/x/")
            await self._say(path, head, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async def _say(self, path: str, head: str, writer: asyncio.StreamWriter) -> None:
        content, fault = self.files.get(path), self.faults.get(path)
        etag = f'"{hashlib.sha256(content or b"").hexdigest()}"'
        if fault == "hang":
            await self.over.wait()
            return
        if fault == "redirect":
            self._send(path, writer, 302, f"Location: {self.elsewhere}\r\n", b"")
        elif fault == "error" or content is None:
            self._send(path, writer, 500 if fault else 404, "", b"")
        elif fault is None and etag in head:
            self._send(path, writer, 304, f"ETag: {etag}\r\n", b"")
        elif fault is None:
            self._send(path, writer, 200, f"ETag: {etag}\r\n", content)
        else:
            await self._break(fault, content, writer)
        await writer.drain()

    def _send(self, path: str, writer: asyncio.StreamWriter, status: int, more: str, body: bytes) -> None:
        self.asked.append((path, status))
        head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{more}\r\n"
        writer.write(head.encode() + body)

    async def _break(self, fault: Fault, content: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(content)}\r\n\r\n".encode())
        half = len(content) // 2
        if fault == "drip":
            for byte in content[:half]:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(0.02)
        writer.write(content[:half])
        await writer.drain()
        if fault == "reset":
            raw = writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@asynccontextmanager
async def host(**files: bytes) -> AsyncIterator[Host]:
    """A host on a free port of 127.0.0.1."""
    made = Host(files={name.replace("_", "."): content for name, content in files.items()})
    server = await asyncio.start_server(made.answer, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        made.over.set()
        await asyncio.gather(*made.open, return_exceptions=True)
