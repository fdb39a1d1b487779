"""``verbundhub sources check``: what an editorial office should look at in what it delivered."""

import json
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from catalog_sync.catalog.language import LanguageTag
from catalog_sync.catalog.records import SourceRecord
from catalog_sync.catalog.store import CatalogReader
from catalog_sync.links.findings import LinkBook, LinkFindings
from catalog_sync.links.verdicts import LinkReport
from catalog_sync.quality.reading import Finding, count, find
from catalog_sync.quality.rules import QualityRule, two_years_before
from catalog_sync.sources.registry import UnknownSource
from hub.cli.links_check import Checked, check_links
from hub.cli.running import Databases, run
from hub.config import Settings
from hub.database import Database
from resolvers.moments import BERLIN
from resolvers.quality import beginning_of, detail, title

_ENGLISH = LanguageTag("en")
_STEP = 500
_SHOWN = 20
"""Findings of one rule on the screen; `--json` has all."""

Report = dict[str, Any]


@click.command("check")
@click.argument("source", required=False, metavar="[SOURCE]")
@click.option("--json", "as_json", is_flag=True, help="Print all findings as JSON.")
@click.option(
    "--older-than",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Texts changed before this day are outdated; two years before today if not given.",
)
@click.option(
    "--links",
    "with_links",
    is_flag=True,
    help="First ask the addresses that it names, where they are due or were not good.",
)
def check(*, source: str | None, as_json: bool, older_than: datetime | None, with_links: bool) -> None:
    """Say what is wanting in what SOURCE delivered, or every source.

    Exit status: 0 nothing found, 1 something found, 64 wrong usage.
    """
    day = older_than.date() if older_than else two_years_before(_today())

    async def work(settings: Settings, databases: Databases) -> tuple[list[Report], Checked | None]:
        async with databases.catalog.snapshot() as snapshot:
            chosen = _chosen(await CatalogReader(snapshot).sources(), source)
        number = None if source is None else chosen[0].number
        checked = await check_links(settings, databases, number) if with_links else None
        links = LinkFindings(databases.operations)
        limit = None if as_json else _SHOWN
        return await _reports(databases.catalog, links, chosen, day, limit=limit), checked

    reports, checked = run(work)
    if as_json:
        told: Report = {"olderThan": day.isoformat(), "sources": reports}
        told |= {} if checked is None else {"links": checked.told()}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        if checked is not None:
            click.echo(checked.sentence())
        _show(reports)
    sys.exit(any(number for report in reports for number in report["counts"].values()))


def _today() -> date:
    return datetime.fromtimestamp(time.time(), UTC).astimezone(BERLIN).date()


async def _reports(
    catalog: Database, links: LinkBook, chosen: Sequence[SourceRecord], day: date, *, limit: int | None
) -> list[Report]:
    async with catalog.snapshot() as snapshot:
        reading = _Reading(CatalogReader(snapshot), links, beginning_of(day))
        return [await reading.report(source, limit) for source in chosen]


def _chosen(sources: Mapping[int, SourceRecord], key: str | None) -> Sequence[SourceRecord]:
    found = [source for source in sources.values() if key in (None, source.key)]
    if key is not None and not found:
        raise click.UsageError(UnknownSource(f"There is no source {key}.").sentence)
    return sorted(found, key=lambda source: source.key)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What is read, and before when a text counts as old."""

    reader: CatalogReader
    links: LinkBook
    before: int

    async def report(self, source: SourceRecord, limit: int | None) -> Report:
        counts, findings = {}, []
        for rule in QualityRule:
            found = await count(self.reader, self.links, rule, [source.number], self.before)
            counts[rule.value] = found.get(source.number, 0)
            findings += [_told(one) async for one in self._findings(rule, source.number, limit)]
        return {"source": source.key, "counts": counts, "findings": findings}

    async def _findings(self, rule: QualityRule, source: int, limit: int | None) -> AsyncIterator[Finding]:
        after, more = 0, True
        while more:
            pages = await find(
                self.reader, self.links, rule, [source], self.before, after=after, limit=limit or _STEP
            )
            page = pages[source]
            for one in page.items:
                after = one.number
                yield one
            more = page.more and limit is None


def _told(one: Finding) -> Report:
    told: Report = {"title": title(one), "detail": detail(one, _ENGLISH)}
    if one.links:
        told["links"] = [_link(link) for link in one.links]
    return {"rule": one.rule.value, "entryId": str(one.record.entry_id), **told}


def _link(link: LinkReport) -> Report:
    return {
        "url": link.url,
        "place": link.place,
        "verdict": link.verdict.value,
        "answer": link.answer,
        "since": link.since / 1_000_000,
        "checkedAt": link.checked_at / 1_000_000,
        "movedTo": link.target,
    }


def _show(reports: Sequence[Report]) -> None:
    console = Console()
    counts = Table("rule", *(report["source"] for report in reports))
    for rule in QualityRule:
        counts.add_row(rule.value, *(str(report["counts"][rule.value]) for report in reports))
    console.print(counts)
    for report in reports:
        for one in report["findings"]:
            words = f" “{one['title']}”" if one["title"] else ""
            click.echo(f"{report['source']} {one['rule']} {one['entryId']}{words}: {one['detail']}")
        if hidden := sum(report["counts"].values()) - len(report["findings"]):
            click.echo(f"{report['source']}: {hidden} more; --json has all.")
