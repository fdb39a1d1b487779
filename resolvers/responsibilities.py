"""Who is responsible at a place, and why. The rule is in catalog_sync/catalog/matching.py."""

from collections.abc import Iterable, Sequence
from enum import Enum

from catalog_sync.catalog.keys import AreaKey, AreaLevel, level_of
from catalog_sync.catalog.language import LanguageTag, best
from catalog_sync.catalog.matching import COMPETENT_AUTHORITY, CONTACT_POINT, ONLINE_SERVICE, deepest
from catalog_sync.catalog.model import LocalText
from catalog_sync.catalog.records import (
    AuthorityRecord,
    Edge,
    OnlineServiceRecord,
    RuleRecord,
    ServiceEntryRecord,
    ServiceRecord,
)
from resolvers.context import Context, Info
from resolvers.places import known_place
from resolvers.provenance import of_record
from resolvers.views import OfferView, ProvenanceView, ResponsibilityView

German = LanguageTag("de")


class ResponsibilityRole(Enum):
    """As what an authority is named (rolle); the value is the stored number."""

    COMPETENT_AUTHORITY = COMPETENT_AUTHORITY
    CONTACT_POINT = CONTACT_POINT


Group = Sequence[ServiceEntryRecord]
"""The entries whose rules answer together: one entry, or all of a service."""


async def of_services(
    context: Context, parents: Sequence[ServiceRecord], area: AreaKey, role: ResponsibilityRole | None = None
) -> list[list[ResponsibilityView]]:
    """Of a service: the rules of all its live entries together."""
    return await _responsibilities(context, await entries_of(context, parents), area, role)


async def of_entries(
    context: Context,
    parents: Sequence[ServiceEntryRecord],
    area: AreaKey,
    role: ResponsibilityRole | None = None,
) -> list[list[ResponsibilityView]]:
    """Of an entry: the rules that name this entry, from whatever agency."""
    return await _responsibilities(context, [(parent,) for parent in parents], area, role)


async def offers_of_services(
    context: Context, parents: Sequence[ServiceRecord], area: AreaKey
) -> list[list[OfferView]]:
    """The online services of a service at a place."""
    groups = await entries_of(context, parents)
    return await offers(context, groups, area, [parent.leika_key for parent in parents])


async def offers_of_entries(
    context: Context, parents: Sequence[ServiceEntryRecord], area: AreaKey
) -> list[list[OfferView]]:
    """The online services of an entry at a place."""
    keys = [next(iter(parent.head.leika_keys), None) for parent in parents]
    return await offers(context, [(parent,) for parent in parents], area, keys)


async def entries_of(context: Context, parents: Sequence[ServiceRecord]) -> list[Group]:
    """The live entries of each service."""
    found = await context.reader.entries_of_services(parent.leika_key for parent in parents)
    return [found.get(parent.leika_key, ()) for parent in parents]


async def _edges(context: Context, groups: Sequence[Group], area: AreaKey) -> list[list[Edge]]:
    place = known_place(context, area)
    found = await context.reader.edges({entry.number for group in groups for entry in group}, place)
    return [[edge for entry in group for edge in found.get(entry.number, ())] for group in groups]


async def _responsibilities(
    context: Context, groups: Sequence[Group], area: AreaKey, role: ResponsibilityRole | None
) -> list[list[ResponsibilityView]]:
    roles = [role] if role else list(ResponsibilityRole)
    chosen = [
        [edge for wanted in roles for edge in deepest(edges, wanted.value)]
        for edges in await _edges(context, groups, area)
    ]
    records = await context.reader.entries(_named(chosen))
    answers = []
    for edges in chosen:
        views = []
        for edge in edges:
            rule, authority = records.get(edge.rule), records.get(edge.owner)
            if isinstance(rule, RuleRecord) and isinstance(authority, AuthorityRecord):
                views.append(ResponsibilityView(rule, authority, edge.area, edge.role))
        answers.append(views)
    return answers


async def offers(
    context: Context, groups: Sequence[Group], area: AreaKey, keys: Sequence[str | None]
) -> list[list[OfferView]]:
    """The online services that rules offer at a place, for each group of entries."""
    chosen = [deepest(edges, ONLINE_SERVICE) for edges in await _edges(context, groups, area)]
    records = await context.reader.entries(_named(chosen))
    answers = []
    for group, key, edges in zip(groups, keys, chosen, strict=True):
        entry_ids = {entry.number: str(entry.entry_id) for entry in group}
        views: dict[int, OfferView] = {}  # two entries of one service may offer the same online service
        for edge in edges:
            rule, online = records.get(edge.rule), records.get(edge.owner)
            if isinstance(rule, RuleRecord) and isinstance(online, OnlineServiceRecord):
                view = OfferView(rule, online, edge.area, area, key, entry_ids[edge.service])
                views.setdefault(online.number, view)
        answers.append(list(views.values()))
    return answers


def _named(chosen: Iterable[Sequence[Edge]]) -> set[int]:
    return {number for edges in chosen for edge in edges for number in (edge.rule, edge.owner)}


def role(root: ResponsibilityView) -> ResponsibilityRole:
    """As what the authority is named."""
    return ResponsibilityRole(root.role)


def matched_level(root: ResponsibilityView | OfferView) -> AreaLevel:
    """The level of the rule that won."""
    return level_of(root.area_key)


def provenance(root: ResponsibilityView, info: Info) -> ProvenanceView:
    """Where the rule comes from."""
    return of_record(info.context, root.rule, root.area_key)


_LEVELS = {
    AreaLevel.COUNTRY: ("ganz Deutschland", "all of Germany"),
    AreaLevel.STATE: ("das Land", "the state of"),
    AreaLevel.REGION: ("den Regierungsbezirk", "the region of"),
    AreaLevel.DISTRICT: ("den Kreis oder die kreisfreie Stadt", "the district or city of"),
    AreaLevel.ASSOCIATION: ("den Gemeindeverband", "the municipal association of"),
    AreaLevel.MUNICIPALITY: ("die Gemeinde", "the municipality of"),
}


def explanation(root: ResponsibilityView, info: Info, language: LanguageTag | None = German) -> str:
    """Why this authority: by which rule, for which area, of which source."""
    name = _name(root.authority.head.names, language)
    where_de, where_en = _where(root, info)
    source = info.context.sources[root.rule.source_number].name
    contact = root.role == CONTACT_POINT
    if _is_english(language):
        what = "point of contact" if contact else "competent authority"
        return f"{name} is the {what} because a rule of “{source}” names it for {where_en} ({root.rule.entry_id})."
    what = "Ansprechpunkt" if contact else "zuständig"
    rule = root.rule.entry_id
    return f"{name} ist {what}, weil eine Regel von „{source}“ diese Stelle für {where_de} nennt ({rule})."


def offer_explanation(root: OfferView, info: Info, language: LanguageTag | None = German) -> str:
    """Why this online service: by which rule, for which area, of which source."""
    name = _name(root.online_service.head.names, language) or str(root.online_service.entry_id)
    where_de, where_en = _where(root, info)
    source = info.context.sources[root.rule.source_number].name
    if _is_english(language):
        return f"{name} is offered here because a rule of “{source}” names it for {where_en} ({root.rule.entry_id})."
    rule = root.rule.entry_id
    return f"{name} gilt hier, weil eine Regel von „{source}“ den Onlinedienst für {where_de} nennt ({rule})."


def _where(root: ResponsibilityView | OfferView, info: Info) -> tuple[str, str]:
    german, english = _LEVELS[level_of(root.area_key)]
    if not root.area_key:
        return german, english
    area = info.context.areas.get(root.area_key)
    name = area.name if area else root.area_key
    return f"{german} {name}", f"{english} {name}"


def _name(names: Sequence[LocalText], language: LanguageTag | None) -> str:
    chosen = best(language, (name.language for name in names))
    return next((name.text for name in names if name.language == chosen), "")


def _is_english(language: LanguageTag | None) -> bool:
    return (language or "").casefold().startswith("en")
