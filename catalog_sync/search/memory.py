"""What a process keeps of the index: services, words with their lists, the thesaurus, all that may be suggested.

Truth is in the database: each request compares one number. Little that changed is taken over by the request itself;
much of it in the background, in small steps between which others are answered from the state before.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from sys import intern

from catalog_sync.catalog.reading import Snapshot
from catalog_sync.search.analyzer import Word
from catalog_sync.search.changes import (
    Change,
    Pace,
    at_once,
    changed_since,
    in_turns,
    read_lists,
    read_services,
)
from catalog_sync.search.compounds import is_constituent
from catalog_sync.search.fields import PART
from catalog_sync.search.generation import Generation
from catalog_sync.search.indexed import Indexed
from catalog_sync.search.spelling import Spellings
from catalog_sync.search.suggesting import Suggestions
from catalog_sync.search.thesaurus import Thesaurus
from catalog_sync.search.thesaurus_loading import load_thesaurus
from catalog_sync.search.vocabulary import Correction, Vocabulary

_LONG_PART = 5
_log = logging.getLogger(__name__)

OpenSnapshot = Callable[[], AbstractAsyncContextManager[Snapshot]]


class SearchIndex:
    """The index in memory. One for each process; `refresh` before each search.

    Args:
        open_snapshot: the catalogue as it is now, for taking over much of it in the background; without, whoever asks
            waits for all that changed.

    Attributes:
        generation: services and words after one change; whoever answers from it keeps it until the answer is made.
    """

    def __init__(self, open_snapshot: OpenSnapshot | None = None) -> None:
        self.generation = Generation()
        self.thesaurus = Thesaurus(())
        self.spellings = Spellings()
        self.suggestions = Suggestions()
        self._words = Vocabulary()
        self._changed = self._thesaurus_changed = -1
        self._open = open_snapshot
        self._taking: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()

    async def refresh(self, snapshot: Snapshot) -> None:
        """Take over what changed, or see to it that it is; the first time whoever asks waits for all of it."""
        change = await changed_since(snapshot, self._changed, self._thesaurus_changed)
        if change is None or self._is_taking():
            return
        async with self._lock:
            change = await changed_since(snapshot, self._changed, self._thesaurus_changed)
            if change is None or self._is_taking():
                return  # another request has done it meanwhile
            if self._open is None or self._changed < 0 or change.is_little:
                await self._take(snapshot, change, at_once)
            else:
                self._taking = asyncio.create_task(self._take_in_turns(self._open))

    def _is_taking(self) -> bool:
        return self._taking is not None and not self._taking.done()

    async def settled(self) -> None:
        """Wait until what is taken over in the background is there."""
        if self._taking is not None:
            await asyncio.wait([self._taking])

    async def close(self) -> None:
        """Leave what is being taken over."""
        if self._taking is not None:
            self._taking.cancel()
            await self.settled()

    async def _take_in_turns(self, open_snapshot: OpenSnapshot) -> None:
        try:
            async with open_snapshot() as snapshot:
                change = await changed_since(snapshot, self._changed, self._thesaurus_changed)
                if change is not None:
                    await self._take(snapshot, change, in_turns)
        except Exception:  # noqa: BLE001 - the state before answers, and the next question tries again
            _log.exception("the search could not take over what changed")

    async def _take(self, snapshot: Snapshot, change: Change, pace: Pace) -> None:
        """Read and make all beside what answers, then let it take its place; words change in place, one by one."""
        other: tuple[Thesaurus, Vocabulary] | None = None
        if change.thesaurus is not None:
            thesaurus = await load_thesaurus(snapshot, pace)
            vocabulary, steps = self._words.under(thesaurus.surfaces, thesaurus.german)
            await pace(steps)
            other = thesaurus, vocabulary
        generation, words = Generation(self.generation), dict[str, str | None]()
        before = self.generation.roster
        services: dict[int, tuple[Indexed | None, Indexed | None]] = {}
        if change.index is not None:
            async for token, held, strong, surface in read_lists(snapshot, change, pace):
                generation.take_list(intern(token), held)
                words[intern(token)] = intern(surface) if held and strong else None
            async for key, *row in read_services(snapshot, change, pace):
                generation.take_service(int(key), row)
                services[int(key)] = before.get(int(key)), generation.roster.get(int(key))
        await pace(generation.settle())
        suggestions = self.suggestions
        if other is not None:
            suggestions = Suggestions()
            await pace(suggestions.fill(other[0], generation.roster))
        vocabulary = other[1] if other else self._words
        await pace(self._put(vocabulary, words, services, suggestions))
        await pace(suggestions.arrange())
        self.generation, self._words, self.suggestions = generation, vocabulary, suggestions
        self.thesaurus = other[0] if other else self.thesaurus
        self._changed = self._changed if change.index is None else change.index
        self._thesaurus_changed = self._thesaurus_changed if change.thesaurus is None else change.thesaurus

    def _put(
        self,
        vocabulary: Vocabulary,
        words: dict[str, str | None],
        services: dict[int, tuple[Indexed | None, Indexed | None]],
        suggestions: Suggestions,
    ) -> Iterator[None]:
        yield from vocabulary.take(words)
        for key, (before, after) in services.items():
            self.spellings.remove(before.texts() if before else ())
            self.spellings.add(after.texts() if after else ())
            if after is None:
                suggestions.remove(key)
            else:
                suggestions.take(key, after.names, after.bundle)
            yield

    def count(self, token: str) -> int:
        """How many services a token names."""
        return self.generation.count(token)

    def knows(self, stem: str) -> bool:
        """Whether any service or the thesaurus has this word, by itself or inside one."""
        lists = self.generation
        return stem in lists or PART + stem in lists or stem in self.thesaurus.stems

    def is_known(self, word: Word) -> bool:
        """Whether any service or an entry of any language has this word."""
        return self.knows(word.stem) or self.thesaurus.has(word)

    def is_german(self, surface: str) -> bool:
        """Whether the catalogue or the thesaurus writes a German word so; rent is none, though Rente is one."""
        return surface in self.thesaurus.german or self._words.is_written(surface) or is_constituent(surface)

    def has_by_name(self, stem: str) -> bool:
        """Whether a title, a keyword, a bundle or the thesaurus has this word, or a compound is made of it."""
        return self._words.has_stem(stem) or PART + stem in self.generation or stem in self.thesaurus.stems

    def surface(self, stem: str) -> str:
        """A folded word with this stem; the stem where no strong field has one."""
        return self._words.surface(stem)

    def may_be_part(self, surface: str) -> bool:
        """Whether a compound that is asked for may be made of this word: a constituent, or a word of a title."""
        return is_constituent(surface) or (len(surface) >= _LONG_PART and surface in self._words)

    def completions(self, beginning: str) -> Iterator[tuple[str, str]]:
        """Words that begin so, as written, with their stems; in order, bounded."""
        return self._words.completions(beginning)

    def corrections(self, word: str, more: int = 0) -> Sequence[Correction]:
        """The nearest known words, and with `more` those that are so many edits farther away."""
        return self._words.corrections(word, more)
