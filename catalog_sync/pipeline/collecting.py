"""Fewer rounds of the garbage collector while a delivery is taken.

A batch makes some ten thousand objects that all live until it is written and none of which are part of a cycle. With
Python's thresholds the collector looks at them again and again: a tenth of an import.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_RELAXED = (50_000, 20, 50)


class _Relaxed:
    """How many deliveries want it so, and how it was before the first of them."""

    def __init__(self) -> None:
        self.count = 0
        self.before = gc.get_threshold()


_relaxed = _Relaxed()


@contextmanager
def relaxed_collector() -> Iterator[None]:
    """Collect less often inside; as before when the last that wanted it so is done."""
    if _relaxed.count == 0:
        _relaxed.before = gc.get_threshold()
        gc.set_threshold(*_RELAXED)
    _relaxed.count += 1
    try:
        yield
    finally:
        _relaxed.count -= 1
        if _relaxed.count == 0:
            gc.set_threshold(*_relaxed.before)
