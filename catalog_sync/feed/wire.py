"""A change as JSON, in the feed and in webhooks alike."""

from datetime import UTC, datetime, timedelta
from typing import Any

from catalog_sync.catalog.keys import ars_of
from catalog_sync.feed.pages import Item

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def item_on_the_wire(item: Item) -> dict[str, Any]:
    """Id and version, not payload: what it says is asked for in the graph, ``entry(id:)``."""
    return {
        "position": item.position,
        "entryId": str(item.entry_id),
        "kind": item.entry_id.kind.name,
        "action": item.action.name.lower(),
        "version": item.label,
        "contentHash": item.content_hash or None,
        "changedAt": _time(item.changed_at),
        "receivedAt": _time(item.received_at),
        "at": _time(item.at),
        "areas": [ars_of(key) for key in item.areas],
    }


def _time(microseconds: int | None) -> str | None:
    return None if microseconds is None else (_EPOCH + timedelta(microseconds=microseconds)).isoformat()
