"""What an export reads, page by page."""

from sqlalchemy import bindparam, func, literal_column, select, tuple_
from sqlalchemy.types import SmallInteger, String

from catalog_sync.catalog.reading import Statement, listed
from catalog_sync.catalog.tables import change, entry, entry_area, rule, state, version

PAGE = 200
"""Objects that are in memory at once; their payloads unpacked are some 20 kB each."""

STATE = Statement(
    select(state.c.position, state.c.feed, state.c.epoch, select(func.max(change.c.at)).scalar_subquery())
)

_AFTER = tuple_(
    bindparam("agency", type_=String(), required=True), bindparam("value", type_=String(), required=True)
)
HEADS = Statement(
    select(entry.c.id, entry.c.agency, entry.c.value, entry.c.source_id, entry.c.version_id)
    .where(
        entry.c.kind == bindparam("kind", type_=SmallInteger(), required=True),
        tuple_(entry.c.agency, entry.c.value) > _AFTER,
        entry.c.live,
    )
    .order_by(entry.c.agency, entry.c.value)
    .limit(literal_column(str(PAGE)))
    .offset(literal_column("0"))  # SQLite would write it as a parameter
)
PAYLOADS = Statement(select(version.c.id, version.c.payload).where(listed(version.c.id, "numbers")))
ENTRY_AREAS = Statement(
    select(entry_area.c.entry_id, entry_area.c.area).where(listed(entry_area.c.entry_id, "numbers"))
)
RULES = Statement(select(rule.c.id, rule.c.owner_id, rule.c.areas).where(listed(rule.c.id, "numbers")))
CARRIED = Statement(
    select(entry.c.carrier_id, entry.c.id, entry.c.agency, entry.c.value, version.c.content_hash)
    .join(version, version.c.id == entry.c.version_id)
    .where(listed(entry.c.carrier_id, "units"), entry.c.live)
)
