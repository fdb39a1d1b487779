"""The shape of the two JSON columns beside an entry: `entry.head` and `body.facts`.

A head is what lists and links need (names, codes); facts are what a detailed answer needs. Text modules have a table
of their own, so that a page of titles never reads them. `HEADS` and `FACTS` decode by kind.
"""

import msgspec
from msgspec import Struct

from catalog_sync.catalog.keys import AreaKey, EntryKind
from catalog_sync.catalog.model import (
    Address,
    Contact,
    Deadline,
    Duration,
    Fee,
    Keyword,
    Link,
    LocalText,
    Validity,
)


class ServiceHead(Struct, frozen=True, omit_defaults=True):
    """Of a description."""

    titles: dict[str, str] = {}
    """Language -> title: text module 03, else 02, as plain text."""
    summaries: dict[str, str] = {}
    """Language -> plain text of module 05, cut at 300 characters: what a list of hits shows."""
    languages: tuple[str, ...] = ()
    """Every language with at least one text module that is not empty, sorted."""
    leika_keys: tuple[str, ...] = ()
    regulatory_types: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    assurance: str | None = None
    written_form: bool | None = None
    areas: tuple[AreaKey, ...] = ()
    """Where it holds, its source's areas filled in."""
    validities: tuple[Validity, ...] = ()
    machine_translated: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """Codes of the text modules that a description should have and this one lacks; of alternatives the first."""
    areas_filled: bool = False
    """Whether it names no area itself."""


class ServiceFacts(Struct, frozen=True, omit_defaults=True):
    """Of a description or a specialisation."""

    fees: tuple[Fee, ...] = ()
    fee_notes: tuple[LocalText, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    deadline_notes: tuple[LocalText, ...] = ()
    processing_times: tuple[Duration, ...] = ()
    processing_notes: tuple[LocalText, ...] = ()
    keywords: tuple[Keyword, ...] = ()
    approved_by: tuple[LocalText, ...] = ()
    origin_links: tuple[Link, ...] = ()


class SpecialisationHead(Struct, frozen=True, omit_defaults=True):
    """Of a specialisation."""

    service: tuple[str, str]
    """Agency and value of the entry that it changes."""
    titles: dict[str, str] = {}
    """Language -> title, where it changes that."""
    areas: tuple[AreaKey, ...] = ()
    validities: tuple[Validity, ...] = ()


class AuthorityHead(Struct, frozen=True, omit_defaults=True):
    """Of an authority."""

    names: tuple[LocalText, ...] = ()


class AuthorityFacts(Struct, frozen=True, omit_defaults=True):
    """Of an authority."""

    addresses: tuple[Address, ...] = ()
    contacts: tuple[Contact, ...] = ()
    opening_hours: tuple[LocalText, ...] = ()


class OnlineServiceHead(Struct, frozen=True, omit_defaults=True):
    """Of an online service; it has no facts beside it."""

    names: tuple[LocalText, ...] = ()
    links: tuple[Link, ...] = ()
    assurance: str | None = None


class ResponsibilityHead(Struct, frozen=True, omit_defaults=True):
    """Of a rule; it has no facts beside it."""

    role: int
    """1 competent authority, 3 contact point, 0 an online service's rule."""
    owner: tuple[str, str, str]
    """Kind (OE, OD), agency and value."""
    service: tuple[str, str]
    areas: tuple[AreaKey, ...] = ()


encode = msgspec.json.Encoder().encode

service_head = msgspec.json.Decoder(ServiceHead).decode
specialisation_head = msgspec.json.Decoder(SpecialisationHead).decode
authority_head = msgspec.json.Decoder(AuthorityHead).decode
online_service_head = msgspec.json.Decoder(OnlineServiceHead).decode
responsibility_head = msgspec.json.Decoder(ResponsibilityHead).decode
service_facts = msgspec.json.Decoder(ServiceFacts).decode
authority_facts = msgspec.json.Decoder(AuthorityFacts).decode
links = msgspec.json.Decoder(tuple[Link, ...]).decode

Head = ServiceHead | SpecialisationHead | AuthorityHead | OnlineServiceHead | ResponsibilityHead
KINDS_WITH_TEXT = (EntryKind.SERVICE_ENTRY, EntryKind.SPECIALISATION)
