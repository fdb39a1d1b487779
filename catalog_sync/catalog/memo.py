import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping
from typing import Any, Generic, Protocol, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Keep(Protocol):
    """A bounded store that lives longer than a request; it may forget anything at any time."""

    def get(self, key: Any) -> Any | None:
        """What is kept for a key."""
        ...

    def put(self, key: Any, value: Any, size: int) -> None:
        """Keep a value of some bytes."""
        ...


class Memo(Generic[K, V]):
    """What one request already read: asks `fetch` only for the keys that are new.

    Args:
        fetch: reads some keys.
        keep: what other requests read of the same state of the catalogue; numbers below zero are one request's own.
        size: bytes of a value in memory, roughly.
    """

    __slots__ = ("_fetch", "_keep", "_known", "_size", "_turn")

    def __init__(
        self,
        fetch: Callable[[list[K]], Awaitable[Mapping[K, V]]],
        keep: Keep | None = None,
        size: Callable[[V], int] | None = None,
    ) -> None:
        self._fetch = fetch
        self._known: dict[K, V | None] = {}
        self._keep = keep
        self._size = size or (lambda _: 100)
        self._turn = asyncio.Lock()

    async def get(self, keys: Iterable[K]) -> dict[K, V]:
        """The values that exist, by key."""
        wanted = dict.fromkeys(keys)
        known = self._known
        if (missing := [key for key in wanted if key not in known]) and (missing := self._recalled(missing)):
            async with self._turn:
                if missing := [key for key in missing if key not in known]:
                    self._take(missing, await self._fetch(missing))
        return {key: value for key in wanted if (value := known[key]) is not None}

    def _recalled(self, missing: list[K]) -> list[K]:
        """Take over what is kept; the keys that nobody has asked for."""
        if self._keep is None:
            return missing
        still: list[K] = []
        for key in missing:
            kept = self._keep.get(key)
            if kept is None:
                still.append(key)
            else:
                self._known[key] = kept[0]
        return still

    def _take(self, keys: list[K], found: Mapping[K, V]) -> None:
        for key in keys:
            value = self._known[key] = found.get(key)
            if self._keep is not None and not (isinstance(key, int) and key < 0):
                self._keep.put(key, (value,), _ABSENT if value is None else self._size(value))

    def learn(self, key: K, value: V) -> None:
        """Take a value that another read brought along."""
        self._known.setdefault(key, value)


_ABSENT = 100
"""Bytes of knowing that something is not there."""
