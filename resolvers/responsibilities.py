"""Who is responsible at a place, and why. The rule is in catalog_sync/catalog/matching.py."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import Enum

from catalog_sync.catalog.areas import Place
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
from resolvers.batches import once
from resolvers.context import Context, Info
from resolvers.moments import When, at_their_moments, when
from resolvers.places import known_place, succession
from resolvers.provenance import of_record
from resolvers.views import OfferView, ProvenanceView, ResponsibilityView

German = LanguageTag("de")


class ResponsibilityRole(Enum):
    """As what an authority is named (rolle); the value is the stored number."""

    COMPETENT_AUTHORITY = COMPETENT_AUTHORITY
    CONTACT_POINT = CONTACT_POINT


_VIEW = 600
"""Bytes of what one rule says, with its key."""
Group = Sequence[ServiceEntryRecord]
"""The entries whose rules answer together: one entry, or all of a service."""


async def of_services(
    context: Context,
    parents: Sequence[ServiceRecord],
    area: AreaKey,
    role: ResponsibilityRole | None = None,
    as_of: datetime | None = None,
) -> list[list[ResponsibilityView]]:
    """Of a service: the rules of all its live entries together."""
    at = when(context, as_of)
    place = known_place(context, area, at.day)
    return await _responsibilities(context, await entries_of(context, parents, at), place, role)


async def of_entries(
    context: Context,
    parents: Sequence[ServiceEntryRecord],
    area: AreaKey,
    role: ResponsibilityRole | None = None,
    as_of: datetime | None = None,
) -> list[list[ResponsibilityView]]:
    """Of an entry: the rules that name this entry, from whatever agency."""

    async def answer(
        at: When, entries: Sequence[ServiceEntryRecord | None]
    ) -> list[list[ResponsibilityView]]:
        place = known_place(context, area, at.day)
        return await _responsibilities(context, _each(entries), place, role)

    return await at_their_moments(context, parents, as_of, answer)


@once
async def offers_of_services(
    context: Context, parents: Sequence[ServiceRecord], area: AreaKey, as_of: datetime | None = None
) -> list[list[OfferView]]:
    """The online services of a service at a place."""
    at = when(context, as_of)
    groups = await entries_of(context, parents, at)
    place = known_place(context, area, at.day)
    return await offers(context, groups, place, [parent.leika_key for parent in parents])


async def offers_of_entries(
    context: Context, parents: Sequence[ServiceEntryRecord], area: AreaKey, as_of: datetime | None = None
) -> list[list[OfferView]]:
    """The online services of an entry at a place."""

    async def answer(at: When, entries: Sequence[ServiceEntryRecord | None]) -> list[list[OfferView]]:
        place = known_place(context, area, at.day)
        keys = [next(iter(entry.head.leika_keys), None) if entry else None for entry in entries]
        return await offers(context, _each(entries), place, keys)

    return await at_their_moments(context, parents, as_of, answer)


async def entries_of(
    context: Context, parents: Sequence[ServiceRecord], at: When | None = None
) -> list[Group]:
    """The live entries of each service, today or at a moment."""
    catalogue = (at.past if at else None) or context.reader
    found = await catalogue.entries_of_services(parent.leika_key for parent in parents)
    return [found.get(parent.leika_key, ()) for parent in parents]


def _each(entries: Sequence[ServiceEntryRecord | None]) -> list[Group]:
    return [() if entry is None else (entry,) for entry in entries]


async def _edges(context: Context, groups: Sequence[Group], place: Place) -> list[list[Edge]]:
    found = await context.reader.edges({entry.number for group in groups for entry in group}, place.key)
    return [[edge for entry in group for edge in found.get(entry.number, ())] for group in groups]


async def _responsibilities(
    context: Context, groups: Sequence[Group], place: Place, role: ResponsibilityRole | None
) -> list[list[ResponsibilityView]]:
    roles = [role] if role else list(ResponsibilityRole)
    chosen = [
        [edge for wanted in roles for edge in deepest(edges, wanted.value)]
        for edges in await _edges(context, groups, place)
    ]
    views = await _views(context, {edge for edges in chosen for edge in edges}, place)
    return [[view for edge in edges if (view := views[edge]) is not None] for edges in chosen]


async def _views(
    context: Context, edges: Iterable[Edge], place: Place
) -> dict[Edge, ResponsibilityView | None]:
    """What rules say; None where the rule or who acts is not there. For an area of today the place does not matter."""
    kept = None if place.gone else context.kept.made
    found: dict[Edge, ResponsibilityView | None] = {}
    missing = []
    for edge in edges:
        known = kept.get(("rule", edge)) if kept is not None and edge.rule >= 0 else None
        if known is None:
            missing.append(edge)
        else:
            found[edge] = known[0]
    records = await context.reader.entries(_named([missing])) if missing else {}
    for edge in missing:
        rule, authority = records.get(edge.rule), records.get(edge.owner)
        lasts = kept is not None and edge.rule >= 0
        found[edge] = None
        if isinstance(rule, RuleRecord) and isinstance(authority, AuthorityRecord):
            asked = None if lasts else place
            found[edge] = ResponsibilityView(rule, authority, edge.area, edge.role, asked, lasts)
        if kept is not None and lasts:
            kept.put(("rule", edge), (found[edge],), _VIEW)
    return found


async def offers(
    context: Context, groups: Sequence[Group], place: Place, keys: Sequence[str | None]
) -> list[list[OfferView]]:
    """The online services that rules offer at a place, for each group of entries."""
    chosen = [deepest(edges, ONLINE_SERVICE) for edges in await _edges(context, groups, place)]
    records = await context.reader.entries(_named(chosen))
    answers = []
    for group, key, edges in zip(groups, keys, chosen, strict=True):
        entry_ids = {entry.number: str(entry.entry_id) for entry in group} if edges else {}
        views: dict[int, OfferView] = {}  # two entries of one service may offer the same online service
        for edge in edges:
            rule, online = records.get(edge.rule), records.get(edge.owner)
            if isinstance(rule, RuleRecord) and isinstance(online, OnlineServiceRecord):
                view = OfferView(rule, online, edge.area, place.key, key, entry_ids[edge.service], place)
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
    contact, rule = root.role == CONTACT_POINT, root.rule.entry_id
    english = _is_english(language)
    moved = succession(root.asked, english=english)
    if english:
        what = "point of contact" if contact else "competent authority"
        return f"{name} is the {what} because a rule of “{source}” names it for {where_en} ({rule}).{moved}"
    what = "Ansprechpunkt" if contact else "zuständig"
    return f"{name} ist {what}, weil eine Regel von „{source}“ diese Stelle für {where_de} nennt ({rule}).{moved}"


def offer_explanation(root: OfferView, info: Info, language: LanguageTag | None = German) -> str:
    """Why this online service: by which rule, for which area, of which source."""
    name = _name(root.online_service.head.names, language) or str(root.online_service.entry_id)
    where_de, where_en = _where(root, info)
    source = info.context.sources[root.rule.source_number].name
    english, rule = _is_english(language), root.rule.entry_id
    moved = succession(root.asked, english=english)
    if english:
        return f"{name} is offered here because a rule of “{source}” names it for {where_en} ({rule}).{moved}"
    return f"{name} gilt hier, weil eine Regel von „{source}“ den Onlinedienst für {where_de} nennt ({rule}).{moved}"


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
