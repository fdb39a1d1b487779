"""Rows as the store answers them, for tests of the rules alone."""

from collections.abc import Mapping, Sequence

from catalog_sync.catalog.keys import AreaKey, EntryKind
from catalog_sync.catalog.model import Link, Validity
from catalog_sync.catalog.records import ModuleRow, ServiceEntryRecord, SpecialisationRecord
from catalog_sync.catalog.stored import ServiceHead, SpecialisationHead


def entry(
    number: int,
    *areas: str,
    changed: int | None = 0,
    validities: Sequence[tuple[str | None, str | None]] = (),
    titles: Mapping[str, str] | None = None,
) -> ServiceEntryRecord:
    """A description of the agency A, called by its number."""
    return ServiceEntryRecord(
        number=number,
        kind=EntryKind.SERVICE_ENTRY,
        agency="A",
        value=str(number),
        source_number=1,
        version_label=None,
        changed_at=changed,
        received_at=0,
        approved_at=None,
        head=ServiceHead(
            titles=dict(titles or {}),
            areas=tuple(map(AreaKey, areas)),
            validities=tuple(Validity(begins, ends) for begins, ends in validities),
        ),
    )


def specialisation(
    number: int, *areas: str, changed: int | None = 0, titles: Mapping[str, str] | None = None
) -> SpecialisationRecord:
    """A local change."""
    return SpecialisationRecord(
        number=number,
        kind=EntryKind.SPECIALISATION,
        agency="A",
        value=str(number),
        source_number=1,
        version_label=None,
        changed_at=changed,
        received_at=0,
        approved_at=None,
        head=SpecialisationHead(
            service=("A", "1"), titles=dict(titles or {}), areas=tuple(map(AreaKey, areas))
        ),
    )


def row(ordinal: int, code: str, language: str, html: str, *urls: str) -> ModuleRow:
    """One language of a module."""
    return ModuleRow(ordinal, code, language, html, tuple(Link(url) for url in urls))
