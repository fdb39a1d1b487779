"""Which process this is, so that another on the same machine sees at once when it is gone.

Linux tells it: a process is named by the start of the machine, the space that its number belongs to, its number and
its start, which together never come again. Elsewhere no process is known to be gone, and its silence decides.
"""

from dataclasses import dataclass
from pathlib import Path

_STATE, _STARTED = 0, 19  # proc(5), stat: fields 3 and 22, counted from behind the name in brackets
_GONE_STATES = frozenset("ZXx")


@dataclass(frozen=True, slots=True)
class Process:
    """This process, as others see it.

    Attributes:
        name: unique over all machines and all time; empty where the system does not tell.
        proc: where the system tells of processes.
    """

    name: str
    proc: Path = Path("/proc")

    def gone(self, name: str) -> bool:
        """Whether a process of that name ran on this machine and does not any more; False where one cannot know."""
        home, _, rest = name.rpartition("/")[0].rpartition("/")
        if not self.name or home != self.name.rpartition("/")[0].rpartition("/")[0]:
            return False
        return _started(self.proc, rest) != name.rpartition("/")[2]


def own_process(proc: Path = Path("/proc")) -> Process:
    """This process."""
    try:
        boot = (proc / "sys/kernel/random/boot_id").read_text().strip()
        space = (proc / "self/ns/pid").readlink()
        number = (proc / "self").readlink()
    except OSError:
        return Process("", proc)
    started = _started(proc, str(number))
    return Process(f"{boot}/{space}/{number}/{started}" if started else "", proc)


def _started(proc: Path, number: str) -> str | None:
    """When a process began; None where there is none that still runs."""
    try:
        fields = (proc / number / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[_STATE] in _GONE_STATES else fields[_STARTED]
