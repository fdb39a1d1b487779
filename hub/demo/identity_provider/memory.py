"""What the stand-in remembers, in memory and briefly: codes and access tokens."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from hub.demo.identity_provider.people import Means, Person

T = TypeVar("T")
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody has chosen a person and a means; `at` is in epoch seconds."""

    person: Person
    means: Means
    at: int
    redirect_uri: str
    scope: str
    nonce: str | None
    code_challenge: str


class Brief(Generic[T]):
    """Values behind new secrets, for a while. The secrets themselves are not kept, and old values make room."""

    def __init__(self, seconds: float, clock: Callable[[], float], secret: Callable[[], str]) -> None:
        self._seconds = seconds
        self._clock = clock
        self._secret = secret
        self._values: dict[bytes, tuple[float, T]] = {}

    def keep(self, value: T) -> str:
        """Keep a value; returns the secret that finds it."""
        while len(self._values) >= _MOST:
            self._values.pop(next(iter(self._values)))
        secret = self._secret()
        self._values[_hash(secret)] = (self._clock() + self._seconds, value)
        return secret

    def find(self, secret: str) -> T | None:
        """The value, while it is there."""
        until, value = self._values.get(_hash(secret), (0.0, None))
        return value if until > self._clock() else None

    def spend(self, secret: str) -> T | None:
        """The value, once."""
        value = self.find(secret)
        self._values.pop(_hash(secret), None)
        return value


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
