"""The catalogue at rest. Times are microseconds since 1970 (UTC), days are ISO texts, areas are AreaCodes.

`entry` is the identity of every object that was ever named; `version` holds each content that was delivered for it;
all else is derived from the winning version, in the same transaction, and can be rebuilt from it. Texts are compared
and ordered by code point on both databases (``COLLATE "C"`` on PostgreSQL).

No foreign key points to an entry, a version or a source: none of them is ever deleted, one module writes all rows
that name them, in one transaction, and checking every reference of every row took an eighth of an import.
"""

from catalog_sync.catalog.tables.columns import metadata
from catalog_sync.catalog.tables.entries import (
    body,
    edge,
    entry,
    entry_area,
    entry_leika,
    rule,
    source,
    specialises,
    state,
    sync_batch,
    text_module,
    version,
)
from catalog_sync.catalog.tables.official import (
    area,
    area_list,
    area_postcode,
    area_successor,
    bundle_situation,
    leika_service,
    life_situation,
    ozg_bundle,
)
from catalog_sync.catalog.tables.past import (
    carried,
    change,
    deletion,
    holding,
    past_leika,
    past_reference,
    spared,
    swept,
)
from catalog_sync.catalog.tables.search import indexed_service, posting, search_state, thesaurus_entry

__all__ = [
    "area",
    "area_list",
    "area_postcode",
    "area_successor",
    "body",
    "bundle_situation",
    "carried",
    "change",
    "deletion",
    "edge",
    "entry",
    "entry_area",
    "entry_leika",
    "holding",
    "indexed_service",
    "leika_service",
    "life_situation",
    "metadata",
    "ozg_bundle",
    "past_leika",
    "past_reference",
    "posting",
    "rule",
    "search_state",
    "source",
    "spared",
    "specialises",
    "state",
    "swept",
    "sync_batch",
    "text_module",
    "thesaurus_entry",
    "version",
]
