"""Authorities, online services and rules, as an export writes them."""

from catalog_sync.catalog.keys import ARS_LENGTH, ars_of
from catalog_sync.catalog.model import Address, Authority, OnlineService, Responsibility
from catalog_sync.xzufi.writer_filing import languages, version_of
from catalog_sync.xzufi.writer_markup import (
    AREA_SCHEME,
    WireVersion,
    attribute,
    code,
    element,
    identifier,
    text,
    texts,
)
from catalog_sync.xzufi.writer_services import online_link

_SCHEMES = {"OE": "ZustaendigkeitOrganisationseinheit", "OD": "ZustaendigkeitOnlinedienst"}
_ROLES = {"01": "Zuständige Stelle", "03": "Ansprechpunkt"}


def authority(obj: Authority, version: WireVersion) -> str:
    """An organisationseinheit, with the rules that it carries."""
    parent = ""
    if obj.parent_agency is not None and obj.parent_value is not None:
        parent = identifier("uebergeordneteOrganisationseinheitID", obj.parent_agency, obj.parent_value)
    return element(
        "organisationseinheit",
        identifier("id", obj.agency, obj.value),
        parent,
        element("name", texts("name", obj.names), texts("kurzbezeichnung", obj.short_names)),
        *(_address(one) for one in obj.addresses),
        *(
            element("kommunikation", code("kanal", one.channel_code), text("kennung", one.value))
            for one in obj.contacts
        ),
        texts("oeffnungszeiten", obj.opening_hours),
        *(_rule(one, version) for one in obj.responsibilities),
        version_of(obj.version, version),
        languages(obj, version),
    )


def online_service(obj: OnlineService, version: WireVersion) -> str:
    """An onlinedienst, with the rules that it carries."""
    return element(
        "onlinedienst",
        identifier("id", obj.agency, obj.value),
        texts("bezeichnung", obj.names),
        *(online_link(one) for one in obj.links),
        code("vertrauensniveau", obj.assurance),
        *(_rule(one, version) for one in obj.responsibilities),
        version_of(obj.version, version),
        languages(obj, version),
    )


def responsibility(obj: Responsibility, version: WireVersion) -> str:
    """A rule as an object of its own (zustaendigkeitTransferObjekt)."""
    return element(
        "zustaendigkeitTransferObjekt",
        identifier("uebergeordnetesObjektID", obj.owner_agency, obj.owner_value),
        _rule(obj, version),
    )


def _rule(obj: Responsibility, version: WireVersion) -> str:
    scheme = attribute("schemeID", AREA_SCHEME)
    return element(
        "zustaendigkeit",
        identifier("id", obj.agency, obj.value, scheme=_SCHEMES[obj.owner_kind]),
        identifier("leistungID", obj.service_agency, obj.service_value),
        *(text("gebietID", ars_of(area), attributes=scheme) for area in obj.areas),
        code("rolle", obj.role, called=_ROLES.get(obj.role or "")),
        version_of(obj.version, version),
    )


def _address(one: Address) -> str:
    return element(
        "anschrift",
        code("typ", one.type_code or None, of="anschrifttyp"),
        text("strasse", one.street),
        text("hausnummer", one.house_number),
        text("postfach", one.post_box),
        text("postleitzahl", one.postcode),
        text("ort", one.city),
        _administrative(one.ars),
    )


def _administrative(ars: str | None) -> str:
    """The place's keys; state and municipality follow from the regional key where that is whole."""
    if ars is None:
        return ""
    whole = len(ars) == ARS_LENGTH and ars.isascii() and ars.isdigit()
    return element(
        "verwaltungspolitischeKodierung",
        code("bundesland", ars[:2] if whole else None),
        code("gemeindeschluessel", ars[:5] + ars[9:] if whole else None),
        code("regionalschluessel", ars),
    )
