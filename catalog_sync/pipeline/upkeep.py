"""What is put in order while the hub serves: deliveries lost on their way in, and bytes that were kept long enough."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from catalog_sync.pipeline.process import own_process
from catalog_sync.pipeline.receiving import give_up_lost
from catalog_sync.pipeline.retention import expire, finish, prune
from catalog_sync.pipeline.turns import Holder, Store

_MICROSECONDS = 1_000_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Keeps the journal in order.

    Attributes:
        clock: seconds since 1970, UTC.
        keep_seconds: how long a run's bytes and markers are kept after its end; None: for ever.
        process: who looks, as other processes see it.
    """

    catalog: Store
    operations: Store
    clock: Callable[[], float]
    keep_seconds: float | None = None
    process: Holder = field(default_factory=own_process)

    async def tidy(self) -> None:
        """Let lost deliveries fail, and empty what is marked for it."""
        for run in await give_up_lost(self.operations, self.clock, self.process):
            _log.warning("run %s was lost while its delivery came in", run)
        await finish(self.catalog, self.operations)

    async def prune(self) -> None:
        """Remove what was kept long enough."""
        if self.keep_seconds is None:
            return
        now = int(self.clock() * _MICROSECONDS)
        before = now - int(self.keep_seconds * _MICROSECONDS)
        for run in await expire(self.operations, before, now):
            _log.warning("nobody confirmed the deletions of run %s; they are not made any more", run)
        for run in await prune(self.catalog, self.operations, before):
            _log.info("the delivery of run %s is not kept any more", run)
