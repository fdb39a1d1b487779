"""An upstream's public keys."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from identity.broker.errors import AnswerRefusedError, UpstreamUnavailableError
from identity.opaque import Clock

PublicKey = RSAKey | ECKey

_COOL_DOWN_SECONDS = 30
_STALE_SECONDS = 3600
_MOST_KEYS = 50
_MODULUS_LETTERS = 342  # 2048 bits in base64url
_log = logging.getLogger(__name__)


class UpstreamKeys:
    """The key set, cached. Fetched again for an unknown `kid`, but at most once in 30 seconds whoever asks.

    An empty or broken set never replaces a good one: a fault at the upstream's end must not lock everybody out, and
    whoever can make it fail once must not choose what comes after.
    """

    def __init__(self, fetch: Callable[[], Awaitable[Any]], clock: Clock) -> None:
        self._fetch = fetch
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()
        self._keys: dict[str, PublicKey] = {}
        self._fetched_at = float("-inf")
        self._tried_at = float("-inf")

    async def find(self, kid: str | None, key_type: str) -> PublicKey:
        """The key that a token's header names; without `kid` the only one of its type (``RSA`` or ``EC``).

        Raises:
            AnswerRefusedError: when the set has no such key.
            UpstreamUnavailableError: when there never was a good set.
        """
        if self._clock() - self._fetched_at > _STALE_SECONDS:
            await self._refresh()
        if (key := self._picked(kid, key_type)) is None:
            await self._refresh()
            key = self._picked(kid, key_type)
        if not self._keys:
            raise UpstreamUnavailableError("The identity provider's keys can't be fetched.")
        if key is None:
            raise AnswerRefusedError(
                "The token is signed with a key that the identity provider does not publish."
            )
        return key

    def _picked(self, kid: str | None, key_type: str) -> PublicKey | None:
        fitting = {name: key for name, key in self._keys.items() if key.key_type == key_type}
        if kid is None:
            return next(iter(fitting.values())) if len(fitting) == 1 else None
        return fitting.get(kid)

    async def _refresh(self) -> None:
        async with self._one_at_a_time:
            if self._clock() - self._tried_at < _COOL_DOWN_SECONDS:
                return
            self._tried_at = self._clock()
            try:
                found = usable_keys(await self._fetch())
            except UpstreamUnavailableError as error:
                _log.warning("An upstream's key set could not be fetched: %s", error.detail)
                return
            if not found:
                _log.warning("An upstream's key set has no usable key; the one before it stays.")
                return
            self._keys, self._fetched_at = found, self._clock()


def usable_keys(document: Any) -> dict[str, PublicKey]:
    """The RSA and EC keys for signatures in a JWK set, by `kid`; private, shared and unreadable ones are left out."""
    entries = document.get("keys") if isinstance(document, dict) else None
    found: dict[str, PublicKey] = {}
    for entry in entries[:_MOST_KEYS] if isinstance(entries, list) else []:
        if isinstance(entry, dict) and (key := _imported(entry)) is not None:
            found[str(entry.get("kid", ""))] = key
    return found


def _imported(entry: dict[str, Any]) -> PublicKey | None:
    weak = entry.get("kty") == "RSA" and len(str(entry.get("n"))) < _MODULUS_LETTERS
    if entry.get("use", "sig") != "sig" or "d" in entry or weak:
        return None
    try:
        if entry.get("kty") == "RSA":
            return RSAKey.import_key(entry)
        return ECKey.import_key(entry) if entry.get("kty") == "EC" else None
    except (JoseError, ValueError, TypeError, KeyError):
        return None
