"""One office's description, and a local change to it."""

from collections.abc import Sequence
from datetime import date

from catalog_sync.catalog import stored
from catalog_sync.catalog.keys import EntryId, EntryKind
from catalog_sync.catalog.language import LanguageTag, best
from catalog_sync.catalog.merging import by_code, in_language
from catalog_sync.catalog.records import EntryVersion, ServiceEntryRecord, SourceRecord, SpecialisationRecord
from identity.assurance import AssuranceLevel
from resolvers import texts
from resolvers.assurance import level_of_code
from resolvers.context import Context, Info
from resolvers.moments import When, at_their_moments
from resolvers.provenance import of_record
from resolvers.texts import TextModuleKind
from resolvers.views import DeadlineView, DurationView, FeeView, ProvenanceView, TextModuleView, day

German = LanguageTag("de")
Described = ServiceEntryRecord | SpecialisationRecord


def title(root: ServiceEntryRecord, language: LanguageTag | None = German) -> str | None:
    """Text module 03, else 02."""
    chosen = best(language, root.head.titles)
    return None if chosen is None else root.head.titles[chosen]


def title_language(root: ServiceEntryRecord, language: LanguageTag | None = German) -> str | None:
    """The language in which `title` answers."""
    return best(language, root.head.titles)


def required_assurance(root: ServiceEntryRecord) -> AssuranceLevel | None:
    """The level that the description asks for; null where it names none that we know."""
    return level_of_code(root.head.assurance)


def provenance(root: Described, info: Info) -> ProvenanceView:
    """Where it comes from."""
    return of_record(info.context, root)


async def modules(
    context: Context,
    parents: Sequence[Described],
    language: LanguageTag | None = German,
    kinds: list[TextModuleKind] | None = None,
) -> list[list[TextModuleView]]:
    """Its text modules, each in the language that serves best."""
    found = await context.reader.modules((p.number for p in parents), texts.codes_of(kinds))
    answers = []
    for parent in parents:
        origin = of_record(context, parent)
        rows = [
            row
            for of_code in by_code(found.get(parent.number, ())).values()
            for row in in_language(of_code, language)
        ]
        rows.sort(key=lambda row: row.ordinal)
        answers.append([texts.module_view(row, origin) for row in rows if texts.is_wanted(row, kinds)])
    return answers


async def _facts(context: Context, parents: Sequence[Described]) -> list[stored.ServiceFacts]:
    found = await context.reader.facts(p.number for p in parents)
    nothing = stored.ServiceFacts()
    return [stored.service_facts(found[p.number]) if p.number in found else nothing for p in parents]


async def fees(context: Context, parents: Sequence[Described]) -> list[list[FeeView]]:
    """Its fees."""
    answers = []
    for parent, facts in zip(parents, await _facts(context, parents), strict=True):
        origin = of_record(context, parent)
        answers.append([texts.fee_view(fee, None, origin) for fee in facts.fees])
    return answers


async def deadlines(context: Context, parents: Sequence[Described]) -> list[list[DeadlineView]]:
    """Its deadlines."""
    answers = []
    for parent, facts in zip(parents, await _facts(context, parents), strict=True):
        origin = of_record(context, parent)
        answers.append([texts.deadline_view(deadline, None, origin) for deadline in facts.deadlines])
    return answers


async def processing_times(context: Context, parents: Sequence[Described]) -> list[list[DurationView]]:
    """How long it takes."""
    answers = []
    for parent, facts in zip(parents, await _facts(context, parents), strict=True):
        origin = of_record(context, parent)
        answers.append([texts.duration_view(span, origin) for span in facts.processing_times])
    return answers


async def keywords(
    context: Context, parents: Sequence[ServiceEntryRecord], language: LanguageTag | None = None
) -> list[list[str]]:
    """The words that people use for it; of one language when one is asked for."""
    answers = []
    for facts in await _facts(context, parents):
        words = facts.keywords
        if language is not None:
            chosen = best(language, (word.language for word in words))
            words = tuple(word for word in words if word.language == chosen)
        answers.append(list(dict.fromkeys(word.text for word in words)))
    return answers


async def specialised_entry(
    context: Context, parents: Sequence[SpecialisationRecord]
) -> list[ServiceEntryRecord | None]:
    """The entry that a specialisation changes; null while it is not there."""

    async def answer(
        at: When, specialisations: Sequence[SpecialisationRecord | None]
    ) -> list[ServiceEntryRecord | None]:
        names = [one.head.service for one in specialisations if one is not None]
        ids = [EntryId(agency, EntryKind.SERVICE_ENTRY, value) for agency, value in names]
        found = await (at.past or context.reader).entries_by_id(ids)
        return [record if isinstance(record := found.get(i), ServiceEntryRecord) else None for i in ids]

    return await at_their_moments(context, parents, None, answer)


async def versions(context: Context, parents: Sequence[ServiceEntryRecord]) -> list[list[EntryVersion]]:
    """Its versions that ever answered, the oldest first."""
    found = await context.reader.versions(parent.number for parent in parents)
    return [found[parent.number] for parent in parents]


def version_source(root: EntryVersion, info: Info) -> SourceRecord:
    """Whose delivery wrote a version."""
    return info.context.sources[root.source_number]


def source(root: ServiceEntryRecord, info: Info) -> SourceRecord:
    """Whose entry it is."""
    return info.context.sources[root.source_number]


def valid_from(root: ServiceEntryRecord) -> date | None:
    """The first day of the earliest period; null when it has no beginning."""
    begins = [period.begins for period in root.head.validities]
    return day(min((b for b in begins if b), default=None)) if all(begins) else None


def valid_until(root: ServiceEntryRecord) -> date | None:
    """The last day of the latest period; null when it has no end."""
    ends = [period.ends for period in root.head.validities]
    return day(max((e for e in ends if e), default=None)) if all(ends) else None
