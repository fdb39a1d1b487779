"""The outcomes of a run on their way into the journal: totals at once, blocks a few at a time."""

from collections import Counter
from functools import partial

from catalog_sync.journal import Block, Outcome, OutcomeKind, counted
from catalog_sync.pipeline.record import write_blocks
from catalog_sync.pipeline.turns import Store

_TOGETHER = 20
_STANDS = (OutcomeKind.ADDED, OutcomeKind.CHANGED, OutcomeKind.UNCHANGED)


class Book:
    """Collects the blocks of one run; a later block of a batch takes the place of the earlier."""

    def __init__(self, operations: Store, run: str) -> None:
        self._operations = operations
        self._run = run
        self._blocks: dict[int, Block] = {}
        self._counts: dict[int, dict[str, int]] = {}
        self._unsteady: set[int] = set()

    def add(self, batch: int, block: Block) -> None:
        """Take a batch's block."""
        self._blocks[batch] = block
        self._counts[batch] = counted([block])
        if block.notices or any(map(_is_unsteady, block.objects)):
            self._unsteady.add(batch)
        else:
            self._unsteady.discard(batch)

    @property
    def steady(self) -> bool:
        """Whether the same bytes again would leave each of these objects unchanged, without another word."""
        return not self._unsteady

    @property
    def full(self) -> bool:
        """Whether it is time to write."""
        return len(self._blocks) >= _TOGETHER

    async def write(self) -> None:
        """Write what was collected."""
        blocks, self._blocks = self._blocks, {}
        while blocks:
            some = {batch: blocks.pop(batch) for batch in list(blocks)[:_TOGETHER]}
            await self._operations.write(partial(write_blocks, run=self._run, blocks=some))

    def totals(self) -> dict[str, int]:
        """How many objects ended in which way."""
        totals: Counter[str] = Counter()
        for counts in self._counts.values():
            totals.update(counts)
        return {kind.value: totals[kind.value] for kind in OutcomeKind}


def _is_unsteady(one: Outcome) -> bool:
    """Whether something else is to be said of an object that comes again: it is told again, or not at all."""
    return one.outcome not in _STANDS or (one.outcome is not OutcomeKind.UNCHANGED and one.reason is not None)
