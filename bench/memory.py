"""The memory of the processes that a process starts.

What the system tells of ended ones counts the moment before they became another program, with all memory of their
parent; so they are looked at while they run.
"""

from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Self

_EVERY_SECONDS = 0.05


class Children:
    """Looks at the children of this process, as long as it is entered.

    Attributes:
        peak_megabytes: the most that one of them held.
    """

    def __init__(self) -> None:
        self.peak_megabytes = 0.0
        self._ended = Event()
        self._thread = Thread(target=self._look_again)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _look_again(self) -> None:
        while not self._ended.wait(_EVERY_SECONDS):
            for task in Path("/proc/self/task").iterdir():
                with suppress(OSError):
                    self._look((task / "children").read_text().split())

    def _look(self, numbers: list[str]) -> None:
        for number in numbers:
            place = Path("/proc", number)
            with suppress(OSError):
                if (place / "exe").readlink() == Path("/proc/self/exe").readlink():
                    self.peak_megabytes = max(self.peak_megabytes, _peak(place))


def _peak(place: Path) -> float:
    lines = (place / "status").read_text().splitlines()
    return max((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), default=0.0)
