"""Runs: deliveries accepted, taken into the catalogue in their source's turn, taken up again, confirmed."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import Connection

from catalog_sync.errors import StoreAwayError
from catalog_sync.journal import Run, RunState, run_of
from catalog_sync.pipeline.attempt import Attempt, Surroundings
from catalog_sync.pipeline.beside import Readers
from catalog_sync.pipeline.collecting import considerate
from catalog_sync.pipeline.confirm import confirm
from catalog_sync.pipeline.keep import Keeper
from catalog_sync.pipeline.kept import UNFINISHED, accepted_runs, digests_of, kept_files, unfinished_like
from catalog_sync.pipeline.process import own_process
from catalog_sync.pipeline.read import Progress
from catalog_sync.pipeline.record import write_end, write_run, write_state
from catalog_sync.pipeline.repeat import find_twin, keep_beside, repeat
from catalog_sync.pipeline.report import Json, report
from catalog_sync.pipeline.revert import open_revert, revert
from catalog_sync.pipeline.steps import Ending, Mode
from catalog_sync.pipeline.turns import Holder, LostTurnError, Store, Turn, Turns
from catalog_sync.pipeline.write import Reindex, no_reindex
from catalog_sync.sources.incoming import Incoming, Sizes
from catalog_sync.sources.registry import source_by_key

_MICROSECONDS = 1_000_000
_RECOGNISED_FROM = 1024 * 1024

_FAILED = Ending(
    RunState.FAILED, ("The hub failed at this run; see its log. It goes on when the same call comes again.",)
)
_NOT_KEPT = Ending(RunState.FAILED, ("The hub stopped during this dry run; ask for it again.",))


def silent(step: str, done: int, total: int) -> None:
    """No progress bar."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """An accepted delivery: its bytes are kept, its run has an address.

    Attributes:
        files: where its bytes still are; None where only the journal has them.
    """

    run: Run
    files: Sequence[Incoming] | None


class Pipeline:
    """Takes deliveries into the catalogue.

    Args:
        clock: seconds since 1970, UTC.
        random: that many random bytes.
        reindex: brings the search's index up to date in each batch's transaction.
        recognised_from: bytes from which on a delivery's known elements are recognised before they are converted.
        readers: where deliveries are read; all in this process if not given.
        process: who works, as other processes see it.
    """

    def __init__(
        self,
        catalog: Store,
        operations: Store,
        *,
        clock: Callable[[], float],
        random: Callable[[int], bytes],
        reindex: Reindex = no_reindex,
        sizes: Sizes | None = None,
        recognised_from: int = _RECOGNISED_FROM,
        readers: Readers | None = None,
        process: Holder | None = None,
    ) -> None:
        self.catalog, self.operations = catalog, operations
        self.sizes = sizes or Sizes()
        self._clock, self._random = clock, random
        read = readers or Readers()
        self._around = Surroundings(catalog, operations, self.now, reindex, self.sizes, recognised_from, read)
        self._turns = Turns(operations, clock, process or own_process())

    async def accept(
        self, source: str, files: Sequence[Incoming], *, mode: Mode = "delta", dry_run: bool = False
    ) -> Delivery:
        """Keep a delivery's bytes and open its run, before anything else.

        Where the same call came before and its run did not come to its end, that run is taken up.

        Raises:
            UnknownSource: where there is no such source.
        """
        await self.catalog.read(partial(source_by_key, key=source))
        if not dry_run and (unfinished := await self._unfinished(source, files, mode)) is not None:
            return Delivery(unfinished, None)
        run = self.new_run(source, mode, dry_run=dry_run)
        if dry_run or not await self._keep_beside(run, files):
            await Keeper(self.operations, self._turns).keep(run, files)
        return Delivery(run, files)

    async def _keep_beside(self, run: Run, files: Sequence[Incoming]) -> bool:
        """Keep only that a run's bytes are those of another, where they are."""
        twin = await find_twin(self.catalog, self.operations, run, files)
        keep = partial(keep_beside, run=run, files=files)
        return twin is not None and await self.operations.write(partial(keep, twin=twin))

    async def _unfinished(self, source: str, files: Sequence[Incoming], mode: Mode) -> Run | None:
        like = partial(unfinished_like, source=source, mode=mode, packed=[one.packed for one in files])
        candidates = await self.operations.read(like)
        if not candidates:
            return None
        try:
            digests = await asyncio.to_thread(digests_of, files)
        except OSError:
            return None  # its reading will say so
        same = next((run for run, kept in candidates if kept == digests), None)
        return None if same is None else await self.operations.read(partial(run_of, run=same))

    async def accepted(self) -> list[Delivery]:
        """The deliveries that were accepted and did not come to their end, oldest first."""
        return [Delivery(run, None) for run in await self.operations.read(accepted_runs)]

    async def work(self, delivery: Delivery, progress: Progress = silent) -> None:
        """Take an accepted delivery into the catalogue, when it is its turn; its end is in the journal.

        A run that another call has brought to its end meanwhile is left as it is.
        """
        async with self._turns.turn(delivery.run.source, delivery.run.id) as turn:
            run = await self.operations.read(partial(run_of, run=delivery.run.id))
            if run is not None and run.state in UNFINISHED:
                await self._attempt(Attempt(self._around, run, turn, turn.telling(progress)), delivery.files)

    async def _attempt(self, attempt: Attempt, files: Sequence[Incoming] | None) -> None:
        run = attempt.run
        if files is None and run.dry_run:
            await attempt.end(_NOT_KEPT)
            return
        await self.operations.write(partial(write_state, run=run.id, state=RunState.WORKING))
        try:
            if run.reverts is not None:
                await revert(attempt, run.reverts)
                return
            if await repeat(attempt):
                return
            async with kept_files(self.operations, run.id) if files is None else nullcontext(files) as given:
                with considerate():
                    await attempt.take(given)
        except (LostTurnError, StoreAwayError):
            raise  # whoever has the turn now may be at this very run; or it is owed until the database is back
        except Exception:
            await attempt.end(_FAILED)
            raise

    async def confirm(self, run: str, progress: Progress = silent) -> Json:
        """Make the deletions of a snapshot that waits to be confirmed; gives the report.

        Raises:
            LookupError: where there is no such run.
            NotConfirmed: where it does not wait for that, or would delete other numbers of objects by now.
        """
        found = await self.operations.read(partial(run_of, run=run))
        if found is None:
            raise LookupError(run)

        async def work(turn: Turn, confirmed: Run) -> None:
            await self._attempt(Attempt(self._around, confirmed, turn, turn.telling(progress)), None)

        async with self._turns.turn(found.source, found.id) as turn:
            await confirm(self.operations, run, partial(work, turn))
        return await self.report(run)

    async def revert(self, run: str, progress: Progress = silent) -> Json:
        """Bring back what a run changed, by a run of its own; gives its report.

        Raises:
            LookupError: where there is no such run.
            NotReverted: where there is nothing to bring back.
        """
        found = await self.operations.read(partial(run_of, run=run))
        if found is None:
            raise LookupError(run)
        new = self.new_run(found.source, "revert", reverts=run)
        opened = await self.operations.write(partial(open_revert, run=run, new=new))
        await self.work(Delivery(opened, None), progress)
        return await self.report(opened.id)

    async def report(self, run: str) -> Json:
        """A run's report.

        Raises:
            LookupError: where there is no such run.
        """
        told = await self.operations.read(partial(report, run=run))
        if told is None:
            raise LookupError(run)
        return told

    async def deliver(
        self,
        source: str,
        files: Sequence[Incoming],
        *,
        mode: Mode = "delta",
        dry_run: bool = False,
        progress: Progress = silent,
    ) -> Json:
        """Accept and work at once; gives the report."""
        delivery = await self.accept(source, files, mode=mode, dry_run=dry_run)
        await self.work(delivery, progress)
        return await self.report(delivery.run.id)

    async def fail(self, source: str, reason: str) -> None:
        """Write down a delivery that could not even be received."""
        run = self.new_run(source, "snapshot")
        ended = partial(write_end, run=run.id, state=RunState.FAILED, finished_at=self.now(), counts={})

        def write(connection: Connection) -> None:
            write_run(connection, run)
            ended(connection, notices=(reason,))

        await self.operations.write(write)

    def now(self) -> int:
        """Microseconds since 1970, UTC."""
        return int(self._clock() * _MICROSECONDS)

    def new_run(self, source: str, mode: str, *, dry_run: bool = False, reverts: str | None = None) -> Run:
        """A run that begins now."""
        now = self.now()
        at = datetime.fromtimestamp(now / _MICROSECONDS, UTC)
        id_ = f"{at:%Y%m%dT%H%M%SZ}-{self._random(6).hex()}"
        return Run(id_, source, mode, dry_run, RunState.RECEIVING, now, None, {}, reverts=reverts)
