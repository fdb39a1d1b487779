"""How the reader's tests read: a message in, what came out."""

from io import BytesIO
from typing import NamedTuple

from catalog_sync.catalog.model import (
    Authority,
    CatalogObject,
    OnlineService,
    Responsibility,
    ServiceEntry,
    Specialisation,
)
from catalog_sync.xzufi.delivered import Converted, Deletion, MessageHead, Notice, Rejected, Writing
from catalog_sync.xzufi.limits import Limits
from catalog_sync.xzufi.reader import MessageReader
from tests.makers import Write, message


class Outcome(NamedTuple):
    """All that a message brought, each kind in its order."""

    head: MessageHead
    objects: list[CatalogObject]
    deletions: list[Deletion]
    rejected: list[Rejected]
    notices: list[Notice]
    writings: list[Writing]

    @property
    def sentences(self) -> list[str]:
        return [notice.sentence for notice in self.notices]

    @property
    def rules(self) -> list[str]:
        return [one.rule for one in self.rejected]


def read(data: bytes, limits: Limits | None = None) -> Outcome:
    reader = MessageReader(BytesIO(data), limits=limits)
    outcome = Outcome(reader.head, [], [], [], [], [])
    for delivered in reader:
        match delivered:
            case Deletion():
                outcome.deletions.append(delivered)
            case Rejected():
                outcome.rejected.append(delivered)
            case Notice():
                outcome.notices.append(delivered)
            case Writing():
                outcome.writings.append(delivered)
                _convert(delivered, outcome)
    return outcome


def _convert(writing: Writing, outcome: Outcome) -> None:
    converted = writing.convert()
    if isinstance(converted, Converted):
        outcome.objects.append(converted.obj)
        outcome.notices.extend(converted.notices)
        outcome.rejected.extend(converted.rejected)
    else:
        outcome.rejected.append(converted)


def read_one(write: Write | str, version: str = "2.2") -> Outcome:
    return read(message(version, writes=[write]))


def the_service(outcome: Outcome) -> ServiceEntry:
    return next(obj for obj in outcome.objects if isinstance(obj, ServiceEntry))


def the_authority(outcome: Outcome) -> Authority:
    return next(obj for obj in outcome.objects if isinstance(obj, Authority))


def the_online_service(outcome: Outcome) -> OnlineService:
    return next(obj for obj in outcome.objects if isinstance(obj, OnlineService))


def the_rule(outcome: Outcome) -> Responsibility:
    return next(obj for obj in outcome.objects if isinstance(obj, Responsibility))


def the_specialisation(outcome: Outcome) -> Specialisation:
    return next(obj for obj in outcome.objects if isinstance(obj, Specialisation))
