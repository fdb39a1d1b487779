"""While a delivery is taken: fewer rounds of the garbage collector, and readers that need not wait for it.

A batch makes some ten thousand objects that all live until it is written and none of which are part of a cycle. With
Python's thresholds the collector looks at them again and again: a tenth of an import. And whoever answers readers in
this process gets its turn when the delivery's thread gives the interpreter up: at the latest after a switch interval,
each time that an answer waited for a database or a socket. Python's five milliseconds would be most of an answer.
"""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_RELAXED = (50_000, 20, 50)
_SWITCH_SECONDS = 0.0005


class _Before:
    """How many deliveries are being taken, and how the interpreter was set before the first of them."""

    def __init__(self) -> None:
        self.count = 0
        self.thresholds = gc.get_threshold()
        self.switching = sys.getswitchinterval()


_before = _Before()


@contextmanager
def considerate() -> Iterator[None]:
    """Set the interpreter so inside; as before when the last delivery is done."""
    if _before.count == 0:
        _before.thresholds, _before.switching = gc.get_threshold(), sys.getswitchinterval()
        gc.set_threshold(*_RELAXED)
        sys.setswitchinterval(_SWITCH_SECONDS)
    _before.count += 1
    try:
        yield
    finally:
        _before.count -= 1
        if _before.count == 0:
            gc.set_threshold(*_before.thresholds)
            sys.setswitchinterval(_before.switching)
