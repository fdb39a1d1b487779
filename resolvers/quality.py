"""Quality: what an office should look at, as numbers, as pages, and on a description."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NoBase64
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, TypeVar

from catalog_sync.catalog.keys import EntryId
from catalog_sync.catalog.language import DEFAULT, LanguageTag, best
from catalog_sync.catalog.records import (
    AuthorityRecord,
    OnlineServiceRecord,
    ServiceEntryRecord,
    SourceRecord,
    SpecialisationRecord,
)
from catalog_sync.quality.reading import Finding, Findings, count, find, rules_of
from catalog_sync.quality.rules import QualityRule, two_years_before
from resolvers import changes
from resolvers.context import Context, Info
from resolvers.errors import BadArgument
from resolvers.moments import BERLIN
from resolvers.paging import MAX_PAGE
from resolvers.quality_words import detail_of
from resolvers.views import EdgeView, PageInfoView

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class QualityView:
    """A source's quality; texts changed before `older_than` (a day in Berlin) are outdated."""

    source: SourceRecord
    older_than: date


@dataclass(frozen=True, slots=True)
class CountView:
    """How many objects a rule finds."""

    rule: QualityRule
    number: int


@dataclass(frozen=True, slots=True)
class FindingsView:
    """A page of what a rule finds; the total is counted when it is asked for."""

    quality: QualityView
    rule: QualityRule
    edges: Sequence[EdgeView]
    page_info: PageInfoView


def of_source(root: SourceRecord, info: Info, older_than: date | None = None) -> QualityView:
    """What an office should look at; texts count as old after two years where no day is named.

    Raises:
        BadArgument: TOO_LARGE where an operation asks for several sources or days.
    """
    view = QualityView(root, older_than or two_years_before(info.context.day))
    asked = (root.number, view.older_than)
    if info.context.judged not in (None, asked):
        raise BadArgument(
            "TOO_LARGE",
            "Quality is worked out for one source and one day in an operation. Ask for others in further ones.",
        )
    info.context.judged = asked
    return view


async def counts(context: Context, parents: Sequence[QualityView]) -> list[list[CountView]]:
    """Of each rule how many objects it finds, also where there is none."""
    numbers = {rule: await _counted(context, parents, rule) for rule in QualityRule}
    return [
        [CountView(rule, found[place]) for rule, found in numbers.items()] for place in range(len(parents))
    ]


async def total_count(context: Context, parents: Sequence[FindingsView]) -> list[int]:
    """How many objects the rule finds in all."""
    answers: dict[int, int] = {}
    for rule in {parent.rule for parent in parents}:
        mine = [place for place, parent in enumerate(parents) if parent.rule is rule]
        found = await _counted(context, [parents[place].quality for place in mine], rule)
        answers |= zip(mine, found, strict=True)
    return [answers[place] for place in range(len(parents))]


async def _counted(context: Context, parents: Sequence[QualityView], rule: QualityRule) -> list[int]:
    async def read(sources: list[int], before: int) -> Mapping[int, int]:
        found = await count(context.reader, context.links, rule, sources, before)
        return {source: found.get(source, 0) for source in sources}

    return await _by_day(parents, read)


async def findings(
    context: Context, parents: Sequence[QualityView], rule: QualityRule, first: int, after: str | None = None
) -> list[FindingsView]:
    """A page of what a rule finds, in the order in which the objects came first."""
    if not 1 <= first <= MAX_PAGE:
        raise BadArgument("BAD_PAGE_SIZE", f"`first` is {first}; it can be 1 to {MAX_PAGE}.")
    begin = 0 if after is None else _number_of(after)

    async def read(sources: list[int], before: int) -> Mapping[int, Findings]:
        return await find(context.reader, context.links, rule, sources, before, after=begin, limit=first)

    pages = await _by_day(parents, read)
    return [_page(parent, rule, page, begin) for parent, page in zip(parents, pages, strict=True)]


def _page(parent: QualityView, rule: QualityRule, page: Findings, begin: int) -> FindingsView:
    edges = [EdgeView(_cursor(item.number), item) for item in page.items]
    info = PageInfoView(
        has_next_page=page.more,
        has_previous_page=begin > 0,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return FindingsView(parent, rule, edges, info)


async def _by_day(
    parents: Sequence[QualityView], read: Callable[[list[int], int], Awaitable[Mapping[int, V]]]
) -> list[V]:
    """Read for all sources that are asked about with the same day at once."""
    found: dict[date, Mapping[int, V]] = {}
    for day in {parent.older_than for parent in parents}:
        sources = sorted({parent.source.number for parent in parents if parent.older_than == day})
        found[day] = await read(sources, beginning_of(day))
    return [found[parent.older_than][parent.source.number] for parent in parents]


async def of_entries(
    context: Context, parents: Sequence[ServiceEntryRecord], older_than: date | None = None
) -> list[list[QualityRule]]:
    """The rules that find each description."""
    before = beginning_of(older_than or two_years_before(context.day))
    return await rules_of(context.reader, context.links, parents, before)


def beginning_of(day: date) -> int:
    """When a day begins in Berlin, in microseconds since 1970, UTC."""
    return int(datetime.combine(day, time(), BERLIN).astimezone(UTC).timestamp()) * 1_000_000


def entry_id(root: Finding) -> EntryId:
    """The object's flat identifier."""
    return root.record.entry_id


def title(root: Finding, language: LanguageTag | None = DEFAULT) -> str | None:
    """What people know the object by; null where it has no words of its own, as a responsibility has none."""
    titles = _titles(root)
    chosen = best(language, titles)
    return None if chosen is None else titles[chosen]


def _titles(root: Finding) -> Mapping[str, str]:
    record = root.record
    if isinstance(record, ServiceEntryRecord | SpecialisationRecord):
        return record.head.titles
    if isinstance(record, OnlineServiceRecord | AuthorityRecord):
        return {name.language: name.text for name in reversed(record.head.names)}
    return {}


def detail(root: Finding, language: LanguageTag | None = DEFAULT) -> str:
    """What is wanting, in German or English."""
    return detail_of(root, language)


async def entries(context: Context, parents: Sequence[Finding]) -> list[Any]:
    """The objects; null for a responsibility while who acts is not there."""
    return await changes.entries(context, parents)


def _cursor(number: int) -> str:
    return urlsafe_b64encode(f"q{number}".encode()).decode().rstrip("=")


def _number_of(cursor: str) -> int:
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (NoBase64, ValueError):
        text = ""
    if not text.startswith("q") or not text[1:].isdecimal() or len(text) > 15:  # noqa: PLR2004 - no number is longer
        raise BadArgument(
            "BAD_CURSOR",
            f"“{cursor[:40]}” is no cursor of this list: take one that an edge or pageInfo gave.",
        )
    return int(text[1:])
