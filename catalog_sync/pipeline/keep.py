"""Keeping a delivery's bytes before anything else is done with them: what is acknowledged is never lost."""

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from functools import partial
from typing import Any

from sqlalchemy import Connection

from catalog_sync.journal import Run
from catalog_sync.pipeline.receiving import receiving_turn, write_received
from catalog_sync.pipeline.record import squeezed, write_file, write_piece, write_run
from catalog_sync.pipeline.turns import Store, Turns
from catalog_sync.sources.incoming import Incoming

_TOGETHER = 8 * 1024 * 1024
"""Bytes of one transaction: the journal's writer must stay free for others' heartbeats."""

_Step = Callable[[Connection], Any]


class Keeper:
    """Writes a run and its files, a small delivery in one transaction."""

    def __init__(self, operations: Store, turns: Turns) -> None:
        self._operations = operations
        self._turns = turns
        self._steps: list[_Step] = []
        self._weight = 0

    async def keep(self, run: Run, files: Sequence[Incoming]) -> None:
        """Commit the run's row and all bytes; of a dry run the row alone, for there is nothing to lose.

        What takes several transactions holds a turn of its own meanwhile: so others see that it is still coming.

        Raises:
            NotReceived: where the run was given up meanwhile, for its turn was not heard of.
        """
        several = not run.dry_run and sum(one.size for one in files) >= _TOGETHER // 2
        turn = self._turns.turn(receiving_turn(run.id), run.id)
        async with turn if several else nullcontext():
            await self._keep(run, files)

    async def _keep(self, run: Run, files: Sequence[Incoming]) -> None:
        self._steps.append(partial(write_run, run=run))
        if not run.dry_run:
            for number, incoming in enumerate(files):
                await self._keep_file(run.id, number, incoming)
        self._steps.append(partial(write_received, run=run.id))
        await self._commit()

    async def _keep_file(self, run: str, number: int, incoming: Incoming) -> None:
        digest = hashlib.sha256()
        pieces = squeezed(incoming)
        ordinal = 0
        while piece := await asyncio.to_thread(_next, pieces):
            raw, kept = piece
            digest.update(raw)
            self._steps.append(partial(write_piece, run=run, number=number, ordinal=ordinal, content=kept))
            ordinal += 1
            self._weight += len(kept)
            if self._weight > _TOGETHER:
                await self._commit()
        self._steps.append(
            partial(write_file, run=run, number=number, incoming=incoming, sha256=digest.hexdigest())
        )

    async def _commit(self) -> None:
        steps, self._steps, self._weight = self._steps, [], 0
        await self._operations.write(partial(_all, steps))


def _all(steps: Sequence[_Step], connection: Connection) -> None:
    for step in steps:
        step(connection)


def _next(pieces: Iterator[tuple[bytes, bytes]]) -> tuple[bytes, bytes] | None:
    """The next piece; none at the end, and of a file that cannot be read: the reading will refuse it."""
    try:
        return next(pieces, None)
    except OSError:
        return None
