"""How long things took: half of them less than the median, nineteen in twenty less than p95."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter


@dataclass(slots=True)
class Times:
    """Seconds of one thing, done again and again; by a clock of elapsed time or of CPU time."""

    clock: Callable[[], float] = perf_counter
    seconds: list[float] = field(default_factory=list)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Measure once."""
        began = self.clock()
        yield
        self.seconds.append(self.clock() - began)

    def milliseconds(self, share: float) -> float:
        """What such a share of them stayed under: 0.5, 0.95."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1e3 if ordered else 0.0

    def told(self) -> str:
        """As a person reads it."""
        return f"p50 {self.milliseconds(0.5):.2f} ms, p95 {self.milliseconds(0.95):.2f} ms"
