"""What the rules find: as numbers, as pages of a source, and for single descriptions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from catalog_sync.catalog.keys import EntryId, EntryKind
from catalog_sync.catalog.records import EntryRecord, ServiceEntryRecord
from catalog_sync.catalog.store import CatalogReader
from catalog_sync.links.findings import LinkBook
from catalog_sync.links.verdicts import LinkReport
from catalog_sync.quality import statements
from catalog_sync.quality.rules import VERDICTS, QualityRule, in_order


@dataclass(frozen=True, slots=True)
class Finding:
    """An object that a rule found.

    Attributes:
        particulars: of MISSING_MODULES the codes, of RESPONSIBILITY_WAITING the flat identifiers of what is not there,
            of DUPLICATE the names of the other sources; empty for other rules.
        links: of a rule about links: the addresses that it found.
    """

    rule: QualityRule
    record: EntryRecord
    particulars: tuple[str, ...] = ()
    links: tuple[LinkReport, ...] = ()

    @property
    def number(self) -> int:
        """The object's, in the tables; pages go on behind it."""
        return self.record.number


@dataclass(frozen=True, slots=True)
class Findings:
    """A page of one source, and whether there is more."""

    items: tuple[Finding, ...]
    more: bool


async def count(
    reader: CatalogReader, links: LinkBook, rule: QualityRule, sources: Collection[int], before: int
) -> dict[int, int]:
    """How many objects a rule finds, by number of the source; sources without any are left out.

    Args:
        reader: the catalogue.
        links: what the link checker found.
        rule: what is looked for.
        sources: numbers of sources.
        before: texts changed before it are OUTDATED; microseconds since 1970, UTC, like everywhere here.
    """
    found = await _with_links(links, rule, sources)
    rows = await reader.rows(statements.COUNTS[rule], sources=list(sources), before=before, found=found)
    return {row[0]: row[1] for row in rows}


async def find(
    reader: CatalogReader,
    links: LinkBook,
    rule: QualityRule,
    sources: Collection[int],
    before: int,
    *,
    after: int = 0,
    limit: int,
) -> dict[int, Findings]:
    """A page of each source: what a rule finds behind the object of number `after`, at most `limit`.

    Five statements of the catalogue at most, and two of the link checker, however many sources and objects there are.
    """
    with_links = [number for number in await _with_links(links, rule, sources) if number > after]
    values = {"before": before, "after": after, "limit": limit + 1, "found": with_links}
    rows = await reader.rows(statements.PAGES[rule], sources=list(sources), **values)
    numbers: dict[int, list[int]] = {source: [] for source in sources}
    for source, number in rows:
        numbers[source].append(number)
    records = await reader.entries(number for page in numbers.values() for number in page)
    found = await _findings(reader, links, rule, list(records.values()))
    return {
        source: Findings(tuple(found[number] for number in page[:limit]), len(page) > limit)
        for source, page in numbers.items()
    }


async def _with_links(links: LinkBook, rule: QualityRule, sources: Collection[int]) -> list[int]:
    """The numbers of the objects that a rule about links finds."""
    return await links.entries(VERDICTS[rule], sources) if rule in VERDICTS else []


async def _findings(
    reader: CatalogReader, links: LinkBook, rule: QualityRule, records: Sequence[EntryRecord]
) -> dict[int, Finding]:
    numbers = [record.number for record in records]
    told: dict[int, list[str]] = {}
    reports: dict[int, list[LinkReport]] = {}
    if rule is QualityRule.RESPONSIBILITY_WAITING:
        for number, kind, agency, value in await reader.rows(statements.NOT_THERE, numbers=numbers):
            told.setdefault(number, []).append(str(EntryId(agency, EntryKind.numbered(kind), value)))
    elif rule is QualityRule.DUPLICATE:
        known = await reader.sources()
        for number, source in await reader.rows(statements.OTHER_SOURCES, numbers=numbers):
            told.setdefault(number, []).append(known[source].name)
    elif rule is QualityRule.MISSING_MODULES:
        told = {one.number: list(one.head.missing) for one in records if isinstance(one, ServiceEntryRecord)}
    elif rule in VERDICTS:
        reports = await links.links(VERDICTS[rule], numbers)
    return {
        number: Finding(rule, record, tuple(sorted(told.get(number, ()))), tuple(reports.get(number, ())))
        for number, record in zip(numbers, records, strict=True)
    }


async def rules_of(
    reader: CatalogReader, links: LinkBook, entries: Sequence[ServiceEntryRecord], before: int
) -> list[list[QualityRule]]:
    """The rules that find each of some descriptions.

    One of the past is judged by what stands in it alone: who else describes or answers for it is known of today.
    """
    numbers = [entry.number for entry in entries]
    among = {
        rule: {row[0] for row in await reader.rows(statement, numbers=numbers)}
        for rule, statement in statements.AMONG.items()
    } | await _among(links, numbers)
    return [
        in_order([*_own(entry, before), *(rule for rule, found in among.items() if entry.number in found)])
        for entry in entries
    ]


async def _among(links: LinkBook, numbers: Sequence[int]) -> dict[QualityRule, set[int]]:
    """Which of some objects the rules about links find."""
    every = [verdict for verdicts in VERDICTS.values() for verdict in verdicts]
    reports = await links.links(every, numbers)
    return {
        rule: {number for number, found in reports.items() if any(one.verdict in verdicts for one in found)}
        for rule, verdicts in VERDICTS.items()
    }


def _own(entry: ServiceEntryRecord, before: int) -> list[QualityRule]:
    told = {
        QualityRule.MISSING_MODULES: bool(entry.head.missing),
        QualityRule.NOT_APPROVED: entry.approved_at is None,
        QualityRule.OUTDATED: entry.changed_at is not None and entry.changed_at < before,
        QualityRule.WITHOUT_AREAS: entry.head.areas_filled,
    }
    return [rule for rule, found in told.items() if found]
