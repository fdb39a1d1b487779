"""Things by their name: an entry by its flat identifier, any node by its global id."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import strawberry

from catalog_sync.catalog.keys import EntryId, EntryKind, parse_ars, parse_entry_id, parse_leika_key
from catalog_sync.catalog.past import Past
from catalog_sync.catalog.records import AuthorityRecord, OnlineServiceRecord, RuleRecord, ServiceEntryRecord
from catalog_sync.errors import CatalogError
from resolvers import sources
from resolvers.context import Context
from resolvers.errors import BadArgument
from resolvers.identifiers import entry_id_of, parse_global_id
from resolvers.moments import when, when_of
from resolvers.views import OfferView, ResponsibilityView

ENTRY_TYPES = {
    "ServiceEntry": EntryKind.SERVICE_ENTRY,
    "ServiceSpecialisation": EntryKind.SPECIALISATION,
    "Authority": EntryKind.AUTHORITY,
    "OnlineService": EntryKind.ONLINE_SERVICE,
    "Responsibility": EntryKind.RESPONSIBILITY,
    "OnlineServiceOffer": EntryKind.RESPONSIBILITY,
}


async def entry(
    context: Context, parents: Sequence[None], id: EntryId, as_of: datetime | None = None
) -> list[Any]:
    """The live object of a flat identifier; null when it is absent or deleted, or was so at the moment."""
    return [await _shown(context, id, when(context, as_of).past)] * len(parents)


async def authority(context: Context, parents: Sequence[None], id: strawberry.ID) -> list[Any]:
    """An authority by its global id or flat identifier."""
    return [await _shown(context, entry_id_of(id, EntryKind.AUTHORITY, "Authority"))] * len(parents)


async def online_service(context: Context, parents: Sequence[None], id: strawberry.ID) -> list[Any]:
    """An online service by its global id or flat identifier."""
    return [await _shown(context, entry_id_of(id, EntryKind.ONLINE_SERVICE, "OnlineService"))] * len(parents)


async def source(context: Context, parents: Sequence[None], id: strawberry.ID) -> list[Any]:
    """A source by its key or global id."""
    return [sources.by_name(context, id)] * len(parents)


async def node(context: Context, parents: Sequence[None], id: strawberry.ID) -> list[Any]:
    """Any node by its global id; null when it is not there any more."""
    type_name, name = parse_global_id(id)
    try:
        found = await _node(context, type_name, name)
    except CatalogError as error:
        raise BadArgument(error.code, error.sentence) from error
    return [found] * len(parents)


async def _node(context: Context, type_name: str, name: str) -> Any:
    if type_name in ENTRY_TYPES:
        entry_id = parse_entry_id(name)
        return await _shown(context, entry_id) if entry_id.kind is ENTRY_TYPES[type_name] else None
    if type_name == "Service":
        key = parse_leika_key(name)
        return (await context.reader.services([key])).get(key)
    if type_name == "Area":
        return context.areas.get(parse_ars(name))
    if type_name == "Source":
        return sources.by_name(context, name)
    raise BadArgument("BAD_ID", f"There is no type {type_name} with an id in this graph.")


async def _shown(context: Context, entry_id: EntryId, past: Past | None = None) -> Any:
    record = (await (past or context.reader).entries_by_id([entry_id])).get(entry_id)
    return await rule_view(context, record) if isinstance(record, RuleRecord) else record


async def rule_view(context: Context, rule: RuleRecord) -> ResponsibilityView | OfferView | None:
    """A rule as an answer for its first area; null while the one who acts is missing."""
    catalogue = when_of(context, rule).past or context.reader
    kind, agency, value = rule.head.owner
    owner_id = EntryId(agency, EntryKind(kind), value)
    owner = (await catalogue.entries_by_id([owner_id])).get(owner_id)
    area = rule.head.areas[0]
    if isinstance(owner, AuthorityRecord):
        return ResponsibilityView(rule, owner, area, rule.head.role)
    if isinstance(owner, OnlineServiceRecord):
        service = EntryId(rule.head.service[0], EntryKind.SERVICE_ENTRY, rule.head.service[1])
        entry = (await catalogue.entries_by_id([service])).get(service)
        keys = entry.head.leika_keys if isinstance(entry, ServiceEntryRecord) else ()
        return OfferView(rule, owner, area, area, next(iter(keys), None), str(service))
    return None
