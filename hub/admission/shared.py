"""A small table of moments that all processes of one hub share: who may ask again when, in memory that never grows.

It is a file that each process maps. A name (of a client) has a place among eight, found by a keyed hash; where all
eight are taken, the one whose moment is the earliest makes room. Two processes that write one place in the same
microsecond lose one of the two, which a rate limit can bear; a lock would cost more than the look-up.
"""

import mmap
import secrets
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

SLOTS = 1 << 16
_WAYS = 8
_SALT_BYTES = 64
_SIZE = _SALT_BYTES + 16 * SLOTS


class Moments:
    """Moments in seconds by name.

    Args:
        memory: `_SIZE` bytes, zero but for the salt at its beginning.
    """

    def __init__(self, memory: mmap.mmap) -> None:
        self._memory = memory  # kept, for what follows looks into it
        whole = memoryview(memory)
        self._salt = bytes(whole[:_SALT_BYTES])
        self._names = whole[_SALT_BYTES : _SALT_BYTES + 8 * SLOTS].cast("Q")
        self._moments = whole[_SALT_BYTES + 8 * SLOTS :].cast("d")

    def change(self, name: str, changed: Callable[[float], float]) -> None:
        """Replace the moment of a name by what `changed` makes of it; of an unknown name it is 0."""
        hashed = int.from_bytes(blake2b(name.encode(), digest_size=8, key=self._salt).digest()) or 1
        first = hashed % (SLOTS // _WAYS) * _WAYS
        places = range(first, first + _WAYS)
        names, moments = self._names, self._moments
        for place in places:
            if names[place] == hashed:
                moments[place] = changed(moments[place])
                return
        moment = changed(0.0)
        place = min(places, key=moments.__getitem__)
        names[place], moments[place] = hashed, moment


def of_process() -> Moments:
    """A table of this process alone."""
    memory = mmap.mmap(-1, _SIZE)
    memory[:_SALT_BYTES] = secrets.token_bytes(_SALT_BYTES)
    return Moments(memory)


def make(path: Path) -> None:
    """Make an empty table for several processes; the file must be one that only this user can read."""
    with path.open("wb") as file:
        file.write(secrets.token_bytes(_SALT_BYTES))
        file.truncate(_SIZE)


def of_file(path: Path) -> Moments:
    """The table that `make` made."""
    with path.open("r+b") as file:
        return Moments(mmap.mmap(file.fileno(), _SIZE))
