"""The index as it is after one change of the catalogue: services, lists of words, and what titles weigh.

A generation that answers is never changed: the next one is made beside it from what changed, and takes its place at
once. So a request that waits for a database sees one state from its first word to its last hit.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from heapq import nlargest
from math import log
from typing import Any, NamedTuple

from cachetools import LRUCache

from catalog_sync.search.bits import members, set_of
from catalog_sync.search.fields import PART
from catalog_sync.search.hits import NO_HITS, Hits, read_hits
from catalog_sync.search.indexed import read_indexed
from catalog_sync.search.postings import find, unpacked
from catalog_sync.search.roster import Roster

_CACHED_BYTES = 24 * 1024 * 1024
_KEPT_ANSWERS = 200
_POSTING_BYTES = 8
_AT_A_TIME = 100
_LONG_LIST, _WARM = 200 * _POSTING_BYTES, 500
_FINE_BITS = 5
_FINE_SHARE = 64


class _Kept(NamedTuple):
    """Hits, and the lists that they were read from."""

    hits: Hits
    lists: tuple[bytes, bytes]


class _Shares(NamedTuple):
    """The services of a stem by what it is of their titles, and those that have it there."""

    titled: int
    classes: Sequence[tuple[float, int]]


_EMPTY = b""


class Generation:
    """One state of the index.

    Attributes:
        roster: the services.
        weights: of each slot what each of its titles weighs.
        answers: what was asked of this state lately; `finding` says what it keeps.
        lists: of each token its postings, as they are stored.
        shares: what stems are of titles, of those that were asked for lately.
        kept: hits that were read lately, by this state or one before; they hold for the lists that they were read from.
    """

    def __init__(self, before: "Generation | None" = None) -> None:
        self.roster: Roster = before.roster.copy() if before else Roster()
        self.weights: list[tuple[float, ...]] = before.weights.copy() if before else []
        self.answers: LRUCache[str, Any] = LRUCache(_KEPT_ANSWERS)
        self.lists: dict[str, bytes] = before.lists.copy() if before else {}
        self.kept: LRUCache[str, _Kept] = before.kept if before else LRUCache(_CACHED_BYTES, _size)
        self.shares: LRUCache[str, _Shares] = LRUCache(_CACHED_BYTES // 3, _size_of_shares)
        self._weights: dict[str, float] = {}
        self._before = before
        self._touched: set[str] = set()
        self._new: set[int] = set()

    def take_list(self, token: str, services: bytes) -> None:
        """A token's postings, instead of those before; none, and the token is gone."""
        self._touched.add(token.removeprefix(PART))
        if services:
            self.lists[token] = services
        else:
            self.lists.pop(token, None)

    def take_service(self, key: int, row: Sequence[Any]) -> None:
        """A service of its row, without the key; without titles it is gone."""
        if row[0] == "[]":
            self.roster.remove(key)
            return
        slot = self.roster.put(key, read_indexed(*row))
        if slot == len(self.weights):
            self.weights.append(())
        self._new.add(slot)

    def settle(self) -> Iterator[None]:
        """Weigh titles anew where their words weigh otherwise now; after that it may answer. Yields between steps."""
        before, self._before = self._before, None
        bits = set_of(self._new, len(self.roster.keys))
        for number, stem in enumerate(self._touched if before is not None else ()):
            if before is not None and before.weight_of(stem) != self.weight_of(stem):
                bits |= self.hits(stem).titled
            if number % _AT_A_TIME == 0:
                yield
        all_anew = before is None or before.size != self.size
        changed = members(self.roster.alive & (-1 if all_anew else bits))
        for number, slot in enumerate(changed):
            titles = self.roster.services[slot].titles
            self.weights[slot] = tuple(sum(map(self.weight_of, title)) for title in titles)
            if number % _AT_A_TIME == _AT_A_TIME - 1:
                yield
        if before is not None and not all_anew:
            self._keep_shares(before, set_of(changed, len(self.roster.keys)))
        self._touched, self._new = set(), set()
        yield from self._warm()

    def _warm(self) -> Iterator[None]:
        """Read what most services have, so that nobody who asks for it first has to wait."""
        long = [token for token, held in self.lists.items() if len(held) > _LONG_LIST and token[0] != PART]
        for token in nlargest(_WARM, long, key=lambda token: len(self.lists[token])):
            if self.hits(token).titled:
                self.title_shares(token)
            yield

    def _keep_shares(self, before: "Generation", changed: int) -> None:
        for stem, kept in before.shares.items():
            if kept.titled == self.hits(stem).titled and not kept.titled & changed:
                self.shares[stem] = kept

    @property
    def size(self) -> int:
        """About how many services there are: titles are weighed by it, and most changes leave it as it is."""
        return _about(len(self.roster))

    def __contains__(self, token: str) -> bool:
        """Whether any service has a token."""
        return token in self.lists

    def count(self, token: str) -> int:
        """How many services a token names."""
        return len(self.lists.get(token, _EMPTY)) // _POSTING_BYTES

    def rarity(self, count: int) -> float:
        """How much a word says that so many services have."""
        return log(1 + len(self.roster) / (count + 1))

    def weight_of(self, stem: str) -> float:
        """How much a stem says, as a word or inside one; about, so that a service more changes few of them."""
        known = self._weights.get(stem)
        if known is None:
            count = _about(max(self.count(stem), self.count(PART + stem)))
            known = self._weights[stem] = log(1 + self.size / (count + 1))
        return known

    def title_shares(self, stem: str) -> Sequence[tuple[float, int]]:
        """The services that have a stem in a title, by how much of the title it is that says the least besides."""
        titled = self.hits(stem).titled
        kept = self.shares.get(stem)
        if kept is None or kept.titled != titled:
            kept = self.shares[stem] = _Shares(titled, tuple(self._title_shares(stem, titled)))
        return kept.classes

    def _title_shares(self, stem: str, titled: int) -> Iterator[tuple[float, int]]:
        weight, services = self.weight_of(stem), self.roster.services
        found: dict[float, list[int]] = defaultdict(list)
        for slot in members(titled):
            weights = self.weights[slot]
            lightest = min(
                (weights[number] for number, title in enumerate(services[slot].titles) if stem in title),
                default=0.0,
            )
            if lightest:
                found[rounded(weight / lightest)].append(slot)
        for share, slots in found.items():
            yield share, set_of(slots, len(self.roster.keys))

    def mask(self, token: str, key: int) -> int:
        """The fields in which a token stands in a service."""
        held = self.lists.get(token)
        return 0 if held is None else find(unpacked(held), key)

    def strength(self, stem: str, slot: int) -> float:
        """How strongly a service has a stem, as a word or as a part of one."""
        return next((value for value, bits in self.hits(stem).classes if bits >> slot & 1), 0.0)

    def hits(self, stem: str) -> Hits:
        """The services that have a stem, as a word or as a part of one."""
        word, part = self.lists.get(stem, _EMPTY), self.lists.get(PART + stem, _EMPTY)
        if not word and not part:
            return NO_HITS
        kept = self.kept.get(stem)
        if kept is None or kept.lists[0] is not word or kept.lists[1] is not part:
            kept = self.kept[stem] = _Kept(read_hits(word, part, self.roster), (word, part))
        return kept.hits


def rounded(share: float) -> float:
    """A share of a title in sixty-fourths, so that services with about the same are one set."""
    return int(share * _FINE_SHARE) / _FINE_SHARE


def _about(count: int) -> int:
    """A number without its finest digits: within a sixteenth of it."""
    fine = max(0, count.bit_length() - _FINE_BITS)
    return count >> fine << fine


def _size(kept: _Kept) -> int:
    return 400 + kept.hits.size


def _size_of_shares(kept: _Shares) -> int:
    return 300 + (len(kept.classes) + 1) * (100 + kept.titled.bit_length() // 7)


def generation_of(lists: Iterable[tuple[str, bytes]], services: Iterable[Sequence[Any]]) -> Generation:
    """A state of its own: of tokens' lists, and of services' keys and rows."""
    made = Generation()
    for token, held in lists:
        made.take_list(token, held)
    for key, *row in services:
        made.take_service(int(key), row)
    for _ in made.settle():
        pass
    return made
