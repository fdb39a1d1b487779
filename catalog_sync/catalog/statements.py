"""All reads of the catalogue's answer, as text compiled once. Each is bounded by the keys it is given."""

from sqlalchemy import bindparam, func, select

from catalog_sync.catalog.reading import Statement, listed, named
from catalog_sync.catalog.tables import (
    body,
    bundle_situation,
    edge,
    entry,
    entry_leika,
    leika_service,
    life_situation,
    ozg_bundle,
    search_state,
    source,
    specialises,
    state,
    text_module,
)

_entry_columns = (
    entry.c.id,
    entry.c.kind,
    entry.c.agency,
    entry.c.value,
    entry.c.source_id,
    entry.c.version_label,
    entry.c.changed_at,
    entry.c.received_at,
    entry.c.approved_at,
    entry.c.head,
)
_module_columns = (
    text_module.c.entry_id,
    text_module.c.ordinal,
    text_module.c.code,
    text_module.c.language,
    text_module.c.html,
    text_module.c.links,
)

SOURCES = Statement(
    select(
        source.c.id, source.c.key, source.c.name, source.c.agencies, source.c.areas, source.c.fresh_at
    ).order_by(source.c.key)
)

SERVICES = Statement(
    select(
        leika_service.c.leika_key,
        leika_service.c.title,
        leika_service.c.regulatory_types,
        leika_service.c.bundle_id,
    ).where(listed(leika_service.c.leika_key, "keys"))
)

ENTRIES_OF_SERVICES = Statement(
    select(entry_leika.c.leika_key, *_entry_columns)
    .join(entry, entry.c.id == entry_leika.c.entry_id)
    .where(listed(entry_leika.c.leika_key, "keys"), entry.c.live)
    .order_by(entry.c.agency, entry.c.value)
)

ENTRIES = Statement(select(*_entry_columns).where(listed(entry.c.id, "numbers"), entry.c.live))

ENTRIES_BY_NAME = Statement(
    select(*_entry_columns).where(
        entry.c.kind == bindparam("kind"), named(entry.c.agency, entry.c.value, "names"), entry.c.live
    )
)

SPECIALISATIONS = Statement(
    select(specialises.c.service_id, *_entry_columns)
    .join(entry, entry.c.id == specialises.c.entry_id)
    .where(listed(specialises.c.service_id, "numbers"), entry.c.live)
)

FACTS = Statement(select(body.c.entry_id, body.c.facts).where(listed(body.c.entry_id, "numbers")))

MODULES = Statement(
    select(*_module_columns)
    .where(listed(text_module.c.entry_id, "numbers"))
    .order_by(text_module.c.entry_id, text_module.c.ordinal)
)

MODULES_OF_CODES = Statement(
    select(*_module_columns)
    .where(listed(text_module.c.entry_id, "numbers"), listed(text_module.c.code, "codes"))
    .order_by(text_module.c.entry_id, text_module.c.ordinal)
)

EDGES = Statement(
    select(edge.c.service_id, edge.c.area, edge.c.role, edge.c.owner_id, edge.c.rule_id).where(
        listed(edge.c.service_id, "services"), listed(edge.c.area, "areas")
    )
)

BUNDLES = Statement(select(ozg_bundle.c.id, ozg_bundle.c.name).where(listed(ozg_bundle.c.id, "numbers")))

SITUATIONS = Statement(
    select(bundle_situation.c.bundle_id, life_situation.c.id, life_situation.c.name)
    .join(life_situation, life_situation.c.id == bundle_situation.c.situation_id)
    .where(listed(bundle_situation.c.bundle_id, "numbers"))
    .order_by(life_situation.c.name)
)

ALL_SITUATIONS = Statement(
    select(life_situation.c.id, life_situation.c.name)
    .join(bundle_situation, bundle_situation.c.situation_id == life_situation.c.id)
    .join(leika_service, leika_service.c.bundle_id == bundle_situation.c.bundle_id)
    .group_by(life_situation.c.id, life_situation.c.name)
    .order_by(func.count().desc(), life_situation.c.name)
)

COUNTS = Statement(select(entry.c.kind, func.count()).where(entry.c.live).group_by(entry.c.kind))

STATE = Statement(
    select(
        select(func.max(state.c.position)).scalar_subquery(),
        select(func.max(state.c.areas_version)).scalar_subquery(),
        select(func.max(state.c.epoch)).scalar_subquery(),
        # The index and the thesaurus are written anew without raising the position.
        select(func.max(search_state.c.changed)).scalar_subquery(),
        select(func.max(search_state.c.thesaurus)).scalar_subquery(),
        # A delivery that changes nothing is taken without raising the position.
        select(func.max(source.c.fresh_at)).scalar_subquery(),
    )
)
