"""What a process keeps of the index: all words and titles, and the postings that were asked for lately.

Truth is in the database: each request compares one number, and takes over the rows that changed since.
"""

import asyncio
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from math import log
from typing import TYPE_CHECKING, Any, NamedTuple

from cachetools import LRUCache
from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import bindparam, select

from catalog_sync.catalog.reading import Snapshot, Statement, listed
from catalog_sync.catalog.tables import indexed_service, posting, search_state
from catalog_sync.search.analyzer import Word
from catalog_sync.search.compounds import is_constituent
from catalog_sync.search.fields import PART
from catalog_sync.search.indexed import Indexed, read_indexed
from catalog_sync.search.postings import unpacked
from catalog_sync.search.spelling import Spellings
from catalog_sync.search.suggesting import Suggestions
from catalog_sync.search.thesaurus import Thesaurus
from catalog_sync.search.thesaurus_store import load_thesaurus

if TYPE_CHECKING:
    from array import array

_CACHED_BYTES = 32 * 1024 * 1024
_OBJECT = 1_000_000
_LONG_WORD = 8
_LONG_PART = 5
_MOST_CORRECTIONS = 6
_MOST_COMPLETIONS = 60
_LAST = "\U0010ffff"

_STATE = Statement(select(search_state.c.changed, search_state.c.thesaurus))
_TOKENS = Statement(
    select(posting.c.token, posting.c.count, posting.c.strong, posting.c.surface).where(
        posting.c.changed > bindparam("since", type_=posting.c.changed.type)
    )
)
_SERVICES = Statement(
    select(
        indexed_service.c.leika_key,
        indexed_service.c.titles,
        indexed_service.c.marks,
        indexed_service.c.bundle_id,
        indexed_service.c.names,
        indexed_service.c.spellings,
    ).where(indexed_service.c.changed > bindparam("since", type_=indexed_service.c.changed.type))
)
_LISTS = Statement(select(posting.c.token, posting.c.services).where(listed(posting.c.token, "tokens")))


class Correction(NamedTuple):
    """A known word near one that is not: its stem, as written, how many edits apart."""

    stem: str
    surface: str
    distance: int


class SearchIndex:
    """The index in memory. One for each process; `refresh` before each search."""

    def __init__(self) -> None:
        self.thesaurus = Thesaurus(())
        self.services: dict[int, Indexed] = {}
        self.spellings = Spellings()
        self.suggestions = Suggestions()
        self._changed = self._thesaurus_changed = -1
        self._counts: dict[str, int] = {}
        self._weights: dict[str, float] = {}
        self._surfaces: dict[str, str] = {}
        self._stems: dict[str, str] = {}
        self._written: frozenset[str] = frozenset()
        self._completions: list[tuple[str, str]] = []
        self._by_length: dict[int, list[str]] = {}
        self._by_object: dict[int, list[int]] = {}
        self._by_bundle: dict[str, list[int]] = {}
        self._lists: LRUCache[str, array[int]] = LRUCache(
            _CACHED_BYTES, getsizeof=lambda found: 8 * len(found) + 200
        )
        self._refreshing = asyncio.Lock()

    async def refresh(self, snapshot: Snapshot) -> None:
        """Take over what changed."""
        rows = await snapshot.rows(_STATE)
        changed, thesaurus = rows[0] if rows else (0, 0)
        if changed <= self._changed and thesaurus <= self._thesaurus_changed:
            return
        async with self._refreshing:
            if thesaurus > self._thesaurus_changed:
                self.thesaurus = await load_thesaurus(snapshot)
                self.suggestions.take_thesaurus(self.thesaurus)
            if changed > self._changed:
                self._take_tokens(await snapshot.rows(_TOKENS, since=self._changed))
                self._take_services(await snapshot.rows(_SERVICES, since=self._changed))
            self._arrange()
            self._changed = max(changed, self._changed)
            self._thesaurus_changed = max(thesaurus, self._thesaurus_changed)

    def _take_tokens(self, rows: Iterable[Sequence[Any]]) -> None:
        for token, count, strong, surface in rows:
            self._lists.pop(token, None)
            if count:
                self._counts[token] = count
            else:
                self._counts.pop(token, None)
            if count and strong:
                self._surfaces[token] = surface
            else:
                self._surfaces.pop(token, None)

    def _take_services(self, rows: Iterable[Sequence[Any]]) -> None:
        for number, titles, marks, bundle, names, spellings in rows:
            key = int(number)
            if (before := self.services.pop(key, None)) is not None:
                self.spellings.remove(before.texts())
            if titles == "[]":
                self.suggestions.remove(key)
                continue
            one = self.services[key] = read_indexed(titles, marks, bundle, names, spellings)
            self.spellings.add(one.texts())
            self.suggestions.take(key, one.names, bundle)

    def _arrange(self) -> None:
        self._weights.clear()
        self.suggestions.arrange()
        words = {surface: stem for stem, surface in self._surfaces.items()} | self.thesaurus.surfaces
        self._stems, self._written = words, frozenset(self._surfaces.values())
        german = self.thesaurus.german
        self._completions = sorted(
            (one, stem) for one, stem in words.items() if one in german or stem in self._surfaces
        )
        by_length: dict[int, list[str]] = defaultdict(list)
        for surface in words:
            by_length[len(surface)].append(surface)
        self._by_length = by_length
        by_object, by_bundle = defaultdict(list), defaultdict(list)
        for key in sorted(self.services):
            by_object[key // _OBJECT].append(key)
            if bundle := self.services[key].bundle:
                by_bundle[bundle].append(key)
        self._by_object, self._by_bundle = by_object, by_bundle

    def count(self, token: str) -> int:
        """How many services a token names."""
        return self._counts.get(token, 0)

    def rarity(self, count: int) -> float:
        """How much a word says that so many services have."""
        return log(1 + len(self.services) / (count + 1))

    def weight_of(self, stem: str) -> float:
        """How much a stem says, as a word or inside one."""
        known = self._weights.get(stem)
        if known is None:
            known = self._weights[stem] = self.rarity(max(self.count(stem), self.count(PART + stem)))
        return known

    def knows(self, stem: str) -> bool:
        """Whether any service or the thesaurus has this word, by itself or inside one."""
        return stem in self._counts or PART + stem in self._counts or stem in self.thesaurus.stems

    def is_known(self, word: Word) -> bool:
        """Whether any service or an entry of any language has this word."""
        return self.knows(word.stem) or self.thesaurus.has(word)

    def is_german(self, surface: str) -> bool:
        """Whether the catalogue or the thesaurus writes a German word so; rent is none, though Rente is one."""
        return surface in self.thesaurus.german or surface in self._written or is_constituent(surface)

    def has_by_name(self, stem: str) -> bool:
        """Whether a title, a keyword, a bundle or the thesaurus has this word, or a compound is made of it."""
        return stem in self._surfaces or PART + stem in self._counts or stem in self.thesaurus.stems

    def surface(self, stem: str) -> str:
        """A folded word with this stem; the stem where no strong field has one."""
        return self._surfaces.get(stem, stem)

    def may_be_part(self, surface: str) -> bool:
        """Whether a compound that is asked for may be made of this word: a constituent, or a word of a title."""
        return is_constituent(surface) or (len(surface) >= _LONG_PART and surface in self._stems)

    def relatives(self, key: int) -> Sequence[int]:
        """The services of one object: Personalausweis with all that can be done with it."""
        return self._by_object.get(key // _OBJECT, ())

    def of_bundle(self, bundle: str) -> Sequence[int]:
        """The services of an OZG bundle."""
        return self._by_bundle.get(bundle, ())

    def completions(self, beginning: str) -> Iterator[tuple[str, str]]:
        """Words that begin so, as written, with their stems; in order, bounded."""
        at = bisect_left(self._completions, (beginning, ""))
        for surface, stem in self._completions[at : at + _MOST_COMPLETIONS]:
            if not surface.startswith(beginning):
                break
            yield surface, stem

    def corrections(self, word: str, more: int = 0) -> list[Correction]:
        """The nearest known words: one edit away from four letters on, two from eight."""
        if len(word) < 4:  # noqa: PLR2004 - short words have neighbours everywhere
            return []
        most = (1 if len(word) < _LONG_WORD else 2) + more
        near: list[tuple[int, str]] = []
        for length in range(len(word) - most, len(word) + most + 1):
            choices = self._by_length.get(length, ())
            found = process.extract(
                word, choices, scorer=OSA.distance, score_cutoff=most, limit=_MOST_CORRECTIONS
            )
            near += [(int(distance), surface) for surface, distance, _ in found]
        near = [(distance, surface) for distance, surface in near if surface[0] == word[0] or distance == 1]
        if not near:
            return []
        nearest = min(near)[0]
        best = sorted(surface for distance, surface in near if distance == nearest)[:_MOST_CORRECTIONS]
        return [Correction(self._stems[surface], surface, nearest) for surface in best]

    async def postings(self, snapshot: Snapshot, tokens: Collection[str]) -> Mapping[str, "array[int]"]:
        """The postings of tokens; those of a token that no service has are left out."""
        wanted = {token for token in tokens if token in self._counts}
        found = {token: held for token in wanted if (held := self._lists.get(token)) is not None}
        if missing := sorted(wanted - found.keys()):
            for token, services in await snapshot.rows(_LISTS, tokens=missing):
                found[token] = self._lists[token] = unpacked(services)
        return found
