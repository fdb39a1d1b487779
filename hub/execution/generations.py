"""A store that forgets what nobody asked for lately, bounded in bytes."""

from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Generations(Generic[K, V]):
    """Two generations: what is asked for moves to the young one; when that is full, the old one is forgotten.

    A look-up that finds something young is one look into a dict, which an order of use would make three times as dear.

    Args:
        most: bytes that both generations may hold together, as `put` is told them.
    """

    def __init__(self, most: int) -> None:
        self._half = most // 2
        self._young: dict[K, tuple[V, int]] = {}
        self._old: dict[K, tuple[V, int]] = {}
        self._used = 0

    def get(self, key: K) -> V | None:
        """What is kept for a key."""
        found = self._young.get(key)
        if found is None:
            found = self._old.pop(key, None)
            if found is None:
                return None
            self._keep(key, found)
        return found[0]

    def put(self, key: K, value: V, size: int) -> None:
        """Keep a value of so many bytes; one that would fill a generation by itself is not kept."""
        if size > self._half:
            return
        self._old.pop(key, None)
        before = self._young.pop(key, None)
        if before is not None:
            self._used -= before[1]
        self._keep(key, (value, size))

    def _keep(self, key: K, found: tuple[V, int]) -> None:
        if self._used + found[1] > self._half:
            self._old, self._young, self._used = self._young, {}, 0
        self._young[key] = found
        self._used += found[1]

    def clear(self) -> None:
        """Forget everything."""
        self._young, self._old, self._used = {}, {}, 0

    @property
    def bytes(self) -> int:
        """Bytes that are held, as they were told."""
        return self._used + sum(size for _, size in self._old.values())
