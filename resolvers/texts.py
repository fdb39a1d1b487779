"""Texts, fees, deadlines and durations of one entry or of merged layers, in one language."""

from collections.abc import Iterable, Sequence
from enum import Enum
from html.parser import HTMLParser

from catalog_sync.catalog.language import best
from catalog_sync.catalog.model import Deadline, Duration, Fee, Link, LocalText
from catalog_sync.catalog.records import ModuleRow
from resolvers.views import DeadlineView, DurationView, FeeView, ProvenanceView, TextModuleView


class TextModuleKind(Enum):
    """The parts of a description; the value is the code (urn:de:xzufi:codeliste:leistungstextmodulleika)."""

    NAME = "02"
    TITLE = "03"
    SHORT_TEXT = "05"
    FULL_TEXT = "06"
    LEGAL_BASES = "07"
    REQUIRED_DOCUMENTS = "08"
    PREREQUISITES = "09"
    PROCEDURE = "11"
    FORMS = "14"
    FURTHER_INFORMATION = "15"
    NOTES = "16"
    AUTHOR = "18"
    COMPETENT_AUTHORITY = "22"
    CONTACT_POINT = "23"
    TEASER = "24"
    REMEDIES = "25"
    OTHER = ""


_KINDS = {kind.value: kind for kind in TextModuleKind}


class TimeUnit(Enum):
    """Units of durations; the value is the delivered code."""

    YEAR = "JAHR"
    MONTH = "MONAT"
    WEEK = "WOCHE"
    DAY = "TAG"
    WEEKDAY = "WERKTAG"
    WORKING_DAY = "ARBEITSTAG"
    HOUR = "STUNDE"
    MINUTE = "MINUTE"
    SECOND = "SEKUNDE"


class FeeKind(Enum):
    """How a fee is set."""

    FIXED = "FIXED"
    FREE = "FREE"
    VARIABLE = "VARIABLE"


class DeadlineKind(Enum):
    """How a deadline is given: as a span, or as days."""

    DURATION = "DURATION"
    DATE = "DATE"


_UNITS = {unit.value: unit for unit in TimeUnit}


def module_kind(root: TextModuleView) -> TextModuleKind:
    """The kind of a module; OTHER for a code that the list does not have."""
    return _KINDS.get(root.code, TextModuleKind.OTHER)


def module_text(root: TextModuleView) -> str:
    """The module without markup."""
    return root.row.text


def codes_of(kinds: Iterable[TextModuleKind] | None) -> list[str] | None:
    """The codes to read for some kinds; None for all: OTHER stands for every code that has no kind."""
    wanted = set(kinds) if kinds is not None else None
    if wanted is None or TextModuleKind.OTHER in wanted:
        return None
    return sorted(kind.value for kind in wanted)


def is_wanted(row: ModuleRow, kinds: Iterable[TextModuleKind] | None) -> bool:
    """Whether a module is of one of the kinds asked for."""
    return kinds is None or _KINDS.get(row.code, TextModuleKind.OTHER) in kinds


def module_view(row: ModuleRow, provenance: ProvenanceView) -> TextModuleView:
    """A stored module as the graph shows it."""
    return TextModuleView(row.code, row.html, row.language, row.links, provenance, row)


def unit(root: DurationView) -> TimeUnit | None:
    """The unit, where the delivered code is one that we know."""
    return _UNITS.get(root.unit_code)


def unit_to(root: DurationView) -> TimeUnit | None:
    """The upper end's unit."""
    return _UNITS.get(root.unit_to_code or "")


def in_language(texts: Sequence[LocalText], wanted: str | None) -> str | None:
    """The text that serves a reader of a language best."""
    chosen = best(wanted, (text.language for text in texts))
    return next((text.text for text in texts if text.language == chosen), None)


def fee_view(fee: Fee, wanted: str | None, provenance: ProvenanceView) -> FeeView:
    """A stored fee as the graph shows it."""
    return FeeView(
        FeeKind(fee.kind),
        fee.amount,
        fee.minimum,
        fee.maximum,
        fee.currency,
        fee.prepaid,
        in_language(fee.descriptions, wanted),
        provenance,
    )


def duration_view(duration: Duration, provenance: ProvenanceView | None) -> DurationView:
    """A stored span as the graph shows it."""
    return DurationView(duration.amount, duration.unit, duration.amount_to, duration.unit_to, provenance)


def deadline_view(deadline: Deadline, wanted: str | None, provenance: ProvenanceView) -> DeadlineView:
    """A stored deadline as the graph shows it."""
    span = duration_view(deadline.duration, provenance) if deadline.duration else None
    return DeadlineView(
        DeadlineKind(deadline.kind),
        span,
        deadline.begins,
        deadline.ends,
        in_language(deadline.descriptions, wanted),
        provenance,
    )


class _Anchors(HTMLParser):
    """Collects the links of sanitised HTML."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.found: list[Link] = []
        self._language = language
        self._url: str | None = None
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a" and (url := dict(attrs).get("href")):
            self._url, self._words = url, []

    def handle_data(self, data: str) -> None:
        if self._url:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._url:
            self.found.append(
                Link(self._url, " ".join("".join(self._words).split()) or None, language=self._language)
            )
            self._url = None


def links_of(module: ModuleRow) -> list[Link]:
    """A module's links: those delivered beside the text, then those in it."""
    if "<a " not in module.html:
        return list(module.links)
    anchors = _Anchors(module.language)
    anchors.feed(module.html)
    return [*module.links, *anchors.found]
