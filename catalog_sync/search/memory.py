"""What a process keeps of the index: all words and titles, and the postings that were asked for lately.

Truth is in the database: each request compares one number, and takes over the rows that changed since.
"""

import asyncio
from bisect import insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from math import log
from typing import TYPE_CHECKING

from cachetools import LRUCache
from sqlalchemy import bindparam, literal_column, select

from catalog_sync.catalog.reading import Row, Snapshot, Statement, listed
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
from catalog_sync.search.vocabulary import Correction, Vocabulary

if TYPE_CHECKING:
    from array import array

_CACHED_BYTES = 32 * 1024 * 1024
_OBJECT = 1_000_000
_LONG_PART = 5

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
_NOW = select(search_state.c.changed).where(search_state.c.id == literal_column("1")).scalar_subquery()
_LISTS = Statement(select(posting.c.token, posting.c.services, _NOW).where(listed(posting.c.token, "tokens")))


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
        self._words = Vocabulary()
        self._by_object: dict[int, list[int]] = defaultdict(list)
        self._by_bundle: dict[str, list[int]] = defaultdict(list)
        self._lists: LRUCache[str, array[int]] = LRUCache(
            _CACHED_BYTES, getsizeof=lambda found: 8 * len(found) + 200
        )
        self._refreshing = asyncio.Lock()

    async def refresh(self, snapshot: Snapshot) -> None:
        """Take over what changed: first all is read, then all is taken at once, so that nobody sees a part of it."""
        rows = await snapshot.rows(_STATE)
        changed, thesaurus = rows[0] if rows else (0, 0)
        if changed <= self._changed and thesaurus <= self._thesaurus_changed:
            return
        async with self._refreshing:
            if changed <= self._changed and thesaurus <= self._thesaurus_changed:
                return  # another request has done it meanwhile
            tokens: Sequence[Row] = ()
            services: Sequence[Row] = ()
            other = await load_thesaurus(snapshot) if thesaurus > self._thesaurus_changed else None
            if changed > self._changed:
                tokens = await snapshot.rows(_TOKENS, since=self._changed)
                services = await snapshot.rows(_SERVICES, since=self._changed)
            if other is not None:
                self.thesaurus, self._thesaurus_changed = other, thesaurus
                self.suggestions.take_thesaurus(other)
                self._words.take_thesaurus(other.surfaces, other.german)
            self._take_tokens(tokens)
            self._take_services(services)
            self.suggestions.arrange()
            self._weights.clear()
            self._changed = max(changed, self._changed)

    def _take_tokens(self, rows: Iterable[Row]) -> None:
        words: dict[str, str | None] = {}
        for token, count, strong, surface in rows:
            self._lists.pop(token, None)
            if count:
                self._counts[token] = count
            else:
                self._counts.pop(token, None)
            words[token] = surface if count and strong else None
        self._words.take(words)

    def _take_services(self, rows: Iterable[Row]) -> None:
        for number, titles, marks, bundle, names, spellings in rows:
            key = int(number)
            self._forget(key)
            if titles == "[]":
                self.suggestions.remove(key)
                continue
            one = self.services[key] = read_indexed(titles, marks, bundle, names, spellings)
            insort(self._by_object[key // _OBJECT], key)
            if bundle:
                insort(self._by_bundle[bundle], key)
            self.spellings.add(one.texts())
            self.suggestions.take(key, one.names, bundle)

    def _forget(self, key: int) -> None:
        if (before := self.services.pop(key, None)) is None:
            return
        self.spellings.remove(before.texts())
        self._by_object[key // _OBJECT].remove(key)
        if before.bundle:
            self._by_bundle[before.bundle].remove(key)

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
        return surface in self.thesaurus.german or self._words.is_written(surface) or is_constituent(surface)

    def has_by_name(self, stem: str) -> bool:
        """Whether a title, a keyword, a bundle or the thesaurus has this word, or a compound is made of it."""
        return self._words.has_stem(stem) or PART + stem in self._counts or stem in self.thesaurus.stems

    def surface(self, stem: str) -> str:
        """A folded word with this stem; the stem where no strong field has one."""
        return self._words.surface(stem)

    def may_be_part(self, surface: str) -> bool:
        """Whether a compound that is asked for may be made of this word: a constituent, or a word of a title."""
        return is_constituent(surface) or (len(surface) >= _LONG_PART and surface in self._words)

    def relatives(self, key: int) -> Sequence[int]:
        """The services of one object: Personalausweis with all that can be done with it."""
        return self._by_object.get(key // _OBJECT, ())

    def of_bundle(self, bundle: str) -> Sequence[int]:
        """The services of an OZG bundle."""
        return self._by_bundle.get(bundle, ())

    def completions(self, beginning: str) -> Iterator[tuple[str, str]]:
        """Words that begin so, as written, with their stems; in order, bounded."""
        return self._words.completions(beginning)

    def corrections(self, word: str, more: int = 0) -> list[Correction]:
        """The nearest known words, and with `more` those that are so many edits farther away."""
        return self._words.corrections(word, more)

    async def postings(self, snapshot: Snapshot, tokens: Collection[str]) -> Mapping[str, "array[int]"]:
        """The postings of tokens; those of a token that no service has are left out."""
        wanted = {token for token in tokens if token in self._counts}
        found = {token: held for token in wanted if (held := self._lists.get(token)) is not None}
        if missing := sorted(wanted - found.keys()):
            for token, services, changed in await snapshot.rows(_LISTS, tokens=missing):
                found[token] = unpacked(services)
                if changed == self._changed:  # else the snapshot is older than what others have taken over
                    self._lists[token] = found[token]
        return found
