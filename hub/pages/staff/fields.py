"""An object of the catalogue as named values, in a reader's words: what two versions of it are compared by."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from catalog_sync.catalog.keys import ars_of
from catalog_sync.catalog.markup import plain_text
from catalog_sync.catalog.model import CatalogObject, Fee, Keyword, TextModule
from catalog_sync.catalog.particulars import LocalText
from hub.pages.formats import moment, money
from hub.pages.language import Language, own_name

Label = tuple[str, ...]
"""A field's name, and what of it: the code of a text module, a language."""

_MODULES = {
    "02": ("Leistungsbezeichnung", "Name"),
    "03": ("Titel", "Title"),
    "05": ("Kurztext", "Short text"),
    "06": ("Volltext", "Full text"),
    "07": ("Rechtsgrundlage", "Legal basis"),
    "08": ("Erforderliche Unterlagen", "Required documents"),
    "09": ("Voraussetzungen", "Prerequisites"),
    "11": ("Verfahrensablauf", "Procedure"),
    "14": ("Formulare", "Forms"),
    "15": ("Weiterführende Informationen", "Further information"),
    "16": ("Hinweise", "Notes"),
    "18": ("Urheber", "Author"),
    "22": ("Zuständige Stelle", "Competent authority"),
    "23": ("Ansprechpunkt", "Contact point"),
    "24": ("Teaser", "Teaser"),
    "25": ("Rechtsbehelf", "Remedies"),
}
_FIELDS = {
    "leika_keys": ("Leistungsschlüssel", "Service keys"),
    "fees": ("Kosten", "Fees"),
    "fee_notes": ("Hinweis zu Kosten", "Note on fees"),
    "deadlines": ("Fristen", "Deadlines"),
    "deadline_notes": ("Hinweis zu Fristen", "Note on deadlines"),
    "processing_times": ("Bearbeitungsdauer", "Processing times"),
    "processing_notes": ("Hinweis zur Bearbeitungsdauer", "Note on processing times"),
    "keywords": ("Begriffe", "Keywords"),
    "approved_at": ("Fachlich freigegeben am", "Approved on"),
    "approved_by": ("Fachlich freigegeben durch", "Approved by"),
    "origin_links": ("Links", "Links"),
    "regulatory_types": ("Typisierung", "Regulatory types"),
    "assurance": ("Vertrauensniveau", "Assurance level"),
    "audiences": ("Adressaten", "Audiences"),
    "written_form": ("Schriftform", "Written form"),
    "categories": ("Kategorien", "Categories"),
    "publisher": ("Herausgeber", "Publisher"),
    "areas": ("Gebiete", "Areas"),
    "validities": ("Gültigkeit", "Validity"),
    "languages": ("Sprachen", "Languages"),
    "documents": ("Dokumente", "Documents"),
    "names": ("Name", "Name"),
    "short_names": ("Kurzname", "Short name"),
    "addresses": ("Anschriften", "Addresses"),
    "contacts": ("Kontakte", "Contacts"),
    "opening_hours": ("Öffnungszeiten", "Opening hours"),
    "links": ("Links", "Links"),
    "responsibilities": ("Zuständigkeiten", "Responsibilities"),
    "owner_value": ("Stelle oder Onlinedienst", "Authority or online service"),
    "service_value": ("Leistung", "Service"),
    "role": ("Rolle", "Role"),
    "parent_value": ("Übergeordnete Stelle", "Parent authority"),
    "version.changed_at": ("Geändert am", "Changed on"),
    "version.created_at": ("Erstellt am", "Created on"),
    "version.label": ("Fassung", "Version"),
}
_IDENTITY = {"agency", "value"}
_YES = {True: ("ja", "yes"), False: ("nein", "no")}


def label(language: Language, name: Label) -> str:
    """What a field is called; one that people have no word for keeps its own."""
    english = language == "en"
    head, *rest = name
    if head in ("module", "module_links"):
        code, *rest = rest
        words = _MODULES.get(code.partition("#")[0])
        title = words[english] if words else f"{('Textmodul', 'Text module')[english]} {code}"
        title += (": Links", ": links")[english] if head == "module_links" else ""
    else:
        title = _FIELDS[head][english] if head in _FIELDS else head
    return f"{title} ({', '.join(own_name(tag) for tag in rest)})" if rest else title


def values(language: Language, obj: CatalogObject | None) -> dict[Label, str]:
    """The object's values by field, in the order in which they are shown; only those that say something."""
    if obj is None:
        return {}
    return {name: text for name, text in _named(language, obj) if text}


def _named(language: Language, obj: CatalogObject) -> Iterator[tuple[Label, str]]:
    fields = {name: getattr(obj, name) for name in obj.__struct_fields__ if name not in _IDENTITY}
    yield from _modules(language, fields.pop("modules", ()))
    version = fields.pop("version")
    for name, value in fields.items():
        if isinstance(value, tuple) and value and all(isinstance(one, LocalText) for one in value):
            yield from _texts((name,), value)
        elif name == "areas":
            yield (name,), "\n".join(ars_of(area) for area in value)
        else:
            yield (name,), _text(language, value)
    for name in ("label", "changed_at", "created_at"):
        value = getattr(version, name)
        said = (
            value
            if isinstance(value, str | None)
            else moment(language, datetime.fromtimestamp(value / 1e6, UTC))
        )
        yield (f"version.{name}",), said or ""


def _modules(language: Language, modules: Sequence[TextModule]) -> Iterator[tuple[Label, str]]:
    """Text modules by code and language; a code that comes again is told apart by its number."""
    seen: dict[str, int] = {}
    for module in modules:
        seen[module.code] = number = seen.get(module.code, 0) + 1
        code = module.code if number == 1 else f"{module.code}#{number}"
        yield from _texts(("module", code), module.contents)
        yield ("module_links", code), "\n".join(_line(language, link) for link in module.links)


def _texts(name: Label, texts: Sequence[LocalText]) -> Iterator[tuple[Label, str]]:
    for one in texts:
        yield (*name, one.language), plain_text(one.text)


def _text(language: Language, value: Any) -> str:
    """A value in words: of a list one line each."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _YES[value][language == "en"]
    if isinstance(value, tuple):
        return "\n".join(_line(language, one) for one in value)
    return _line(language, value)


def _line(language: Language, value: Any) -> str:
    """One value in one line: what people read of a record, or the parts that say something, in their order."""
    match value:
        case Keyword():
            return f"{value.text} ({own_name(value.language)})"
        case Fee():
            return _fee(language, value)
        case _:
            return " · ".join(_parts(msgspec.to_builtins(value)))


def _fee(language: Language, fee: Fee) -> str:
    amounts = [money(language, one, fee.currency) for one in (fee.amount, fee.minimum, fee.maximum) if one]
    free = [("gebührenfrei", "free of charge")[language == "en"]] if fee.kind == "FREE" else []
    more = [*(one.text for one in fee.descriptions), fee.link, fee.type_code, fee.channel]
    return " · ".join([*free, " – ".join(amounts), *(plain_text(one) for one in more if one)]).strip(" ·")


def _parts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for one in value.values():
            yield from _parts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _parts(one)
    elif value is not None:
        yield str(value)
