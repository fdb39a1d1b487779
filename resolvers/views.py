"""What fields answer that is more than one stored row: plain values that the graph's types read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any

from catalog_sync.catalog.areas import Place
from catalog_sync.catalog.keys import AreaKey, AreaLevel
from catalog_sync.catalog.layers import Layers
from catalog_sync.catalog.model import Link
from catalog_sync.catalog.records import (
    AuthorityRecord,
    EntryRecord,
    ModuleRow,
    OnlineServiceRecord,
    RuleRecord,
    ServiceRecord,
    SourceRecord,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(microseconds: int | None) -> datetime | None:
    """A stored time as the graph shows it."""
    return None if microseconds is None else _EPOCH + timedelta(microseconds=microseconds)


def day(text: str | None) -> date | None:
    """A stored calendar day as the graph shows it; the day as written, without a zone."""
    return None if text is None else date.fromisoformat(text)


@dataclass(frozen=True, slots=True)
class ProvenanceView:
    """Where a part of an answer comes from."""

    record: EntryRecord
    source: SourceRecord
    level: AreaLevel
    inherited: bool

    @property
    def entry_id(self) -> str:
        """The flat identifier."""
        return str(self.record.entry_id)

    @property
    def version(self) -> str | None:
        """The office's own label."""
        return self.record.version_label

    @property
    def changed_at(self) -> datetime | None:
        """When the office changed it."""
        return moment(self.record.changed_at)

    @property
    def approved_at(self) -> date | None:
        """When it was approved."""
        return day(self.record.approved_at)

    @property
    def received_at(self) -> datetime | None:
        """When it came here."""
        return moment(self.record.received_at)


@dataclass(frozen=True, slots=True)
class TextModuleView:
    """A text module in one language."""

    code: str
    html: str
    language: str
    links: Sequence[Link]
    provenance: ProvenanceView
    row: ModuleRow


@dataclass(frozen=True, slots=True)
class DurationView:
    """A span."""

    amount: int
    unit_code: str
    amount_to: int | None = None
    unit_to_code: str | None = None
    provenance: ProvenanceView | None = None


@dataclass(frozen=True, slots=True)
class FeeView:
    """A fee in one language."""

    kind: Enum
    amount: str | None
    minimum: str | None
    maximum: str | None
    currency: str | None
    prepaid: bool | None
    description: str | None
    provenance: ProvenanceView


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """A deadline in one language."""

    kind: Enum
    duration: DurationView | None
    begins: str | None
    ends: str | None
    description: str | None
    provenance: ProvenanceView


@dataclass(frozen=True, slots=True)
class DescriptionView:
    """The merged description of a service at a place, in the language asked for.

    Attributes:
        lasting: whether it is kept as long as the catalogue stays the same, for all places with these layers; then
            `layers.place` is one of them, and only its length says something.
    """

    service: ServiceRecord
    layers: Layers
    wanted: str | None
    title: str
    language: str
    machine_translated: bool
    provenance: ProvenanceView
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class ResponsibilityView:
    """A rule that answers for a place.

    Attributes:
        asked: the place, where something is to be said of it: its key is an old one.
        lasting: whether it is kept as long as the catalogue stays the same, for all places.
    """

    rule: RuleRecord
    authority: AuthorityRecord
    area_key: AreaKey
    role: int
    asked: Place | None = None
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class OfferView:
    """An online service that a rule offers at a place."""

    rule: RuleRecord
    online_service: OnlineServiceRecord
    area_key: AreaKey
    place: AreaKey
    leika_key: str | None
    entry_id: str
    asked: Place | None = None


@dataclass(frozen=True, slots=True)
class EdgeView:
    """One item of a page, and the cursor that stands for its place."""

    cursor: str
    node: Any


@dataclass(frozen=True, slots=True)
class PageInfoView:
    """What lies before and after a page."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@dataclass(frozen=True, slots=True)
class ConnectionView:
    """A page of a list."""

    edges: Sequence[EdgeView]
    page_info: PageInfoView
    total_count: int
