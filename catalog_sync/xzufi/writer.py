"""The writer of XZuFi messages 2.2 and 2.3.1: a head, objects of the model one by one, an end.

What it writes the reader reads as the same objects, as far as the version can say them (`sayable`). The same objects
give the same bytes.
"""

from dataclasses import dataclass

from msgspec.structs import replace

from catalog_sync.catalog.model import (
    Authority,
    CatalogObject,
    OnlineService,
    Responsibility,
    ServiceEntry,
    Specialisation,
)
from catalog_sync.xzufi.writer_markup import PREFIX, WireVersion, attribute, element, text, time_text
from catalog_sync.xzufi.writer_services import service, specialisation
from catalog_sync.xzufi.writer_units import authority, online_service, responsibility

PRODUCT = "Verbundhub"
WRITER_VERSION = 1
"""Part of every export's tag: raise it when the same objects are written otherwise."""

_NAMESPACES = {
    "2.2": ("http://xoev.de/schemata/xzufi/2_2_0", "2.2.0"),
    "2.3.1": ("http://xoev.de/schemata/xzufi/2_3_1", "2.3.1"),
}
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_ROOT = "transfer.schreibeLoesche.040501"
END = f"</{PREFIX}:{_ROOT}>\n".encode()
"""What closes a message."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What a message says about itself; `created_at` is in microseconds since 1970, UTC."""

    version: WireVersion
    uuid: str
    created_at: int
    sender: str


def beginning(heading: Heading) -> bytes:
    """Root and nachrichtenkopf."""
    namespace, version = _NAMESPACES[heading.version]
    root = "".join(
        attribute(name, value)
        for name, value in (
            (f"xmlns:{PREFIX}", namespace),
            ("xmlns:xsi", _XSI),
            ("produktbezeichnung", PRODUCT),
            ("produkthersteller", PRODUCT),
            ("xzufiVersion", version),
        )
    )
    head = element(
        "nachrichtenkopf",
        text("nachrichtUUID", heading.uuid),
        text("erstelltDatumZeit", time_text(heading.created_at)),
        text("sender", heading.sender),
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{PREFIX}:{_ROOT}{root}>\n{head}\n'.encode()


def written(obj: CatalogObject, version: WireVersion) -> bytes:
    """One schreibe."""
    return f"{element('schreibe', _object(sayable(obj, version), version))}\n".encode()


def _object(obj: CatalogObject, version: WireVersion) -> str:
    match obj:
        case ServiceEntry():
            return service(obj, version)
        case Authority():
            return authority(obj, version)
        case OnlineService():
            return online_service(obj, version)
        case Specialisation():
            return specialisation(obj, version)
        case Responsibility():
            return responsibility(obj, version)


def sayable(obj: CatalogObject, version: WireVersion) -> CatalogObject:
    """An object as a version can say it: 2.2 has no channels, no status, no group, and no word for machines.

    The list stands in docs/export.md.
    """
    if version == "2.3.1" or isinstance(obj, Responsibility):
        return obj
    plain = replace(obj, machine_translated=()) if obj.machine_translated else obj
    if not isinstance(plain, ServiceEntry | Specialisation):
        return plain
    unchannelled = replace(
        plain,
        modules=tuple(replace(one, channel=None) for one in plain.modules),
        fees=tuple(replace(one, channel=None) for one in plain.fees),
        deadlines=tuple(replace(one, channel=None) for one in plain.deadlines),
        processing_times=tuple(replace(one, channel=None) for one in plain.processing_times),
    )
    if not isinstance(unchannelled, ServiceEntry):
        return unchannelled
    parts = unchannelled.structure
    return replace(
        unchannelled,
        catalogue_status=None,
        library_status=None,
        structure=None if parts is None else replace(parts, group=None),
    )
