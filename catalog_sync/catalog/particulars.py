"""Small parts of delivered objects: words, links, and what an office files a description under.

The graph shows words, links and addresses; the rest is kept so that an export says what was read.
"""

from typing import Literal

from msgspec import Struct


class LocalText(Struct, frozen=True, omit_defaults=True):
    """A text in one language (BCP 47 tag as delivered, trimmed; ``de`` where the sender named none)."""

    language: str
    text: str


class Link(Struct, frozen=True, omit_defaults=True):
    """An address with its words (weiterfuehrenderLink, Onlinedienst link); http, https, mailto or tel only."""

    url: str
    title: str | None = None
    description: str | None = None
    language: str | None = None
    type_code: str | None = None
    position: int | None = None


class ForeignId(Struct, frozen=True, omit_defaults=True):
    """An identifier that some other system knows the object, a category or a publisher by."""

    value: str
    agency: str | None = None
    scheme: str | None = None


class Coded(Struct, frozen=True, omit_defaults=True):
    """A code of a list that the sender chose (klassifizierung)."""

    code: str
    list_uri: str | None = None
    list_version: str | None = None
    name: str | None = None


class Structure(Struct, frozen=True, omit_defaults=True):
    """The parts of a service's name in the LeiKa (struktur): object, activity (verrichtung), detail."""

    object_id: ForeignId | None = None
    group: str | None = None
    """Code of leistungsgruppierungLeiKa (2.3.1)."""
    activity: str | None = None
    """Code of verrichtungLeiKa."""
    activity_name: str | None = None
    details: tuple[LocalText, ...] = ()


class Category(Struct, frozen=True, omit_defaults=True):
    """What an office files a description under (kategorie), with the class that it belongs to."""

    names: tuple[LocalText, ...] = ()
    id: ForeignId | None = None
    class_id: ForeignId | None = None
    class_names: tuple[LocalText, ...] = ()


class Document(Struct, frozen=True, omit_defaults=True):
    """A document that is handed in or given out (modulDokument: dokumentEingehend, dokumentAusgehend)."""

    direction: Literal["IN", "OUT"]
    id: ForeignId | None = None
    names: tuple[LocalText, ...] = ()
    descriptions: tuple[LocalText, ...] = ()
    type_code: str | None = None
    url: str | None = None


class LanguageName(Struct, frozen=True, omit_defaults=True):
    """What a sender calls a language (sprachversion), where that is not what the hub calls it."""

    language: str
    german: str | None = None
    native: str | None = None


class Address(Struct, frozen=True, omit_defaults=True):
    """A postal address (anschrift)."""

    type_code: str
    street: str | None = None
    house_number: str | None = None
    post_box: str | None = None
    postcode: str | None = None
    city: str | None = None
    ars: str | None = None


class Contact(Struct, frozen=True, omit_defaults=True):
    """A channel (kommunikation): 01 e-mail, 02 telephone, ... of urn:de:xoev:codeliste:erreichbarkeit."""

    channel_code: str
    value: str
