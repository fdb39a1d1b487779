"""What a process keeps of the index while others ask and write at the same time."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from catalog_sync.catalog.reading import Row, Statement
from catalog_sync.search.bits import members
from catalog_sync.search.memory import SearchIndex
from catalog_sync.search.postings import packed, patched, posting_of

KEY = 99_001_001_000_000
KINDS = ("thesaurus_entry", "indexed_service", "posting", "search_state")


class SlowSnapshot:
    """One state of an index in which services have the word hund; each statement waits its turn, as on PostgreSQL."""

    def __init__(self, changed: int, count: int) -> None:
        self.changed = changed
        self.keys = [str(KEY + number * 1_000_000) for number in range(count)]
        self.asked = Counter[str]()
        self.turn = asyncio.Event()
        self.turn.set()

    async def rows(self, statement: Statement, **values: Any) -> Sequence[Row]:
        """Answer by what is asked for."""
        await asyncio.sleep(0)
        await self.turn.wait()
        text = statement.sqlite
        kind = next(kind for kind in KINDS if kind in text)
        self.asked[kind] += 1
        if kind == "search_state":
            return [(self.changed, 0)]
        if "count(1)" in text:
            return [(len(self.keys) if kind == "indexed_service" else 0,)]
        if self.changed <= values.get("since", 0) or kind == "thesaurus_entry":
            return []
        after = values.get("after", "")
        if kind == "posting":
            held = packed(patched(b"", [posting_of(int(key), 1) for key in self.keys]))
            return [("hund", held, True, "hund")] if after < "hund" else []
        return [(key, '[["hund"]]', "[]", None, "[]", "[]") for key in self.keys if key > after][:50]


def keys(index: SearchIndex) -> list[str]:
    """The services that have the word, by the index."""
    slots = members(index.generation.hits("hund").titled)
    return [str(index.generation.roster.keys[slot]) for slot in slots]


async def test_two_requests_at_once_read_what_changed_once() -> None:
    index, snapshot = SearchIndex(), SlowSnapshot(1, 1)
    await asyncio.gather(*(index.refresh(snapshot) for _ in range(2)))
    assert snapshot.asked["posting"] == 1
    assert keys(index) == [str(KEY)]
    assert list(index.completions("hu")) == [("hund", "hund")]
    await index.refresh(SlowSnapshot(2, 1))
    assert keys(index) == [str(KEY)]


async def test_little_is_there_for_the_request_that_sees_it() -> None:
    index = SearchIndex(no_other_snapshot)
    await index.refresh(SlowSnapshot(1, 1))
    await index.refresh(SlowSnapshot(2, 2))
    assert len(keys(index)) == 2


@asynccontextmanager
async def no_other_snapshot() -> AsyncIterator[SlowSnapshot]:
    """For indexes that need none."""
    raise AssertionError("what is little is read by the request itself")
    yield


async def test_while_much_is_taken_over_others_are_answered_from_the_state_before() -> None:
    later = SlowSnapshot(2, 500)
    later.turn.clear()

    @asynccontextmanager
    async def opened() -> AsyncIterator[SlowSnapshot]:
        yield later

    index = SearchIndex(opened)
    await index.refresh(SlowSnapshot(1, 100))
    before = index.generation
    await index.refresh(SlowSnapshot(2, 500))
    await index.refresh(SlowSnapshot(2, 500))
    assert index.generation is before
    assert len(keys(index)) == 100
    later.turn.set()
    await index.settled()
    assert len(keys(index)) == 500
    assert members(before.hits("hund").titled) == list(range(100))
    assert later.asked["search_state"] == 1


async def test_what_is_taken_over_in_turns_leaves_turns_to_others() -> None:
    later = SlowSnapshot(2, 3_000)

    @asynccontextmanager
    async def opened() -> AsyncIterator[SlowSnapshot]:
        yield later

    index = SearchIndex(opened)
    await index.refresh(SlowSnapshot(1, 1))
    await index.refresh(SlowSnapshot(2, 3_000))
    turns = 0
    while len(keys(index)) == 1:
        await asyncio.sleep(0)
        turns += 1
    assert turns > 100
    assert len(keys(index)) == 3_000


async def test_a_state_that_cannot_be_taken_over_is_tried_again() -> None:
    states = iter([None, SlowSnapshot(2, 100)])

    @asynccontextmanager
    async def opened() -> AsyncIterator[SlowSnapshot]:
        if (state := next(states)) is None:
            raise ConnectionError("away")
        yield state

    index = SearchIndex(opened)
    await index.refresh(SlowSnapshot(1, 1))
    for expected in (1, 100):
        await index.refresh(SlowSnapshot(2, 100))
        await index.settled()
        assert len(keys(index)) == expected
