"""What changed: pages of the feed, each change with the object as it is now."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from catalog_sync.catalog.areas import AreaRow
from catalog_sync.catalog.keys import AreaKey, EntryId, EntryKind
from catalog_sync.catalog.records import AuthorityRecord, OnlineServiceRecord, RuleRecord, ServiceEntryRecord
from catalog_sync.feed.cursors import START, Cursor, CursorGone
from catalog_sync.feed.pages import Item, read_page
from resolvers import areas as places
from resolvers.context import Context, Info
from resolvers.errors import BadArgument
from resolvers.paging import MAX_PAGE
from resolvers.views import ConnectionView, EdgeView, OfferView, PageInfoView, ResponsibilityView, moment


async def found(
    context: Context,
    parents: Sequence[None],
    after: Cursor | None = None,
    area: AreaKey | None = None,
    first: int | None = None,
) -> list[ConnectionView]:
    """Changes behind a cursor, in order; those that concern an area when one is named."""
    if first is None or not 1 <= first <= MAX_PAGE:
        raise BadArgument("BAD_PAGE_SIZE", f"Say how many: `first`, a number from 1 to {MAX_PAGE}.")
    begin = START if after is None else after
    try:
        page = await read_page(context.reader, begin, area=area, limit=first)
    except CursorGone as error:
        raise BadArgument(error.code, error.sentence) from error
    edges = [EdgeView(str(item.cursor), item) for item in page.items]
    info = PageInfoView(
        has_next_page=page.more,
        has_previous_page=begin.position > 0,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=str(page.cursor),
    )
    return [ConnectionView(edges, info, len(edges))] * len(parents)


def at(root: Item) -> datetime | None:
    """When it began to answer here, or ceased to."""
    return moment(root.at)


def changed_at(root: Item) -> datetime | None:
    """The office's date."""
    return moment(root.changed_at)


def received_at(root: Item) -> datetime | None:
    """When the version came here first."""
    return moment(root.received_at)


def areas(root: Item, info: Info) -> list[AreaRow]:
    """Where an answer may differ."""
    return places.of_keys(info.context, root.areas)


class Numbered(Protocol):
    """What tells an object by its number in the tables."""

    @property
    def number(self) -> int:
        """The object's number."""
        ...


async def entries(context: Context, parents: Sequence[Numbered]) -> list[Any]:
    """The objects as they are now; null where one is gone."""
    records = await context.reader.entries({parent.number for parent in parents})
    rules = [record for record in records.values() if isinstance(record, RuleRecord)]
    views = await _rule_views(context, rules) if rules else {}
    return [views.get(parent.number, _no_rule(records.get(parent.number))) for parent in parents]


def _no_rule(record: Any) -> Any:
    return None if isinstance(record, RuleRecord) else record


async def _rule_views(
    context: Context, rules: Sequence[RuleRecord]
) -> dict[int, ResponsibilityView | OfferView]:
    """Rules as answers for their first areas, those whose owner is there."""
    owners = {rule.number: _owner(rule) for rule in rules}
    services = {rule.number: _service(rule) for rule in rules}
    known = await context.reader.entries_by_id({*owners.values(), *services.values()})
    views: dict[int, ResponsibilityView | OfferView] = {}
    for rule in rules:
        owner, service = known.get(owners[rule.number]), known.get(services[rule.number])
        area = rule.head.areas[0]
        if isinstance(owner, AuthorityRecord):
            views[rule.number] = ResponsibilityView(rule, owner, area, rule.head.role)
        elif isinstance(owner, OnlineServiceRecord):
            keys = service.head.leika_keys if isinstance(service, ServiceEntryRecord) else ()
            name = str(services[rule.number])
            views[rule.number] = OfferView(rule, owner, area, area, next(iter(keys), None), name)
    return views


def _owner(rule: RuleRecord) -> EntryId:
    kind, agency, value = rule.head.owner
    return EntryId(agency, EntryKind(kind), value)


def _service(rule: RuleRecord) -> EntryId:
    return EntryId(rule.head.service[0], EntryKind.SERVICE_ENTRY, rule.head.service[1])
