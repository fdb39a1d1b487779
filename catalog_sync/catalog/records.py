"""Rows as the store answers them: what the graph's fields read their values from."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from catalog_sync.catalog.keys import AreaKey, EntryId, EntryKind
from catalog_sync.catalog.markup import plain_text
from catalog_sync.catalog.model import Link
from catalog_sync.catalog.stored import (
    AuthorityHead,
    OnlineServiceHead,
    ResponsibilityHead,
    ServiceHead,
    SpecialisationHead,
)


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """An editorial office's connection."""

    number: int
    key: str
    name: str
    agencies: tuple[str, ...]
    areas: tuple[AreaKey, ...]
    fresh_at: int | None


@dataclass(frozen=True, slots=True)
class ServiceRecord:
    """A service of the catalogue, or one that only entries name (then `listed` is False)."""

    leika_key: str
    listed: bool
    listed_title: str | None = None
    listed_types: tuple[str, ...] = ()
    bundle_id: str | None = None


@dataclass(frozen=True, slots=True)
class BundleRecord:
    """An OZG bundle."""

    number: str
    name: str


@dataclass(frozen=True, slots=True)
class SituationRecord:
    """A life situation."""

    number: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRecord:
    """What every live object has; times are microseconds since 1970, UTC."""

    number: int
    kind: EntryKind
    agency: str
    value: str
    source_number: int
    version_label: str | None
    changed_at: int | None
    received_at: int
    approved_at: str | None

    @property
    def entry_id(self) -> EntryId:
        """Agency, kind and value."""
        return EntryId(self.agency, self.kind, self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceEntryRecord(EntryRecord):
    """One office's description."""

    head: ServiceHead


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialisationRecord(EntryRecord):
    """A local change to one description."""

    head: SpecialisationHead


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityRecord(EntryRecord):
    """An office."""

    head: AuthorityHead


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineServiceRecord(EntryRecord):
    """An online service."""

    head: OnlineServiceHead


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRecord(EntryRecord):
    """A responsibility as an object, without saying for which place it answers."""

    head: ResponsibilityHead


@dataclass(frozen=True, slots=True)
class EntryVersion:
    """A version of an object while it answered; times are microseconds since 1970, UTC.

    Attributes:
        label: the office's own.
        begins, ends: since when it answered, and until when; None while it does.
        run: whose doing it was that it answered.
    """

    label: str | None
    changed_at: int | None
    received_at: int
    begins: int
    ends: int | None
    source_number: int
    run: str

    def ended(self, at: int) -> "EntryVersion":
        """The same, with its end."""
        return replace(self, ends=at)


@dataclass(frozen=True, slots=True)
class ModuleRow:
    """One language of one text module of one entry."""

    ordinal: int
    code: str
    language: str
    html: str
    links: tuple[Link, ...]
    _text: list[str] = field(default_factory=list, compare=False, repr=False)

    @property
    def text(self) -> str:
        """Without markup; worked out once."""
        if not self._text:
            self._text.append(plain_text(self.html))
        return self._text[0]


@dataclass(frozen=True, slots=True)
class Edge:
    """A rule at one area: it may answer, for all that it names is there."""

    service: int
    area: AreaKey
    role: int
    owner: int
    rule: int


TextModules = Mapping[int, tuple[ModuleRow, ...]]
"""Entry number -> its modules in the office's order."""
