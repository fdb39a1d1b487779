"""What a process keeps of the index while others ask and write at the same time."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any

from catalog_sync.catalog.reading import Row, Statement
from catalog_sync.search.memory import SearchIndex
from catalog_sync.search.postings import packed, patched, posting_of

KEY = 99_001_001_000_000


class SlowSnapshot:
    """One state of an index with the word hund; each statement waits its turn, as on PostgreSQL."""

    def __init__(self, changed: int, mask: int) -> None:
        self.changed, self.mask = changed, mask
        self.asked = Counter[str]()

    async def rows(self, statement: Statement, **values: Any) -> Sequence[Row]:
        """Answer by what is asked for."""
        await asyncio.sleep(0)
        text = statement.sqlite
        kind = next(
            kind for kind in ("thesaurus_entry", "indexed_service", "posting", "search_state") if kind in text
        )
        self.asked[kind] += 1
        if kind == "posting" and "tokens" in values:
            return [("hund", packed(patched(b"", [posting_of(KEY, self.mask)])), self.changed)]
        answers: dict[str, list[Row]] = {
            "search_state": [(self.changed, 0)],
            "posting": [("hund", 1, True, "hund")] if self.changed > values.get("since", 0) else [],
            "indexed_service": [(str(KEY), '[["hund"]]', "[]", None, "[]", "[]")],
        }
        return answers.get(kind, [])


async def test_two_requests_at_once_read_what_changed_once() -> None:
    index, snapshot = SearchIndex(), SlowSnapshot(1, 1)
    await asyncio.gather(*(index.refresh(snapshot) for _ in range(2)))
    assert snapshot.asked == {"search_state": 2, "thesaurus_entry": 1, "posting": 1, "indexed_service": 1}
    assert index.relatives(KEY) == [KEY]
    assert list(index.completions("hu")) == [("hund", "hund")]
    await index.refresh(SlowSnapshot(2, 1))
    assert index.relatives(KEY) == [KEY]


async def test_the_list_of_an_older_state_is_not_kept() -> None:
    index, older, newer = SearchIndex(), SlowSnapshot(1, 1), SlowSnapshot(2, 2)
    await index.refresh(older)
    await index.refresh(newer)
    late = await index.postings(older, ["hund"])
    now = await index.postings(newer, ["hund"])
    again = await index.postings(newer, ["hund"])
    assert [found["hund"][0] & 0xFFFF for found in (late, now, again)] == [1, 2, 2]
    assert newer.asked["posting"] == 2
