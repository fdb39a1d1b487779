"""Descriptions of services (leistung) and local changes to them (spezialisierung)."""

from typing import TypedDict

from catalog_sync.catalog.model import Link, LocalText, ServiceEntry, Specialisation
from catalog_sync.catalog.particulars import Coded, Document, ForeignId, Structure
from catalog_sync.xzufi import dates
from catalog_sync.xzufi.descriptions import described
from catalog_sync.xzufi.elements import Element, Parts, every, first, parts_of, text_of
from catalog_sync.xzufi.filing import (
    categories_of,
    classifications_of,
    documents_of,
    foreign_ids,
    publisher_of,
    status_of,
    structure_of,
)
from catalog_sync.xzufi.findings import Findings, RejectionError, line_of, shown
from catalog_sync.xzufi.identifiers import Name, areas_of, leika_keys, reference
from catalog_sync.xzufi.languages import languages_of
from catalog_sync.xzufi.texts import code, codes, flag_of, links_of, local_texts
from catalog_sync.xzufi.versions import version_of


def read_service(element: Element, name: Name, found: Findings) -> ServiceEntry:
    """One office's description of a service.

    Raises:
        RejectionError: for a missing or malformed service key, an unreadable date, or areas of which none is one.
    """
    parts = parts_of(element)
    keys = leika_keys(every(parts, "referenzLeiKa", "referenzLeistungsschluessel"))
    if not keys:
        remedy = "Send its referenzLeiKa (2.3: referenzLeistungsschluessel), 14 digits that begin with 99."
        raise RejectionError("missing-leika-key", "service without LeiKa key", remedy, line_of(element))
    approved_at, approved_by = _approval(every(parts, "modulFachlicheFreigabe"), found)
    publisher, publisher_id = publisher_of(first(parts, "herausgeber"), found)
    return ServiceEntry(
        agency=name.agency,
        value=name.value,
        leika_keys=keys,
        version=version_of(parts, found),
        approved_at=approved_at,
        approved_by=approved_by,
        origin_links=_origins(parts, found),
        regulatory_types=codes(every(parts, "typisierung"), found),
        assurance=code(first(parts, "vertrauensniveau"), found),
        audiences=codes(every(parts, "leistungsadressat"), found),
        written_form=flag_of(
            first(parts, "kennzeichenSchriftformerfordernis", "kennzeichenFormularSchriftformerfordernis"),
            found,
        ),
        categories=categories_of(every(parts, "kategorie"), found),
        sdg_areas=_sdg_areas(parts, found),
        publisher=publisher,
        areas=areas_of(every(parts, "gueltigkeitGebietID"), "service", found),
        publisher_id=publisher_id,
        **_filed(parts, found),
        **languages_of(every(parts, "sprachversion"), found),
        **described(parts, found),
    )


class _Filed(TypedDict):
    """What an office files a description under."""

    secondary_ids: tuple[ForeignId, ...]
    structure: Structure | None
    catalogue_status: str | None
    library_status: str | None
    documents: tuple[Document, ...]
    classifications: tuple[Coded, ...]
    single_contact: bool | None


def _filed(parts: Parts, found: Findings) -> _Filed:
    return _Filed(
        secondary_ids=foreign_ids(every(parts, "idSekundaer"), found),
        structure=structure_of(first(parts, "struktur"), found),
        catalogue_status=status_of(first(parts, "statusKatalog"), found),
        library_status=status_of(first(parts, "statusBibliothek"), found),
        documents=documents_of(every(parts, "modulDokument"), found),
        classifications=classifications_of(every(parts, "klassifizierung"), found),
        single_contact=flag_of(first(parts, "kennzeichenEA", "durchfuehrbarEinheitlicheStelle"), found),
    )


def read_specialisation(element: Element, name: Name, found: Findings) -> Specialisation:
    """A local office's change to one entry.

    Raises:
        RejectionError: without service, for a version's date that is none, or areas none of which is one.
    """
    parts = parts_of(element)
    changed = reference(first(parts, "leistungID"), "specialisation", "service")
    areas = areas_of(every(parts, "gebietID", "gueltigkeitGebietID"), "specialisation", found)
    if not areas:
        found.note(element, "A specialisation without areas.")
    return Specialisation(
        agency=name.agency,
        value=name.value,
        service_agency=changed.agency,
        service_value=changed.value,
        areas=areas,
        version=version_of(parts, found),
        **languages_of(every(parts, "sprachversion"), found),
        **described(parts, found),
    )


def _approval(modules: list[Element], found: Findings) -> tuple[str | None, tuple[LocalText, ...]]:
    """The latest day of approval (modulFachlicheFreigabe), and by whom."""
    inside = [parts_of(module) for module in modules]
    days: list[str] = []
    for element in (at for parts in inside for at in every(parts, "fachlichFreigegebenAm")):
        text = text_of(element)
        try:
            days += [dates.day(text)] if text else []
        except ValueError:
            found.note(element, f"{shown(text)} is no day; fachlichFreigegebenAm is left out.")
    by = [element for parts in inside for element in every(parts, "fachlichFreigegebenDurch")]
    return max(days, default=None), local_texts(by, found)


def _origins(parts: Parts, found: Findings) -> tuple[Link, ...]:
    """Where the description comes from; a module has its link as children, or links inside."""
    modules = every(parts, "modulUrsprungsportal")
    return links_of((inner for module in modules for inner in _link_elements(module)), found)


def _link_elements(module: Element) -> list[Element]:
    return every(parts_of(module), "ursprungsportal", "weiterfuehrenderLink") or [module]


def _sdg_areas(parts: Parts, found: Findings) -> tuple[str, ...]:
    """Areas of the Single Digital Gateway: informationsbereichSDG, in 2.3.1 up to two in informationsbereicheSDG."""
    inside = [child for group in every(parts, "informationsbereicheSDG") for child in group]
    return codes([*every(parts, "informationsbereichSDG"), *inside], found)
