"""When an object came to be and when it holds: versionsinformation(en), gueltigkeit."""

from collections.abc import Iterable

from catalog_sync.catalog.model import Validity, Version
from catalog_sync.xzufi import dates
from catalog_sync.xzufi.elements import Element, Parts, child_named, first, parts_of, text_of
from catalog_sync.xzufi.findings import Findings, RejectionError, line_of, shown
from catalog_sync.xzufi.texts import plain_of


def version_of(parts: Parts, found: Findings) -> Version:
    """The version of an object (2.2 versionsinformation, 2.3.1 versionsinformationen).

    Raises:
        RejectionError: ``bad-version-date`` when a date of it cannot be read.
    """
    element = first(parts, "versionsinformation", "versionsinformationen")
    if element is None:
        return Version()
    inside = child_named(element, "versionsinformation")
    details = parts_of(element if inside is None else inside)
    created, changed = first(details, "erstelltDatumZeit"), first(details, "geaendertDatumZeit")
    wrong = [f"{word} {shown(text_of(at))}" for at, word in _dates(created, changed) if not _is_readable(at)]
    if wrong:
        raise RejectionError(
            "bad-version-date",
            f"{' and '.join(wrong)} {'is' if len(wrong) == 1 else 'are'} not a date",
            "Send dates as ISO 8601 has them, like 2026-03-02T04:15:00+01:00.",
            line_of(element),
        )
    return Version(_moment(created), _moment(changed), plain_of(first(details, "version"), found) or None)


def _dates(created: Element | None, changed: Element | None) -> Iterable[tuple[Element, str]]:
    if created is not None:
        yield created, "erstelltDatumZeit"
    if changed is not None:
        yield changed, "geaendertDatumZeit"


def _is_readable(element: Element) -> bool:
    try:
        _moment(element)
    except ValueError:
        return False
    return True


def _moment(element: Element | None) -> int | None:
    """A moment; an element without words is none."""
    text = text_of(element)
    return dates.moment(text) if text else None


def validities_of(elements: Iterable[Element], found: Findings) -> tuple[Validity, ...]:
    """The spans of days in which an object holds; one that cannot be read is left out whole."""
    validities: list[Validity] = []
    for element in elements:
        parts = parts_of(element)
        try:
            begins, ends = _day(first(parts, "beginn")), _day(first(parts, "ende"))
        except ValueError as error:
            found.note(element, f"{shown(str(error))} is no day; this gueltigkeit is left out.")
            continue
        if begins or ends:
            validities.append(Validity(begins, ends))
    return tuple(validities)


def _day(element: Element | None) -> str | None:
    text = text_of(element)
    if not text:
        return None
    try:
        return dates.day(text)
    except ValueError as error:
        raise ValueError(text) from error
