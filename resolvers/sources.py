from datetime import datetime

from catalog_sync.catalog.records import SourceRecord
from resolvers.context import Context, Info
from resolvers.identifiers import parse_global_id
from resolvers.views import moment


def by_name(context: Context, name: str) -> SourceRecord | None:
    """A source by its key or its global id."""
    by_key = {source.key: source for source in context.sources.values()}
    if name in by_key:
        return by_key[name]
    if not name.replace("-", "").replace("_", "").isalnum():
        return None
    try:
        type_name, key = parse_global_id(name)
    except Exception:  # noqa: BLE001 - a key that no source has is no error
        return None
    return by_key.get(key) if type_name == "Source" else None


def all_sources(root: None, info: Info) -> list[SourceRecord]:
    """All sources, by key."""
    return sorted(info.context.sources.values(), key=lambda source: source.key)


def freshness(root: SourceRecord) -> datetime | None:
    """When its newest delivery was taken in whole."""
    return moment(root.fresh_at)
