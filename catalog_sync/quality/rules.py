"""What can be wanting in what an office delivers, though it was taken; and when a text counts as old."""

from collections.abc import Iterable
from datetime import date
from enum import Enum

from catalog_sync.catalog.keys import EntryKind
from catalog_sync.links.verdicts import BROKEN, Verdict


class QualityRule(Enum):
    """Something that an office should look at; the value is the word in reports of commands."""

    MISSING_MODULES = "missing-modules"
    NOT_APPROVED = "not-approved"
    OUTDATED = "outdated"
    RESPONSIBILITY_WAITING = "responsibility-waiting"
    WITHOUT_RESPONSIBILITY = "without-responsibility"
    ONLINE_SERVICE_WITHOUT_LINK = "online-service-without-link"
    DUPLICATE = "duplicate"
    WITHOUT_AREAS = "without-areas"
    DEAD_LINK = "dead-link"
    MOVED_LINK = "moved-link"
    REFUSED_LINK = "refused-link"


_WITH_LINKS = (
    EntryKind.SERVICE_ENTRY,
    EntryKind.AUTHORITY,
    EntryKind.ONLINE_SERVICE,
    EntryKind.SPECIALISATION,
)
KINDS: dict[QualityRule, tuple[EntryKind, ...]] = {
    QualityRule.MISSING_MODULES: (EntryKind.SERVICE_ENTRY,),
    QualityRule.NOT_APPROVED: (EntryKind.SERVICE_ENTRY,),
    QualityRule.OUTDATED: (EntryKind.SERVICE_ENTRY, EntryKind.SPECIALISATION),
    QualityRule.RESPONSIBILITY_WAITING: (EntryKind.RESPONSIBILITY,),
    QualityRule.WITHOUT_RESPONSIBILITY: (EntryKind.SERVICE_ENTRY,),
    QualityRule.ONLINE_SERVICE_WITHOUT_LINK: (EntryKind.ONLINE_SERVICE,),
    QualityRule.DUPLICATE: (EntryKind.SERVICE_ENTRY,),
    QualityRule.WITHOUT_AREAS: (EntryKind.SERVICE_ENTRY,),
    QualityRule.DEAD_LINK: _WITH_LINKS,
    QualityRule.MOVED_LINK: _WITH_LINKS,
    QualityRule.REFUSED_LINK: _WITH_LINKS,
}
"""Which objects a rule looks at."""

VERDICTS: dict[QualityRule, tuple[Verdict, ...]] = {
    QualityRule.DEAD_LINK: BROKEN,
    QualityRule.MOVED_LINK: (Verdict.MOVED,),
    QualityRule.REFUSED_LINK: (Verdict.REFUSED,),
}
"""The rules that the link checker answers: what it must have said of one of an object's addresses."""

_YEARS = 2
_LEAP_DAY = (2, 29)


def in_order(rules: Iterable[QualityRule]) -> list[QualityRule]:
    """Rules in the order in which they are declared."""
    found = set(rules)
    return [rule for rule in QualityRule if rule in found]


def two_years_before(today: date) -> date:
    """Before which day a text counts as old where nobody says: two years back, from 29 February to the 28th."""
    day = 28 if (today.month, today.day) == _LEAP_DAY else today.day
    return today.replace(year=today.year - _YEARS, day=day)
