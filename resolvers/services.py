"""A service of the national catalogue: what all offices' entries with one key are about."""

from collections.abc import Callable, Hashable, Sequence
from datetime import date, datetime
from enum import Enum
from functools import partial
from typing import TypeVar

from catalog_sync.catalog.keys import AreaKey, LeikaKey
from catalog_sync.catalog.language import LanguageTag, best
from catalog_sync.catalog.layers import holding, layers_at
from catalog_sync.catalog.merging import merged_title
from catalog_sync.catalog.records import BundleRecord, ServiceEntryRecord, ServiceRecord, SituationRecord
from resolvers.context import Context
from resolvers.moments import when
from resolvers.places import known_place
from resolvers.responsibilities import Group, entries_of

T = TypeVar("T")
German = LanguageTag("de")
_SMALL = 400
"""Bytes of a title or a short list, with its key."""


class Audience(Enum):
    """For whom a service is; the value is the code of urn:xoev-de:fim:codeliste:leistungsadressat."""

    CITIZEN = "001"
    BUSINESS = "002"
    ADMINISTRATION = "003"


_AUDIENCES = {audience.value: audience for audience in Audience}


async def by_key(context: Context, keys: Sequence[LeikaKey]) -> list[ServiceRecord | None]:
    """The services of some keys; None where neither the catalogue nor a live entry names one."""
    found = await context.reader.services(keys)
    return [found.get(key) for key in keys]


async def title(
    context: Context, parents: Sequence[ServiceRecord], language: LanguageTag | None = German
) -> list[str]:
    """What it is called: the base text's title, else the catalogue's, else that of an entry."""
    return await _made(
        context, parents, ("title", language, context.day), partial(_title, context.day, language)
    )


async def _made(
    context: Context,
    parents: Sequence[ServiceRecord],
    name: Hashable,
    make: Callable[[ServiceRecord, Group], T],
) -> list[T]:
    """A value of each service that its entries of today alone decide; kept as long as the catalogue stays the same."""
    kept = context.kept.made
    found = [kept.get((name, parent.leika_key)) for parent in parents]
    if None in found:
        for place, entries in enumerate(await entries_of(context, parents)):
            if found[place] is None:
                found[place] = (make(parents[place], entries),)
                kept.put((name, parents[place].leika_key), found[place], _SMALL)
    return [one[0] for one in found if one is not None]


def _title(day: date, language: LanguageTag | None, service: ServiceRecord, entries: Group) -> str:
    layers = layers_at(entries, {}, None, day)
    chosen = merged_title(layers.chosen, language) if layers else None
    return (
        chosen.text if chosen else service.listed_title or _any_title(entries, language) or service.leika_key
    )


def _any_title(entries: Sequence[ServiceEntryRecord], language: LanguageTag | None) -> str | None:
    for entry in entries:
        if (chosen := best(language, entry.head.titles)) is not None:
            return entry.head.titles[chosen]
    return None


async def regulatory_types(context: Context, parents: Sequence[ServiceRecord]) -> list[list[str]]:
    """The catalogue's types; those of the entries for a service that it does not list."""
    return await _made(context, parents, "types", _types)


def _types(service: ServiceRecord, entries: Group) -> list[str]:
    codes = service.listed_types or tuple(code for entry in entries for code in entry.head.regulatory_types)
    return sorted(set(codes))


async def audiences(context: Context, parents: Sequence[ServiceRecord]) -> list[list[Audience]]:
    """For whom it is, as the entries say."""
    return await _made(context, parents, "audiences", lambda _, entries: audiences_of(entries))


def audiences_of(entries: Sequence[ServiceEntryRecord]) -> list[Audience]:
    """The audiences that entries name, in order of their codes."""
    codes = {code for entry in entries for code in entry.head.audiences}
    return [_AUDIENCES[code] for code in sorted(codes) if code in _AUDIENCES]


async def ozg_bundle(context: Context, parents: Sequence[ServiceRecord]) -> list[BundleRecord | None]:
    """The OZG bundle that it belongs to."""
    found = await context.reader.bundles(p.bundle_id for p in parents if p.bundle_id)
    return [found.get(p.bundle_id or "") for p in parents]


async def life_situations(
    context: Context, parents: Sequence[ServiceRecord]
) -> list[tuple[SituationRecord, ...]]:
    """The situations of its bundle."""
    found = await context.reader.situations(p.bundle_id for p in parents if p.bundle_id)
    return [found.get(p.bundle_id or "", ()) for p in parents]


async def all_situations(context: Context, parents: Sequence[None]) -> list[list[SituationRecord]]:
    """Every life situation that has services, the one with most of them first."""
    return [await context.reader.all_situations()] * len(parents)


async def entries(
    context: Context,
    parents: Sequence[ServiceRecord],
    area: AreaKey | None = None,
    as_of: datetime | None = None,
) -> list[list[ServiceEntryRecord]]:
    """Who describes it; with an area what holds there today, most specific first."""
    at = when(context, as_of)
    groups = await entries_of(context, parents, at)
    if area is None:
        return [list(group) for group in groups]
    place = known_place(context, area, at.day).key
    return [[record for _, record in holding(group, place, at.day)] for group in groups]
