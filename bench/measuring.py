"""Measuring in rounds: every target for a while, then all again, so that what the machine does besides meets all."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from bench.load import Measured, load
from bench.servers import Server


@dataclass(slots=True)
class Target:
    """One kind of request at one server.

    Attributes:
        requests: makes the requests of one round.
        counted: the round ends when they are used up, not after a time.
    """

    name: str
    server: Server
    requests: Callable[[], Iterator[bytes]]
    counted: bool = False
    per_cpu: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    async def warm_up(self, seconds: float) -> None:
        """Ask without counting."""
        await self._load(seconds)

    async def round(self, seconds: float) -> None:
        """Ask and count."""
        before = self.server.cpu()
        measured = await self._load(seconds)
        used = self.server.cpu() - before
        self.per_cpu.append(len(measured.seconds) / max(used, 0.01))
        self.seconds += measured.seconds

    async def _load(self, seconds: float) -> Measured:
        return await load(self.server.port, self.requests(), float("inf") if self.counted else seconds)

    def result(self) -> "Result":
        """The median of the rounds."""
        found = sorted(self.seconds)
        return Result(
            requests=len(found),
            per_cpu_second=median(self.per_cpu),
            p50=1000 * found[len(found) // 2],
            p99=1000 * found[min(len(found) - 1, len(found) * 99 // 100)],
            peak_megabytes=self.server.peak_megabytes(),
        )


@dataclass(frozen=True, slots=True)
class Result:
    """What a target did: requests per second of its server's CPU, milliseconds, megabytes."""

    requests: int
    per_cpu_second: float
    p50: float
    p99: float
    peak_megabytes: float


async def measure(targets: Sequence[Target], rounds: int, seconds: float) -> dict[str, Result]:
    """Warm all targets up, then measure them in turn, so many rounds."""
    for target in targets:
        await target.warm_up(seconds)
    for _ in range(rounds):
        for target in targets:
            await target.round(seconds)
    return {target.name: target.result() for target in targets}
