import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memo(Generic[K, V]):
    """What one request already read: asks `fetch` only for the keys that are new."""

    __slots__ = ("_fetch", "_known", "_turn")

    def __init__(self, fetch: Callable[[list[K]], Awaitable[Mapping[K, V]]]) -> None:
        self._fetch = fetch
        self._known: dict[K, V | None] = {}
        self._turn = asyncio.Lock()

    async def get(self, keys: Iterable[K]) -> dict[K, V]:
        """The values that exist, by key."""
        wanted = dict.fromkeys(keys)
        if any(key not in self._known for key in wanted):
            async with self._turn:
                if missing := [key for key in wanted if key not in self._known]:
                    found = await self._fetch(missing)
                    for key in missing:
                        self._known[key] = found.get(key)
        return {key: value for key in wanted if (value := self._known[key]) is not None}

    def learn(self, key: K, value: V) -> None:
        """Take a value that another read brought along."""
        self._known.setdefault(key, value)
