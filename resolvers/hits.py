"""What a search tells beside its hits: counts, other questions, why each is there, and what of it was asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog_sync.catalog.areas import AreaRow
from catalog_sync.catalog.keys import AreaKey
from catalog_sync.catalog.language import LanguageTag, best
from catalog_sync.catalog.layers import holding
from catalog_sync.catalog.records import BundleRecord, ServiceEntryRecord, ServiceRecord
from catalog_sync.search.advising import did_you_mean as other_questions
from catalog_sync.search.advising import nearest_bundles as bundles_near
from catalog_sync.search.asking import How
from catalog_sync.search.explaining import Explanation, Match, explained
from catalog_sync.search.fields import Field
from catalog_sync.search.filtering import Facets
from catalog_sync.search.filtering import facets as counted
from catalog_sync.search.finding import Found
from catalog_sync.search.highlighting import Segment, highlighted, marked_stems
from identity.assurance import AssuranceLevel
from resolvers.assurance import codes_enough_with
from resolvers.context import Context, Info
from resolvers.responsibilities import entries_of
from resolvers.services import Audience, German
from resolvers.services import title as titles
from resolvers.views import PageInfoView

__all__ = ["Field", "How", "Match"]


@dataclass(frozen=True, slots=True)
class HitView:
    """One hit of a page."""

    cursor: str
    node: ServiceRecord
    found: Found


@dataclass(frozen=True, slots=True)
class HitsView:
    """A page of hits, with the search that found them."""

    edges: Sequence[HitView]
    page_info: PageInfoView
    total_count: int
    found: Found


@dataclass(frozen=True, slots=True)
class CountView:
    """A value to filter by, and how many hits have it."""

    value: Any
    count: int


@dataclass(frozen=True, slots=True)
class FacetsView:
    """The counts of one search."""

    audiences: Sequence[CountView]
    life_situations: Sequence[CountView]
    policy_fields: Sequence[CountView]
    online: Sequence[CountView] | None
    assurance_levels: Sequence[CountView]


@dataclass(frozen=True, slots=True)
class WhyView:
    """Why a service is a hit."""

    explanation: Explanation
    relative: ServiceRecord | None


@dataclass(frozen=True, slots=True)
class HighlightsView:
    """A hit's title and summary in pieces."""

    title: Sequence[Segment]
    summary: Sequence[Segment]


async def facets(context: Context, parents: Sequence[HitsView]) -> list[FacetsView]:
    """How many hits have each value, with all other filters applied."""
    situations = {row.number: row for row in await context.reader.all_situations()}
    answers = []
    for parent in parents:
        found = parent.found
        place = found.filters.offered_at
        numbers = await counted(
            context.reader, found.generation, found.answer.everything, found.filters, place
        )
        answers.append(_facets(numbers, situations))
    return answers


def _facets(numbers: Facets, situations: Mapping[str, Any]) -> FacetsView:
    audiences = {one.value: one for one in Audience}
    return FacetsView(
        audiences=_counts(numbers.audiences, audiences),
        life_situations=_counts(numbers.situations, situations),
        policy_fields=_counts(numbers.policy_fields, {name: name for name in numbers.policy_fields}),
        online=_online(numbers.online),
        assurance_levels=_levels(numbers),
    )


def _counts(numbers: Mapping[str, int], values: Mapping[str, Any]) -> list[CountView]:
    ordered = sorted(numbers.items(), key=lambda one: (-one[1], one[0]))
    return [CountView(values[code], number) for code, number in ordered if code in values]


def _online(online: tuple[int, int] | None) -> list[CountView] | None:
    if online is None:
        return None
    return [CountView(value, number) for value, number in zip((True, False), online, strict=True) if number]


def _levels(numbers: Facets) -> list[CountView]:
    """How many can be started with each level: who has a higher one can start those of the lower ones too."""
    found = []
    for level in AssuranceLevel:
        enough = codes_enough_with(level)
        number = sum(count for codes, count in numbers.assurances.items() if not enough.isdisjoint(codes))
        if number:
            found.append(CountView(level, number))
    return found


async def did_you_mean(context: Context, parents: Sequence[HitsView]) -> list[list[str]]:
    """The question with corrected words."""
    return [other_questions(context.search, parent.found) for parent in parents]


async def nearest_bundles(context: Context, parents: Sequence[HitsView]) -> list[list[BundleRecord]]:
    """Bundles near by where nothing was found."""
    groups = [bundles_near(context.search, parent.found) for parent in parents]
    known = await context.reader.bundles(number for group in groups for number in group)
    return [[known[number] for number in group if number in known] for group in groups]


def place(root: HitsView, info: Info) -> AreaRow | None:
    """The area that the question names."""
    return None if root.found.place is None else info.context.areas.get(root.found.place)


async def why(context: Context, parents: Sequence[HitView]) -> list[WhyView | None]:
    """Why each is a hit."""
    found = [explained(parent.found, context.search, parent.node.leika_key) for parent in parents]
    relatives = await context.reader.services(one.relative for one in found if one and one.relative)
    return [WhyView(one, relatives.get(one.relative or "")) if one else None for one in found]


async def highlights(
    context: Context, parents: Sequence[HitView], language: LanguageTag | None = German
) -> list[HighlightsView]:
    """Title and summary with what was asked for marked."""
    services = [parent.node for parent in parents]
    found = [explained(parent.found, context.search, parent.node.leika_key) for parent in parents]
    texts = await titles(context, services, language)
    answers = []
    for parent, title, one, entries in zip(
        parents, texts, found, await entries_of(context, services), strict=True
    ):
        stems = marked_stems(one.parts) if one else frozenset()
        text = _summary(entries, parent.found.filters.offered_at, context, language)
        answers.append(HighlightsView(highlighted(title, stems), highlighted(text, stems)))
    return answers


def _summary(
    entries: Sequence[ServiceEntryRecord],
    place: AreaKey | None,
    context: Context,
    language: LanguageTag | None,
) -> str:
    """The summary of the most specific entry that has one, else of any; empty where none has."""
    here = [entry for _, entry in holding(entries, place, context.day)]
    for entry in (*here, *entries):
        if (chosen := best(language, entry.head.summaries)) is not None:
            return entry.head.summaries[chosen]
    return ""
