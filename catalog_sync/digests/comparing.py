"""What differs between two sides, found by descending where hashes differ."""

from dataclasses import dataclass
from typing import Literal

from catalog_sync.digests.tree import Node, Side, is_lowest

AT_ONCE = 64
"""Prefixes that are asked for together."""


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """One entry that is not the same; times are geaendertDatumZeit, microseconds since 1970, UTC."""

    entry_id: str
    what: Literal["missing here", "missing there", "different"]
    here: int | None
    there: int | None


async def differences(here: Side, there: Side) -> list[Difference]:
    """All entries that differ, by identifier."""
    found: list[Difference] = []
    waiting = [""]
    while waiting:
        asked, waiting = waiting[:AT_ONCE], waiting[AT_ONCE:]
        ours, theirs = await here.nodes(asked), await there.nodes(asked)
        for prefix in asked:
            one, other = ours[prefix], theirs[prefix]
            if one.hash == other.hash:
                continue
            if is_lowest(prefix):
                found += _of_entries(one, other)
            else:
                waiting += _of_children(one, other)
    return sorted(found)


def _of_children(one: Node, other: Node) -> list[str]:
    ours = {child.prefix: child.hash for child in one.children}
    theirs = {child.prefix: child.hash for child in other.children}
    return [prefix for prefix in sorted(ours | theirs) if ours.get(prefix) != theirs.get(prefix)]


def _of_entries(one: Node, other: Node) -> list[Difference]:
    ours = {leaf.entry_id: leaf for leaf in one.entries}
    theirs = {leaf.entry_id: leaf for leaf in other.entries}
    found: list[Difference] = []
    for entry_id in ours | theirs:
        here, there = ours.get(entry_id), theirs.get(entry_id)
        if here is None and there is not None:
            found.append(Difference(entry_id, "missing here", None, there.changed_at))
        elif there is None and here is not None:
            found.append(Difference(entry_id, "missing there", here.changed_at, None))
        elif here is not None and there is not None and here.content_hash != there.content_hash:
            found.append(Difference(entry_id, "different", here.changed_at, there.changed_at))
    return found
