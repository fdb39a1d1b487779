"""One object of a message: which kind it is, what it is called, and how it becomes a value of the model."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from catalog_sync.catalog.keys import EntryKind, is_agency, is_entry_value
from catalog_sync.catalog.model import CatalogObject
from catalog_sync.xzufi.delivered import (
    NEVER_KNOWN,
    Converted,
    Deletion,
    Delivered,
    Notice,
    Rejected,
    Writing,
)
from catalog_sync.xzufi.elements import Element, attribute, child_named, every, local_name, parts_of, text_of
from catalog_sync.xzufi.findings import Findings, RejectionError, line_of, shown
from catalog_sync.xzufi.identifiers import Name, name_of
from catalog_sync.xzufi.responsibilities import read_transfer
from catalog_sync.xzufi.services import read_service, read_specialisation
from catalog_sync.xzufi.units import read_authority, read_online_service

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


def written(
    schreibe: Element, position: int, delivered_hash: bytes | None, line: int | None
) -> Iterator[Delivered]:
    """What a `schreibe` brings: one object as XZuFi has it; should it hold several, each of them.

    Its hash is None where its bytes are not certain, its line where the parser has to say it.
    """
    if len(schreibe) == 0:
        yield Notice(line_of(schreibe), f"schreibe {position} is empty.")
    objects = list(_objects_in(schreibe))
    came, line = (delivered_hash or NEVER_KNOWN, line) if len(objects) == 1 else (NEVER_KNOWN, None)
    for element, rule, kind in objects:
        if kind is None:
            yield _unknown(element, position)
        else:
            where = line_of(element) if line is None else line
            yield _writing(_Object(position, kind, element, rule), came, where)


def _objects_in(schreibe: Element) -> Iterator[tuple[Element, Element, EntryKind | None]]:
    """Each object, the element that holds its id, and what kind it is."""
    for element in schreibe:
        kind = KINDS.get(local_name(element))
        if kind is EntryKind.RESPONSIBILITY:
            for rule in every(parts_of(element), "zustaendigkeit") or [element]:
                yield element, rule, kind
        else:
            yield element, element, kind


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


def _writing(made: "_Object", delivered_hash: bytes, line: int) -> Writing | Rejected:
    """An object to write."""
    id_element = child_named(made.rule, "id")
    try:
        name = name_of(id_element, _WORDS[made.kind])
    except RejectionError as error:
        return _nameless(id_element, made.kind, error, made.position, line)
    return Writing(
        made.position, line, made.kind, name.agency, name.value, delivered_hash, partial(made.convert, name)
    )


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


@dataclass(frozen=True, slots=True)
class _Object:
    """An object that is not yet converted."""

    position: int
    kind: EntryKind
    element: Element
    rule: Element
    """The zustaendigkeit inside a transfer object; of other kinds the element itself."""

    def convert(self, name: Name) -> Converted | Rejected:
        found = Findings()
        try:
            return Converted(self._read(name, found), tuple(found.notices), tuple(found.rejected))
        except RejectionError as error:
            line = error.line or line_of(self.element)
            told = (error.rule, error.reason, error.remedy)
            return Rejected(self.position, line, self.kind, name.agency, name.value, *told)

    def _read(self, name: Name, found: Findings) -> CatalogObject:
        match self.kind:
            case EntryKind.SERVICE_ENTRY:
                return read_service(self.element, name, found)
            case EntryKind.AUTHORITY:
                return read_authority(self.element, name, self.position, found)
            case EntryKind.ONLINE_SERVICE:
                return read_online_service(self.element, name, self.position, found)
            case EntryKind.SPECIALISATION:
                return read_specialisation(self.element, name, found)
            case EntryKind.RESPONSIBILITY:
                return read_transfer(self.element, self.rule, name, found)


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
