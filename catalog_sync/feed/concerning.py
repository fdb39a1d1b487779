"""Which changes concern a place or some services."""

from collections.abc import Collection

from sqlalchemy import select

from catalog_sync.catalog.keys import AreaKey, key_of
from catalog_sync.catalog.reading import Snapshot, Statement, listed
from catalog_sync.catalog.tables import past_leika, past_reference


def concerns_area(areas: Collection[int], asked: AreaKey | None) -> bool:
    """Whether a change in some areas can differ an answer for the area asked for."""
    if asked is None:
        return True
    keys = [key_of(code) for code in areas]
    return any(key.startswith(asked) or asked.startswith(key) for key in keys)


_rule = past_reference.alias("of_rule")
_owner = past_reference.alias("of_owner")
_CONCERNED = (
    Statement(
        select(past_leika.c.entry_id).where(
            listed(past_leika.c.leika_key, "keys"), listed(past_leika.c.entry_id, "numbers")
        )
    ),
    Statement(
        select(_rule.c.entry_id)
        .join(past_leika, past_leika.c.entry_id == _rule.c.named_id)
        .where(listed(past_leika.c.leika_key, "keys"), listed(_rule.c.entry_id, "numbers"))
    ),
    Statement(
        select(_owner.c.named_id)
        .join(_rule, _rule.c.entry_id == _owner.c.entry_id)
        .join(past_leika, past_leika.c.entry_id == _rule.c.named_id)
        .where(listed(past_leika.c.leika_key, "keys"), listed(_owner.c.named_id, "numbers"))
        .distinct()
    ),
)
"""Descriptions of a service, what names these, and who is named there too: by all references that ever were."""


async def numbers_of_services(
    snapshot: Snapshot, numbers: Collection[int], keys: Collection[str]
) -> set[int]:
    """Which of some entries concern services with these keys."""
    concerned: set[int] = set()
    if numbers:
        for statement in _CONCERNED:
            found = await snapshot.rows(statement, keys=list(keys), numbers=sorted(numbers))
            concerned.update(row[0] for row in found)
    return concerned
