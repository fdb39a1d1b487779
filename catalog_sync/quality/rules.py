"""What can be wanting in what an office delivers, though it was taken; and when a text counts as old."""

from collections.abc import Iterable
from datetime import date
from enum import Enum

from catalog_sync.catalog.keys import EntryKind


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


KINDS: dict[QualityRule, tuple[EntryKind, ...]] = {
    QualityRule.MISSING_MODULES: (EntryKind.SERVICE_ENTRY,),
    QualityRule.NOT_APPROVED: (EntryKind.SERVICE_ENTRY,),
    QualityRule.OUTDATED: (EntryKind.SERVICE_ENTRY, EntryKind.SPECIALISATION),
    QualityRule.RESPONSIBILITY_WAITING: (EntryKind.RESPONSIBILITY,),
    QualityRule.WITHOUT_RESPONSIBILITY: (EntryKind.SERVICE_ENTRY,),
    QualityRule.ONLINE_SERVICE_WITHOUT_LINK: (EntryKind.ONLINE_SERVICE,),
    QualityRule.DUPLICATE: (EntryKind.SERVICE_ENTRY,),
    QualityRule.WITHOUT_AREAS: (EntryKind.SERVICE_ENTRY,),
}
"""Which objects a rule looks at."""

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
