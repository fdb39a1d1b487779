"""Large deliveries are read in a process of their own, beside the one that writes and answers.

The process gets the files and the spool as open files, says how far it is, and ends. What it needs to know is handed
to it once: it opens no database. It is started anew, never forked from a process whose loop runs.
"""

import asyncio
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO, NamedTuple

import msgspec

from catalog_sync.outcomes import Refusal
from catalog_sync.pipeline.check import Scope
from catalog_sync.pipeline.contents import KnownContents
from catalog_sync.pipeline.fetch import raw_pieces
from catalog_sync.pipeline.growth import Growth
from catalog_sync.pipeline.read import Progress, Reader, Reading
from catalog_sync.pipeline.spool import Spool
from catalog_sync.sources.incoming import Incoming, Sizes

_COMMAND = (sys.executable, "-m", "catalog_sync.pipeline.reading_process")
_FROM = 8 * 1024 * 1024
_UNPACKS_TO = 8
"""About how many bytes of XML a packed byte stands for: what is packed is large earlier."""


class HandedFile(NamedTuple):
    """A file for the other process: an open one, or the error that opening it met."""

    name: str
    packed: bool
    size: int
    descriptor: int
    error: tuple[int | None, str | None] | None


class Order(NamedTuple):
    """What the other process is to read, and what it must know for that."""

    scope: Scope
    known: KnownContents
    arrival: int
    sizes: Sizes
    files: Sequence[HandedFile]
    spool: int
    ahead: bool
    """Whether writing begins before all is read: then each file is judged before any is taken."""


class Said(msgspec.Struct, omit_defaults=True):
    """A line that the other process says: how far it is, or, at its end, what it read.

    Attributes:
        judged: which files are refused, and about how many items will come.
        spooled: bytes of the spool that can be read.
    """

    step: str = ""
    done: int = 0
    total: int = 0
    judged: "Read | None" = None
    spooled: int = 0
    read: "Read | None" = None


class Read(msgspec.Struct):
    """See `Reading`."""

    refused: list[Refusal]
    last: int | None
    items: int
    elements: int
    objects: int


class ReadingProcessError(Exception):
    """The other process ended without an answer: it was killed, or failed; its log says more."""


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Readers:
    """Where deliveries are read.

    Attributes:
        processes: how many may be read in processes of their own at once; 0: all are read in this one.
        large: bytes from which on a delivery is.
        command: what is started.
        cores: how many there are: on one, nothing is read ahead.
    """

    processes: int = 0
    large: int = _FROM
    command: Sequence[str] = _COMMAND
    cores: int = field(default_factory=_cores)
    _free: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_free", asyncio.Semaphore(max(self.processes, 1)))

    async def read(self, reader: Reader, files: Sequence[Incoming], spool: Spool) -> Reading:
        """Read a delivery's files; see `Reader.read`.

        Raises:
            ReadingProcessError: where the process that read was lost.
        """
        if not self._are_large(files):
            return await asyncio.to_thread(reader.read, files, spool)
        async with self._free:
            return await asyncio.to_thread(self._read_beside, reader, files, Reading(spool))

    @asynccontextmanager
    async def read_ahead(
        self, reader: Reader, files: Sequence[Incoming], spool: Spool
    ) -> AsyncIterator[Reading]:
        """The same, but where it is new and large it is given as soon as it is known which files are refused.

        The spool's items come while the other process goes on; behind the last, all that was read is told.

        Raises:
            ReadingProcessError: where the process that read was lost; whoever takes the spool's items meets it then.
        """
        if reader.known or self.cores == 1 or not self._are_large(files):
            yield await self.read(reader, files, spool)
            return
        spool.growth, reading = Growth(), Reading(spool)
        going = asyncio.create_task(self._read_growing(reader, files, reading, spool.growth))
        try:
            await asyncio.to_thread(spool.growth.judged)
            yield reading
        finally:
            spool.growth.stop()
            await going

    def _are_large(self, files: Sequence[Incoming]) -> bool:
        size = sum(one.size * (_UNPACKS_TO if one.packed else 1) for one in files)
        return bool(self.processes) and size >= self.large and os.name == "posix"

    async def _read_growing(
        self, reader: Reader, files: Sequence[Incoming], reading: Reading, growth: Growth
    ) -> None:
        """Read a delivery; how that ends is told by `growth` alone."""
        async with self._free:
            await asyncio.to_thread(growth.of, partial(self._read_beside, reader, files, reading, growth))

    def _read_beside(
        self, reader: Reader, files: Sequence[Incoming], reading: Reading, growth: Growth | None = None
    ) -> Reading:
        with ExitStack() as opened:
            handed = [_handed(one, opened) for one in files]
            known = (reader.scope, reader.known, reader.arrival, reader.sizes)
            order = Order(*known, handed, reading.spool.descriptor(), growth is not None)
            inherited = [one.descriptor for one in handed if one.error is None]
            process = subprocess.Popen(  # noqa: S603 - our own module, started with nothing of a sender
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                pass_fds=[*inherited, order.spool],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
            opened.enter_context(process)
            opened.callback(process.kill)  # where this thread fails, nobody waits for its answer
            whole = _talk(process, order, partial(_hear, reader.progress, reading, growth))
        if not whole:
            raise ReadingProcessError(f"the process that read the delivery ended with {process.returncode}")
        return reading


def _hear(progress: Progress, reading: Reading, growth: Growth | None, said: Said) -> None:
    """Take what the other process says."""
    if said.step:
        progress(said.step, said.done, said.total)
    if (found := said.judged or said.read) is not None:
        for name in found.__struct_fields__:
            setattr(reading, name, getattr(found, name))
    if growth is not None:
        if said.judged is not None:
            growth.judge()
        growth.grow(said.spooled)


def _handed(incoming: Incoming, opened: ExitStack) -> HandedFile:
    named = (incoming.name, incoming.packed, incoming.size)
    try:
        stream: BinaryIO = opened.enter_context(incoming.open())
        try:
            return HandedFile(*named, stream.fileno(), None)
        except OSError:  # bytes in memory have no descriptor
            copy = opened.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
            for piece in raw_pieces(incoming):
                copy.write(piece)
            copy.flush()
            return HandedFile(*named, copy.fileno(), None)
    except OSError as error:
        return HandedFile(*named, -1, (error.errno, error.strerror))


def _talk(process: "subprocess.Popen[bytes]", order: Order, hear: Callable[[Said], None]) -> bool:
    """Hand over the order, hear how far it is; gives whether all was read, and the process not lost."""
    if process.stdin is None or process.stdout is None:
        return False
    try:
        with process.stdin as to_process:
            pickle.dump(order, to_process)
    except BrokenPipeError:
        return False
    decode = msgspec.json.Decoder(Said).decode
    whole = False
    for line in process.stdout:
        if not line.endswith(b"\n"):
            break  # it was ended while it said this
        said = decode(line)
        hear(said)
        whole = whole or said.read is not None
    return process.wait() == 0 and whole
