"""Reads of the catalogue as it was: what answered at a position of the feed, found by the newest row up to there."""

from sqlalchemy import BigInteger, bindparam, func, select

from catalog_sync.catalog.reading import Statement, listed
from catalog_sync.catalog.tables import change, entry, past_leika, past_reference, version

_earlier = change.alias("earlier")
_newest = (
    select(func.max(_earlier.c.pos))
    .where(
        _earlier.c.entry_id == change.c.entry_id,
        _earlier.c.pos <= bindparam("position", type_=BigInteger),
    )
    .scalar_subquery()
)
_answered = (change.c.pos == _newest, change.c.version_id.is_not(None))

_last_time = (
    select(func.max(_earlier.c.at))
    .where(_earlier.c.at <= bindparam("at", type_=BigInteger))
    .scalar_subquery()
)
POSITION = Statement(select(func.max(change.c.pos)).where(change.c.at == _last_time))
"""Null before the first change. Both maxima are at the ends of their indexes."""

ANSWERED = Statement(
    select(change.c.entry_id, change.c.version_id).where(listed(change.c.entry_id, "numbers"), *_answered)
)

DESCRIBING = Statement(
    select(past_leika.c.leika_key, change.c.entry_id, change.c.version_id)
    .join(change, change.c.entry_id == past_leika.c.entry_id)
    .where(listed(past_leika.c.leika_key, "keys"), *_answered)
)

NAMING = Statement(
    select(past_reference.c.named_id, change.c.entry_id, change.c.version_id, entry.c.kind, change.c.areas)
    .join(change, change.c.entry_id == past_reference.c.entry_id)
    .join(entry, entry.c.id == change.c.entry_id)
    .where(listed(past_reference.c.named_id, "numbers"), *_answered)
)

# One statement whatever agencies are asked for: it finds every combination of the three lists.
NAMED = Statement(
    select(entry.c.kind, entry.c.agency, entry.c.value, change.c.entry_id, change.c.version_id)
    .join(change, change.c.entry_id == entry.c.id)
    .where(
        listed(entry.c.kind, "kinds"),
        listed(entry.c.agency, "agencies"),
        listed(entry.c.value, "values"),
        *_answered,
    )
)

CONTENTS = Statement(
    select(
        version.c.id,
        version.c.entry_id,
        version.c.source_id,
        version.c.changed_at,
        version.c.received_at,
        version.c.payload,
    ).where(listed(version.c.id, "versions"))
)

VERSIONS = Statement(
    select(
        change.c.entry_id,
        change.c.at,
        change.c.run,
        version.c.source_id,
        version.c.changed_at,
        version.c.received_at,
        version.c.payload,
    )
    .join(version, version.c.id == change.c.version_id, isouter=True)
    .where(listed(change.c.entry_id, "numbers"))
    .order_by(change.c.entry_id, change.c.pos)
)
