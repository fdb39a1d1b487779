"""Suggestions with the place of who types in mind."""

from catalog_sync.catalog.keys import AreaKey
from catalog_sync.catalog.reading import Snapshot
from catalog_sync.search.memory import SearchIndex
from catalog_sync.search.nearby import described_at, online_at
from catalog_sync.search.suggesting import Suggested


async def suggested(
    snapshot: Snapshot, index: SearchIndex, typed: str, place: AreaKey | None, first: int
) -> list[Suggested]:
    """What may be meant by what was typed so far, best first.

    Args:
        snapshot: the catalogue at one moment.
        index: this process's index; it is brought up to date first.
        typed: the beginning of a question; nothing is suggested before two letters.
        place: among suggestions of the same order of magnitude those go first that are described and online here.
        first: how many.
    """
    await index.refresh(snapshot)
    found = index.suggestions.suggest(typed)
    if place is None or not found:
        return found[:first]
    keys = [one.key for one in found]
    near = await described_at(snapshot, keys, place)
    online = await online_at(snapshot, keys, place)
    ordered = sorted(
        found, key=lambda one: (-round(one.points), -near.get(one.key, 0), one.key not in online)
    )
    return ordered[:first]
