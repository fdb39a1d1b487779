"""Whose turn it is: two deliveries of one source never interleave, in one process or in several.

Inside a process a lock keeps the order of arrival. Between processes a row in `operations` is held and beaten every
second. A holder whose process is gone from this machine is followed at once; one on another machine when it has not
been heard of for five seconds.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Protocol, TypeVar
from weakref import WeakValueDictionary

from sqlalchemy import Connection, delete, select, text, update

from catalog_sync.operations import sync_lease

BEAT_SECONDS = 1.0
GONE_AFTER_SECONDS = 5.0
_ASK_AGAIN_SECONDS = 0.2
_MICROSECONDS = 1_000_000
_log = logging.getLogger(__name__)

_FREE_ROW = text(
    "INSERT INTO sync_lease (source, run, holder, beat_at) VALUES (:source, '', '', 0) ON CONFLICT DO NOTHING"
)
_turns_of_this_process = count(1)
_held_in_this_process: set[str] = set()

T = TypeVar("T")


class Store(Protocol):
    """What the sync needs of a database: work in one transaction."""

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction that may write; it is committed when `work` returns."""
        ...

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction that only reads."""
        ...


class Holder(Protocol):
    """The process that works, and what it knows of others."""

    @property
    def name(self) -> str:
        """Its name, unlike any other's."""
        ...

    def gone(self, name: str) -> bool:
        """Whether the process of that name is surely gone."""
        ...


class LostTurnError(RuntimeError):
    """Another process took this run's place, for this one was not heard of."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that is held; `holder` is unlike that of any other turn, also of the same run."""

    operations: Store
    source: str
    run: str
    holder: str
    told: list[tuple[str, int, int]] = field(default_factory=list)
    """How far its run is, as it said last: step, done, total. Written with the next sign of life."""

    def telling(self, progress: Callable[[str, int, int], None]) -> Callable[[str, int, int], None]:
        """The same, and others see it too."""

        def tell(step: str, done: int, total: int) -> None:
            self.told[:] = [(step, done, total)]
            progress(step, done, total)

        return tell

    async def check(self) -> None:
        """Before a batch is written.

        Raises:
            LostTurnError: where the turn is another's.
        """
        query = select(sync_lease.c.holder, sync_lease.c.run).where(sync_lease.c.source == self.source)
        found = await self.operations.read(lambda c: c.execute(query).first())
        if found is None or found.holder != self.holder:
            other = "nobody" if found is None else found.run
            raise LostTurnError(f"run {self.run} lost its turn at {self.source} to {other}")

    async def beat(self, clock: Callable[[], float]) -> None:
        """Give signs of life until cancelled."""
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            try:
                await self.operations.write(partial(self._beaten, now=int(clock() * _MICROSECONDS)))
            except Exception as error:  # noqa: BLE001 - a database that is away comes back
                _log.warning("run %s could not give a sign of life: %r", self.run, error)

    def _beaten(self, connection: Connection, now: int) -> None:
        values: dict[str, int | str] = {"beat_at": now}
        for step, done, total in self.told[:1]:
            values |= {"step": step, "done": done, "total": total}
        connection.execute(update(sync_lease).where(sync_lease.c.holder == self.holder).values(values))

    def release(self, connection: Connection) -> None:
        """Give the turn back."""
        connection.execute(delete(sync_lease).where(sync_lease.c.holder == self.holder))


class Turns:
    """Gives each source's runs their turn."""

    def __init__(self, operations: Store, clock: Callable[[], float], process: Holder) -> None:
        self._operations = operations
        self._clock = clock
        self._process = process
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        """Only of sources for which somebody waits or works."""

    @asynccontextmanager
    async def turn(self, source: str, run: str) -> AsyncIterator[Turn]:
        """Wait for the source's other runs, then hold its turn."""
        lock = self._locks.setdefault(source, asyncio.Lock())
        async with lock:
            holder = f"{self._process.name}#{next(_turns_of_this_process)}"
            turn = Turn(self._operations, source, run, holder)
            _held_in_this_process.add(holder)
            try:
                async with self._held(turn):
                    yield turn
            finally:
                _held_in_this_process.discard(holder)

    @asynccontextmanager
    async def _held(self, turn: Turn) -> AsyncIterator[None]:
        while not await self._operations.write(partial(self._take, turn)):  # noqa: ASYNC110 - the holder is another process
            await asyncio.sleep(_ASK_AGAIN_SECONDS)
        beating = asyncio.create_task(turn.beat(self._clock))
        try:
            yield
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
            await self._operations.write(turn.release)

    def _gone(self, holder: str) -> bool:
        """Whether nobody holds a turn any more: its process is gone, or could not give it back."""
        process = self._process.name
        if process and holder.startswith(f"{process}#"):
            return holder not in _held_in_this_process
        return self._process.gone(holder.partition("#")[0])

    def _take(self, turn: Turn, connection: Connection) -> bool:
        now = int(self._clock() * _MICROSECONDS)
        connection.execute(_FREE_ROW, {"source": turn.source})
        held = select(sync_lease.c.holder, sync_lease.c.beat_at).where(sync_lease.c.source == turn.source)
        found = connection.execute(held).first()
        if found is None:
            return False
        silent = found.beat_at <= now - int(GONE_AFTER_SECONDS * _MICROSECONDS)
        if not silent and not self._gone(found.holder):
            return False
        taken = connection.execute(
            update(sync_lease)
            .where(
                sync_lease.c.source == turn.source,
                sync_lease.c.holder == found.holder,
                sync_lease.c.beat_at == found.beat_at,
            )
            .values(run=turn.run, holder=turn.holder, beat_at=now, step=None)
        )
        return taken.rowcount == 1
