"""What an office files a description under, versions and languages, as an export writes them."""

from collections.abc import Iterable
from typing import Protocol

from catalog_sync.catalog.model import Version
from catalog_sync.catalog.particulars import Category, Coded, Document, ForeignId, LanguageName, Structure
from catalog_sync.xzufi.languages import names_of
from catalog_sync.xzufi.writer_markup import (
    WireVersion,
    attribute,
    code,
    element,
    escaped,
    foreign,
    mark,
    moment,
    text,
    texts,
)

_DOCUMENTS = {"IN": "dokumentEingehend", "OUT": "dokumentAusgehend"}


class Declaring(Protocol):
    """An object that declares its languages."""

    @property
    def languages(self) -> tuple[str, ...]:
        """Tags."""
        ...

    @property
    def machine_translated(self) -> tuple[str, ...]:
        """Those of them that a machine translated."""
        ...

    @property
    def language_names(self) -> tuple[LanguageName, ...]:
        """Where a language has a name that is not the hub's."""
        ...


def structure(one: Structure | None, version: WireVersion) -> str:
    """The struktur; its variant is told by what it holds."""
    if one is None:
        return ""
    kind = "MitVerrichtungUndDetail" if one.details else "MitVerrichtung" if one.activity else ""
    activity = code("verrichtungLeiKa", one.activity, called=one.activity_name)
    return element(
        "struktur",
        code("leistungsgruppierungLeiKa", one.group),
        foreign("leistungsobjektID", one.object_id),
        element("verrichtung", activity) if activity and version == "2.2" else activity,
        texts("verrichtungsdetail", one.details),
        attributes=attribute("xsi:type", f"xzufi:LeistungsstrukturObjekt{kind}"),
    )


def categories(listed: Iterable[Category]) -> str:
    """The kategorie elements."""
    return "".join(
        element("kategorie", foreign("id", one.id), _class(one), texts("bezeichnung", one.names))
        for one in listed
    )


def _class(one: Category) -> str:
    inside = foreign("id", one.class_id) + texts("bezeichnung", one.class_names)
    return element("klasse", inside) if inside else ""


def classifications(listed: Iterable[Coded]) -> str:
    """The klassifizierung elements, each with the list that its sender named."""
    written: list[str] = []
    for one in listed:
        of = attribute("listURI", one.list_uri) + attribute("listVersionID", one.list_version)
        name = "" if one.name is None else f"<name>{escaped(one.name)}</name>"
        inside = f"<code>{escaped(one.code)}</code>{name}"
        written.append(element("klassifizierung", inside, attributes=of))
    return "".join(written)


def documents(listed: Iterable[Document]) -> str:
    """The modulDokument."""
    inside = "".join(
        element(
            _DOCUMENTS[one.direction],
            foreign("id", one.id),
            code("typ", one.type_code, of="dokumenttyp"),
            texts("bezeichnung", one.names),
            texts("beschreibung", one.descriptions),
            text("uri", one.url),
        )
        for one in listed
    )
    return element("modulDokument", inside) if inside else ""


def publisher(name: str | None, known_as: ForeignId | None) -> str:
    """The herausgeber; a name that is only the id is not said twice."""
    if name is None and known_as is None:
        return ""
    own = None if known_as is not None and known_as.value == name else name
    return element("herausgeber", foreign("id", known_as), text("bezeichnung", own))


def version_of(one: Version, version: WireVersion) -> str:
    """The versionsinformation (2.3.1: versionsinformationen)."""
    inside = (
        moment("erstelltDatumZeit", one.created_at)
        + moment("geaendertDatumZeit", one.changed_at)
        + text("version", one.label)
    )
    name = "versionsinformation" if version == "2.2" else "versionsinformationen"
    return element(name, inside) if inside else ""


def languages(obj: Declaring, version: WireVersion) -> str:
    """The sprachversion elements."""
    names = {one.language: one for one in obj.language_names}
    written: list[str] = []
    for tag in obj.languages:
        german, native = names_of(tag)
        own = names.get(tag)
        by_machine = tag in obj.machine_translated
        written.append(
            element(
                "sprachversion",
                text("languageCode", tag),
                text("sprachbezeichnungDeutsch", (own and own.german) or german),
                text("sprachbezeichnungNativ", (own and own.native) or native),
                mark("kennzeichenMaschinelleUebersetzung", by_machine if version == "2.3.1" else None),
            )
        )
    return "".join(written)
