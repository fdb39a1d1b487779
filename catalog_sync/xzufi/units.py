"""Authorities (organisationseinheit) and online services (onlinedienst)."""

from catalog_sync.catalog.model import Address, Authority, Contact, LocalText, OnlineService
from catalog_sync.xzufi.elements import Element, Parts, code_of, every, first, parts_of
from catalog_sync.xzufi.findings import Findings, RejectionError
from catalog_sync.xzufi.identifiers import Name, name_of
from catalog_sync.xzufi.languages import languages_of
from catalog_sync.xzufi.responsibilities import carried_by
from catalog_sync.xzufi.texts import code, html_of, links_of, local_texts, plain_of
from catalog_sync.xzufi.versions import version_of


def read_authority(element: Element, name: Name, position: int, found: Findings) -> Authority:
    """An office.

    Raises:
        RejectionError: without a name, or for a version's date that is none.
    """
    parts = parts_of(element)
    names, short_names = _names(every(parts, "name"), found)
    if not names:
        raise RejectionError(
            "missing-name", "authority without name", "Send a name in at least one language."
        )
    parent = _parent(first(parts, "uebergeordneteOrganisationseinheitID"), found)
    return Authority(
        agency=name.agency,
        value=name.value,
        names=names,
        version=version_of(parts, found),
        short_names=short_names,
        parent_agency=parent.agency if parent else None,
        parent_value=parent.value if parent else None,
        addresses=_addresses(every(parts, "anschrift"), found),
        contacts=_contacts(every(parts, "kommunikation"), found),
        opening_hours=local_texts(every(parts, "oeffnungszeiten"), found, html_of),
        responsibilities=carried_by(name, "OE", every(parts, "zustaendigkeit"), position, found),
        **languages_of(every(parts, "sprachversion"), found),
    )


def read_online_service(element: Element, name: Name, position: int, found: Findings) -> OnlineService:
    """Where one applies online.

    Raises:
        RejectionError: for a version's date that is none.
    """
    parts = parts_of(element)
    names = local_texts(every(parts, "bezeichnung"), found)
    if not names:
        found.note(element, "An online service without a name (bezeichnung).")
    return OnlineService(
        agency=name.agency,
        value=name.value,
        names=names,
        version=version_of(parts, found),
        links=links_of(every(parts, "link"), found),
        assurance=code(first(parts, "vertrauensniveau"), found),
        responsibilities=carried_by(name, "OD", every(parts, "zustaendigkeit"), position, found),
        **languages_of(every(parts, "sprachversion"), found),
    )


def _names(elements: list[Element], found: Findings) -> tuple[tuple[LocalText, ...], tuple[LocalText, ...]]:
    """Names and short names: `name` holds both, or is itself the text."""
    names: list[Element] = []
    short: list[Element] = []
    for element in elements:
        parts = parts_of(element)
        names += every(parts, "name", "bezeichnung") if parts else [element]
        short += every(parts, "kurzbezeichnung")
    return local_texts(names, found), local_texts(short, found)


def _parent(element: Element | None, found: Findings) -> Name | None:
    if element is None:
        return None
    try:
        return name_of(element, "parent authority")
    except RejectionError as error:
        found.note(element, f"{error.reason}; it is left out.")
        return None


def _addresses(elements: list[Element], found: Findings) -> tuple[Address, ...]:
    addresses: list[Address] = []
    for element in elements:
        parts = parts_of(element)
        address = Address(
            type_code=code(first(parts, "typ"), found) or "",
            street=_plain(parts, "strasse", found),
            house_number=_plain(parts, "hausnummer", found),
            post_box=_plain(parts, "postfach", found),
            postcode=_plain(parts, "postleitzahl", found),
            city=_plain(parts, "ort", found),
            ars=_ars(first(parts, "verwaltungspolitischeKodierung")),
        )
        if address == Address(address.type_code, ars=address.ars):
            found.note(element, "An address without street, post box and place; it is left out.")
        else:
            addresses.append(address)
    return tuple(addresses)


def _ars(element: Element | None) -> str | None:
    if element is None:
        return None
    return code_of(first(parts_of(element), "regionalschluessel")) or None


def _plain(parts: Parts, name: str, found: Findings) -> str | None:
    return plain_of(first(parts, name), found) or None


def _contacts(elements: list[Element], found: Findings) -> tuple[Contact, ...]:
    contacts: list[Contact] = []
    for element in elements:
        parts = parts_of(element)
        channel, value = code(first(parts, "kanal"), found), _plain(parts, "kennung", found)
        if channel is None or value is None:
            found.note(element, "A contact without channel or number; it is left out.")
        else:
            contacts.append(Contact(channel, value))
    return tuple(contacts)
