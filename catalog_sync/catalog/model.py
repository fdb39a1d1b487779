"""The objects of a delivery as the hub understands them, free of any wire format.

They are what the XZuFi reader makes, what the store keeps as payload, and what an export will write. Texts that may
hold markup are already sanitised. Codes are kept as delivered: what a code means is decided where it is shown.
"""

from typing import Literal

from msgspec import Struct

from catalog_sync.catalog.keys import AreaKey
from catalog_sync.catalog.particulars import (
    Address,
    Category,
    Coded,
    Contact,
    Document,
    ForeignId,
    LanguageName,
    Link,
    LocalText,
    Structure,
)

__all__ = [
    "Address",
    "Authority",
    "CatalogObject",
    "Contact",
    "Deadline",
    "Duration",
    "Fee",
    "Keyword",
    "Link",
    "LocalText",
    "OnlineService",
    "Responsibility",
    "ServiceEntry",
    "Specialisation",
    "TextModule",
    "Validity",
    "Version",
]


class TextModule(Struct, frozen=True, omit_defaults=True):
    """One part of a description (modulText), in all its languages; contents are sanitised HTML."""

    code: str
    """Two digits of urn:de:xzufi:codeliste:leistungstextmodulleika; empty for modulTextIndividuell."""
    contents: tuple[LocalText, ...] = ()
    links: tuple[Link, ...] = ()
    position: int | None = None
    channel: str | None = None
    """Code of the channel it is meant for (zugangskanal, 2.3.1)."""


class Duration(Struct, frozen=True, omit_defaults=True):
    """A span (FristDauer); units are kept as delivered (JAHR MONAT WOCHE TAG WERKTAG ARBEITSTAG STUNDE ...)."""

    amount: int
    unit: str
    amount_to: int | None = None
    unit_to: str | None = None
    channel: str | None = None
    """Of a processing time: code of the channel that it holds for (zugangskanal, 2.3.1); None: all."""


class Fee(Struct, frozen=True, omit_defaults=True):
    """A fee (kosten). Amounts are decimal strings with two decimals at least, as delivered."""

    kind: Literal["FIXED", "FREE", "VARIABLE"]
    amount: str | None = None
    minimum: str | None = None
    maximum: str | None = None
    currency: str | None = None
    prepaid: bool | None = None
    descriptions: tuple[LocalText, ...] = ()
    type_code: str | None = None
    link: str | None = None
    channel: str | None = None


class Deadline(Struct, frozen=True, omit_defaults=True):
    """A deadline (frist): a span, or days (FristStichtag; ``--04-01`` or a date, as delivered)."""

    kind: Literal["DURATION", "DATE"]
    duration: Duration | None = None
    begins: str | None = None
    ends: str | None = None
    descriptions: tuple[LocalText, ...] = ()
    type_code: str | None = None
    channel: str | None = None


class Keyword(Struct, frozen=True, omit_defaults=True):
    """A word that people use for the service (begriffImKontext)."""

    language: str
    text: str
    type_code: str | None = None


class Version(Struct, frozen=True, omit_defaults=True):
    """When and how an object came to be (versionsinformation). Times are microseconds since 1970, UTC."""

    created_at: int | None = None
    changed_at: int | None = None
    label: str | None = None


class Validity(Struct, frozen=True, omit_defaults=True):
    """Calendar days, both included, as written (ISO 8601)."""

    begins: str | None = None
    ends: str | None = None


class ServiceEntry(Struct, frozen=True, omit_defaults=True, tag="LB"):
    """One office's description of a service (leistung)."""

    agency: str
    value: str
    leika_keys: tuple[str, ...] = ()
    version: Version = Version()
    modules: tuple[TextModule, ...] = ()
    fees: tuple[Fee, ...] = ()
    fee_notes: tuple[LocalText, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    deadline_notes: tuple[LocalText, ...] = ()
    processing_times: tuple[Duration, ...] = ()
    processing_notes: tuple[LocalText, ...] = ()
    keywords: tuple[Keyword, ...] = ()
    approved_at: str | None = None
    approved_by: tuple[LocalText, ...] = ()
    origin_links: tuple[Link, ...] = ()
    regulatory_types: tuple[str, ...] = ()
    assurance: str | None = None
    audiences: tuple[str, ...] = ()
    """Codes of leistungsadressat: 001 citizen, 002 business, 003 administration."""
    written_form: bool | None = None
    categories: tuple[Category, ...] = ()
    sdg_areas: tuple[str, ...] = ()
    publisher: str | None = None
    areas: tuple[AreaKey, ...] = ()
    """Where it holds (gueltigkeitGebietID); none means: where its source writes."""
    validities: tuple[Validity, ...] = ()
    languages: tuple[str, ...] = ()
    """As declared (sprachversion); the graph names the languages that really have text."""
    machine_translated: tuple[str, ...] = ()
    language_names: tuple[LanguageName, ...] = ()
    secondary_ids: tuple[ForeignId, ...] = ()
    structure: Structure | None = None
    catalogue_status: str | None = None
    library_status: str | None = None
    documents: tuple[Document, ...] = ()
    classifications: tuple[Coded, ...] = ()
    publisher_id: ForeignId | None = None
    single_contact: bool | None = None
    """Whether the point of single contact does it (kennzeichenEA, 2.3.1 durchfuehrbarEinheitlicheStelle)."""


class Responsibility(Struct, frozen=True, omit_defaults=True, tag="ZS"):
    """A rule: who acts for a service in some areas (zustaendigkeit)."""

    agency: str
    value: str
    owner_kind: Literal["OE", "OD"]
    owner_agency: str
    owner_value: str
    service_agency: str
    service_value: str
    areas: tuple[AreaKey, ...]
    role: Literal["01", "03"] | None = None
    """None on an online service's rule; a missing role on an authority's rule is 01."""
    version: Version = Version()


class Authority(Struct, frozen=True, omit_defaults=True, tag="OE"):
    """An office (organisationseinheit)."""

    agency: str
    value: str
    names: tuple[LocalText, ...]
    version: Version = Version()
    short_names: tuple[LocalText, ...] = ()
    parent_agency: str | None = None
    parent_value: str | None = None
    addresses: tuple[Address, ...] = ()
    contacts: tuple[Contact, ...] = ()
    opening_hours: tuple[LocalText, ...] = ()
    """Sanitised HTML."""
    responsibilities: tuple[Responsibility, ...] = ()
    """Rules carried inside the unit; each is an object of its own in the store."""
    withheld: tuple[tuple[str, str], ...] = ()
    """Agency and value of rules inside it that were rejected: what it said of them before stands."""
    languages: tuple[str, ...] = ()
    machine_translated: tuple[str, ...] = ()
    language_names: tuple[LanguageName, ...] = ()


class OnlineService(Struct, frozen=True, omit_defaults=True, tag="OD"):
    """Where one applies online (onlinedienst)."""

    agency: str
    value: str
    names: tuple[LocalText, ...] = ()
    version: Version = Version()
    links: tuple[Link, ...] = ()
    assurance: str | None = None
    responsibilities: tuple[Responsibility, ...] = ()
    withheld: tuple[tuple[str, str], ...] = ()
    languages: tuple[str, ...] = ()
    machine_translated: tuple[str, ...] = ()
    language_names: tuple[LanguageName, ...] = ()


class Specialisation(Struct, frozen=True, omit_defaults=True, tag="SP"):
    """A local office's change to one entry, in some areas (spezialisierung)."""

    agency: str
    value: str
    service_agency: str
    service_value: str
    areas: tuple[AreaKey, ...]
    version: Version = Version()
    modules: tuple[TextModule, ...] = ()
    fees: tuple[Fee, ...] = ()
    fee_notes: tuple[LocalText, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    deadline_notes: tuple[LocalText, ...] = ()
    processing_times: tuple[Duration, ...] = ()
    processing_notes: tuple[LocalText, ...] = ()
    keywords: tuple[Keyword, ...] = ()
    validities: tuple[Validity, ...] = ()
    languages: tuple[str, ...] = ()
    machine_translated: tuple[str, ...] = ()
    language_names: tuple[LanguageName, ...] = ()


CatalogObject = ServiceEntry | Authority | OnlineService | Specialisation | Responsibility
