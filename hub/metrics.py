"""What a process tells of its work at ``/metrics``, in Prometheus' text format (version 0.0.4).

Labels are bounded: the first hundred names of operations each count by themselves, all later ones as ``other``, so that
made-up names cost no memory. Each process tells its own.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

_NAMES = 100
_SECONDS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_TYPE = "text/plain; version=0.0.4; charset=utf-8"
ANONYMOUS, OTHER = "anonymous", "other"


class _Histogram:
    """How long things took."""

    __slots__ = ("_counts", "_sum")

    def __init__(self) -> None:
        self._counts = [0] * (len(_SECONDS) + 1)
        self._sum = 0.0

    def add(self, seconds: float) -> None:
        """Count one."""
        self._counts[bisect_left(_SECONDS, seconds)] += 1
        self._sum += seconds

    def lines(self, name: str, label: str = "") -> Iterator[str]:
        """As text."""
        total = 0
        for bound, count in zip((*_SECONDS, "+Inf"), self._counts, strict=True):
            total += count
            yield f'{name}_bucket{{{label}{"," if label else ""}le="{bound}"}} {total}'
        labels = f"{{{label}}}" if label else ""
        yield f"{name}_sum{labels} {self._sum:.6f}"
        yield f"{name}_count{labels} {total}"


class Meter:
    """Counts what the graph's endpoint does.

    Args:
        fallbacks: how many operations graphql-core's executor had to answer after the compiled one could not.
    """

    def __init__(self, fallbacks: Callable[[], int] = lambda: 0) -> None:
        self._fallbacks = fallbacks
        self._answers: Counter[tuple[str, str]] = Counter()
        self._refusals: Counter[str] = Counter()
        self._seconds: dict[str, _Histogram] = {}
        self._waits = _Histogram()
        self._kept = 0

    def answered(self, operation: str | None, seconds: float, *, well: bool) -> None:
        """An operation was answered, with or without errors."""
        name = operation or ANONYMOUS
        if name not in self._seconds:
            if len(self._seconds) >= _NAMES:
                name = OTHER
            self._seconds.setdefault(name, _Histogram())
        self._seconds[name].add(seconds)
        self._answers[name, "ok" if well else "error"] += 1

    def kept(self) -> None:
        """An answer was sent from memory, without looking what was asked."""
        self._kept += 1

    def refused(self, code: str) -> None:
        """A request was refused before it ran; `code` is one of docs/errors.md."""
        self._refusals[code] += 1

    def waited(self, seconds: float) -> None:
        """An operation had its turn after so long."""
        self._waits.add(seconds)

    def text(self) -> str:
        """All of it."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield from _head("hub_graph_answers_total", "counter", "Operations answered, by name and outcome.")
        for (name, outcome), count in self._answers.items():
            yield f'hub_graph_answers_total{{operation="{name}",outcome="{outcome}"}} {count}'
        yield from _head("hub_graph_answer_seconds", "histogram", "Seconds to an operation's answer.")
        for name, histogram in self._seconds.items():
            yield from histogram.lines("hub_graph_answer_seconds", f'operation="{name}"')
        yield from _head("hub_graph_refusals_total", "counter", "Requests refused before they ran, by code.")
        for code, count in self._refusals.items():
            yield f'hub_graph_refusals_total{{code="{code}"}} {count}'
        yield from _head("hub_graph_queue_seconds", "histogram", "Seconds until an operation had its turn.")
        yield from self._waits.lines("hub_graph_queue_seconds")
        yield from _head("hub_graph_kept_total", "counter", "Answers sent from memory.")
        yield f"hub_graph_kept_total {self._kept}"
        yield from _head(
            "hub_graph_fallbacks_total",
            "counter",
            "Operations run again by graphql-core.",
        )
        yield f"hub_graph_fallbacks_total {self._fallbacks()}"


def _head(name: str, kind: str, text: str) -> tuple[str, str]:
    return f"# HELP {name} {text}", f"# TYPE {name} {kind}"


def routes(meter: Meter) -> list[BaseRoute]:
    """The address ``/metrics``."""

    async def tell(_: Request) -> Response:
        return Response(meter.text(), headers={"content-type": _TYPE, "cache-control": "no-store"})

    return [Route("/metrics", tell)]
