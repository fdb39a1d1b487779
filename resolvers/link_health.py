"""What the link checker found, as the graph shows it."""

from collections.abc import Sequence
from datetime import datetime

from catalog_sync.catalog.records import OnlineServiceRecord
from catalog_sync.links.verdicts import LinkReport, Verdict
from resolvers.context import Context
from resolvers.views import moment

_WORST_FIRST = (
    Verdict.GONE,
    Verdict.DEAD,
    Verdict.REFUSED,
    Verdict.FAILING,
    Verdict.BLOCKED,
    Verdict.MOVED,
    Verdict.GOOD,
)


async def health(context: Context, parents: Sequence[OnlineServiceRecord]) -> list[LinkReport | None]:
    """The worst that is known of an online service's links; null where none was checked, and of past moments."""
    found = await context.links.links(tuple(Verdict), [parent.number for parent in parents])
    return [min(found.get(parent.number, ()), key=_rank, default=None) for parent in parents]


def _rank(report: LinkReport) -> int:
    return _WORST_FIRST.index(report.verdict)


def since(root: LinkReport) -> datetime | None:
    """Since when it is so."""
    return moment(root.since)


def checked_at(root: LinkReport) -> datetime | None:
    """When it was asked last."""
    return moment(root.checked_at)
