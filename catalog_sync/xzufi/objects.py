"""One object of a message: which kind it is, what it is called, and how it becomes a value of the model."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from lxml import etree

from catalog_sync.catalog.keys import EntryKind, is_agency, is_entry_value
from catalog_sync.catalog.model import CatalogObject
from catalog_sync.xzufi.delivered import Converted, Deletion, Delivered, Notice, Rejected, Writing
from catalog_sync.xzufi.elements import Element, attribute, child_named, every, local_name, parts_of, text_of
from catalog_sync.xzufi.findings import Findings, RejectionError, line_of, shown
from catalog_sync.xzufi.identifiers import Name, name_of
from catalog_sync.xzufi.responsibilities import read_transfer
from catalog_sync.xzufi.services import read_service, read_specialisation
from catalog_sync.xzufi.units import read_authority, read_online_service

READER_VERSION = b"2"
"""Part of every hash: raise it when the reader understands more, and unchanged objects are read again."""

KINDS = {
    "leistung": EntryKind.SERVICE_ENTRY,
    "organisationseinheit": EntryKind.AUTHORITY,
    "onlinedienst": EntryKind.ONLINE_SERVICE,
    "spezialisierung": EntryKind.SPECIALISATION,
    "zustaendigkeitTransferObjekt": EntryKind.RESPONSIBILITY,
}
_CLASSES = {
    "leistung": EntryKind.SERVICE_ENTRY,
    "organisationseinheit": EntryKind.AUTHORITY,
    "onlinedienst": EntryKind.ONLINE_SERVICE,
    "leistungspezialisierung": EntryKind.SPECIALISATION,
    "spezialisierung": EntryKind.SPECIALISATION,
    "zustaendigkeit": EntryKind.RESPONSIBILITY,
}
_WORDS = {
    EntryKind.SERVICE_ENTRY: "service",
    EntryKind.AUTHORITY: "authority",
    EntryKind.ONLINE_SERVICE: "online service",
    EntryKind.SPECIALISATION: "specialisation",
    EntryKind.RESPONSIBILITY: "responsibility",
}


def written(schreibe: Element, position: int) -> Iterator[Delivered]:
    """What a `schreibe` brings: one object as XZuFi has it; should it hold several, each of them."""
    if len(schreibe) == 0:
        yield Notice(line_of(schreibe), f"schreibe {position} is empty.")
    for element in schreibe:
        kind = KINDS.get(local_name(element))
        if kind is None:
            yield _unknown(element, position)
        elif kind is EntryKind.RESPONSIBILITY:
            yield from _transferred(element, position)
        else:
            yield _writing(element, element, kind, position)


def _transferred(transfer: Element, position: int) -> Iterator[Delivered]:
    """The rule of a zustaendigkeitTransferObjekt."""
    rules = every(parts_of(transfer), "zustaendigkeit")
    for rule in rules or [transfer]:
        yield _writing(transfer, rule, EntryKind.RESPONSIBILITY, position)


def _unknown(element: Element, position: int) -> Rejected:
    return Rejected(
        position,
        line_of(element),
        None,
        None,
        None,
        "unknown-kind",
        f"{shown(local_name(element))} is no kind of object",
        f"A schreibe holds one of {', '.join(KINDS)}.",
    )


def _writing(element: Element, rule: Element, kind: EntryKind, position: int) -> Writing | Rejected:
    """An object to write; `rule` is the element that holds its id."""
    id_element = child_named(rule, "id")
    try:
        name = name_of(id_element, _WORDS[kind])
    except RejectionError as error:
        return _nameless(id_element, kind, error, position, line_of(element))
    convert = _Object(position, kind, name, element, rule).convert
    return Writing(position, line_of(element), kind, name.agency, name.value, _hash(element), convert)


def _nameless(
    element: Element | None, kind: EntryKind | None, error: RejectionError, position: int, line: int
) -> Rejected:
    """An object whose identifier cannot be read, with what can be read of it."""
    agency = attribute(element, "schemeAgencyID") if element is not None else ""
    value = text_of(element)
    return Rejected(
        position,
        error.line or line,
        kind,
        agency if is_agency(agency) else None,
        value if is_entry_value(value) else None,
        error.rule,
        error.reason,
        error.remedy,
    )


def _hash(element: Element) -> bytes:
    """Over the element as it came, the spaces between its children included."""
    delivered = etree.tostring(element, encoding="utf-8", with_tail=False)
    return blake2b(delivered, digest_size=16, person=b"xzufi" + READER_VERSION).digest()


@dataclass(frozen=True, slots=True)
class _Object:
    """An object that has a name, not yet converted."""

    position: int
    kind: EntryKind
    name: Name
    element: Element
    rule: Element
    """The zustaendigkeit inside a transfer object; of other kinds the element itself."""

    def convert(self) -> Converted | Rejected:
        found = Findings()
        try:
            return Converted(self._read(found), tuple(found.notices), tuple(found.rejected))
        except RejectionError as error:
            line = error.line or line_of(self.element)
            told = (error.rule, error.reason, error.remedy)
            return Rejected(self.position, line, self.kind, self.name.agency, self.name.value, *told)

    def _read(self, found: Findings) -> CatalogObject:
        match self.kind:
            case EntryKind.SERVICE_ENTRY:
                return read_service(self.element, self.name, found)
            case EntryKind.AUTHORITY:
                return read_authority(self.element, self.name, self.position, found)
            case EntryKind.ONLINE_SERVICE:
                return read_online_service(self.element, self.name, self.position, found)
            case EntryKind.SPECIALISATION:
                return read_specialisation(self.element, self.name, found)
            case EntryKind.RESPONSIBILITY:
                return read_transfer(self.element, self.rule, self.name, found)


def deleted(loesche: Element, position: int) -> Deletion | Rejected:
    """A `loesche`: the class is an attribute, the identifier a child."""
    line = line_of(loesche)
    id_element = child_named(loesche, "id")
    kind: EntryKind | None = None
    try:
        kind = _class_of(loesche)
        name = name_of(id_element, "delete")
    except RejectionError as error:
        return _nameless(id_element, kind, error, position, line)
    return Deletion(position, line, kind, name.agency, name.value)


def _class_of(loesche: Element) -> EntryKind:
    klasse = attribute(loesche, "klasse")
    kind = _CLASSES.get(klasse.lower())
    if kind is None:
        raise RejectionError(
            "unknown-class",
            f"delete of unknown class {shown(klasse)}",
            "klasse is Leistung, Organisationseinheit, Onlinedienst, LeistungSpezialisierung or Zustaendigkeit.",
        )
    return kind
