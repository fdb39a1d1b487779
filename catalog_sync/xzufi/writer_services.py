"""Descriptions (leistung) and local changes to them (spezialisierung), as an export writes them."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import TypeVar

from catalog_sync.catalog.keys import AreaKey, ars_of
from catalog_sync.catalog.model import (
    Deadline,
    Duration,
    Fee,
    Link,
    LocalText,
    ServiceEntry,
    Specialisation,
    TextModule,
    Validity,
)
from catalog_sync.xzufi.texts import ALL_CHANNELS
from catalog_sync.xzufi.writer_filing import (
    categories,
    classifications,
    documents,
    languages,
    publisher,
    structure,
    version_of,
)
from catalog_sync.xzufi.writer_markup import (
    AREA_SCHEME,
    WireVersion,
    attribute,
    code,
    element,
    foreign,
    identifier,
    mark,
    number,
    remarks,
    text,
    texts,
)

Channelled = TypeVar("Channelled", Fee, Deadline, Duration)
_CHOICES = {"FIXED": "KostenFix", "FREE": "KostenFrei", "VARIABLE": "KostenVariabel"}


def service(obj: ServiceEntry, version: WireVersion) -> str:
    """A leistung."""
    newer = version == "2.3.1"
    keys = "referenzLeistungsschluessel" if newer else "referenzLeiKa"
    audiences = "".join(code("leistungsadressat", one) for one in obj.audiences)
    written_form = mark(
        "kennzeichenFormularSchriftformerfordernis" if newer else "kennzeichenSchriftformerfordernis",
        obj.written_form,
    )
    return element(
        "leistung",
        identifier("id", obj.agency, obj.value),
        *(foreign("idSekundaer", one) for one in obj.secondary_ids),
        structure(obj.structure, version),
        code("statusKatalog", obj.catalogue_status),
        code("statusBibliothek", obj.library_status),
        *(code(keys, key) for key in obj.leika_keys),
        audiences if newer else "",
        _described(obj, version),
        _approval(obj),
        documents(obj.documents),
        *(_link("modulUrsprungsportal", link, "uri", "linktyp") for link in obj.origin_links),
        *(code("typisierung", one) for one in obj.regulatory_types),
        code("vertrauensniveau", obj.assurance),
        "" if newer else audiences,
        written_form,
        categories(obj.categories),
        classifications(obj.classifications),
        _sdg_areas(obj.sdg_areas, version),
        publisher(obj.publisher, obj.publisher_id),
        _areas("gueltigkeitGebietID", obj.areas),
        mark("durchfuehrbarEinheitlicheStelle" if newer else "kennzeichenEA", obj.single_contact),
        version_of(obj.version, version),
        languages(obj, version),
        _validities(obj.validities),
    )


def specialisation(obj: Specialisation, version: WireVersion) -> str:
    """A spezialisierung."""
    return element(
        "spezialisierung",
        identifier("id", obj.agency, obj.value),
        identifier("leistungID", obj.service_agency, obj.service_value),
        _areas("gebietID", obj.areas),
        _described(obj, version),
        version_of(obj.version, version),
        languages(obj, version),
        _validities(obj.validities),
    )


def _described(obj: ServiceEntry | Specialisation, version: WireVersion) -> str:
    newer = version == "2.3.1"
    terms = "".join(
        element(
            "begriffImKontext",
            text("begriff", one.text, attributes=attribute("languageCode", one.language)),
            code("typ", one.type_code, of="begriffimkontexttyp"),
        )
        for one in obj.keywords
    )
    times = _modules(
        "modulBearbeitungsdauer", obj.processing_times, obj.processing_notes, _processing, newer=newer
    )
    return "".join(
        (
            *(_module(one) for one in obj.modules),
            _modules("modulFrist", obj.deadlines, obj.deadline_notes, _deadline, newer=newer),
            _modules("modulKosten", obj.fees, obj.fee_notes, _fee, newer=newer),
            times,
            element("modulBegriffImKontext", terms) if terms else "",
        )
    )


def _module(one: TextModule) -> str:
    return element(
        "modulText" if one.code else "modulTextIndividuell",
        number("positionDarstellung", one.position),
        code("leikaTextmodul", one.code or None),
        code("zugangskanal", one.channel),
        texts("inhalt", one.contents),
        *(_link("weiterfuehrenderLink", link, "uri", "linktyp") for link in one.links),
    )


def _link(name: str, link: Link, address: str, of: str) -> str:
    return element(
        name,
        code("typ", link.type_code, of=of),
        text(address, link.url),
        text("titel", link.title),
        text("beschreibung", link.description),
        number("positionDarstellung", link.position),
        attributes=attribute("languageCode", link.language),
    )


def online_link(link: Link) -> str:
    """The link of an online service."""
    return _link("link", link, "link", "onlinedienstlinktyp")


def _modules(
    name: str,
    said: Sequence[Channelled],
    notes: Iterable[LocalText],
    write: Callable[[Channelled], str],
    *,
    newer: bool,
) -> str:
    """One module in 2.2, one a channel in 2.3.1; what is said about all stands in one for all channels."""
    about = texts("beschreibung", notes)
    modules: list[str] = []
    for channel, group in groupby(said, key=lambda one: one.channel if newer else None):
        spoken = code("zugangskanal", channel or ALL_CHANNELS) if newer else ""
        written, about = (about, "") if channel is None else ("", about)
        modules.append(element(name, spoken, *map(write, group), written))
    if about:
        modules.append(element(name, code("zugangskanal", ALL_CHANNELS) if newer else "", about))
    return "".join(modules)


def _fee(fee: Fee) -> str:
    currency = attribute("currencyCode", fee.currency)
    amounts = (
        ("betrag", fee.amount),
        ("betragUntergrenze", fee.minimum),
        ("betragObergrenze", fee.maximum),
    )
    return element(
        "kosten",
        code("typ", fee.type_code, of="kostentyp"),
        element(
            "kostenauswahl",
            *(text(name, amount, attributes=currency) for name, amount in amounts),
            attributes=attribute("xsi:type", f"xzufi:{_CHOICES[fee.kind]}"),
        ),
        mark("vorkasse", fee.prepaid),
        text("linkKostenbildung", fee.link),
        remarks("beschreibung", fee.descriptions),
    )


def _deadline(deadline: Deadline) -> str:
    if deadline.duration is not None:
        chosen = _span(deadline.duration)
    else:
        days = text("von", deadline.begins) + text("bis", deadline.ends)
        chosen = element("fristauswahl", days, attributes=attribute("xsi:type", "xzufi:FristStichtag"))
    return element(
        "frist",
        code("typ", deadline.type_code, of="fristtyp"),
        chosen,
        remarks("beschreibung", deadline.descriptions),
    )


def _processing(duration: Duration) -> str:
    return element("bearbeitungsdauer", _span(duration))


def _span(duration: Duration) -> str:
    return element(
        "fristauswahl",
        number("dauer", duration.amount),
        text("einheit", duration.unit),
        number("dauerBis", duration.amount_to),
        text("einheitBis", duration.unit_to),
        attributes=attribute("xsi:type", "xzufi:FristDauer"),
    )


def _approval(obj: ServiceEntry) -> str:
    by = texts("fachlichFreigegebenDurch", obj.approved_by)
    at = text("fachlichFreigegebenAm", obj.approved_at)
    return element("modulFachlicheFreigabe", at, by) if at or by else ""


def _sdg_areas(codes: Iterable[str], version: WireVersion) -> str:
    if version == "2.2":
        return "".join(code("informationsbereichSDG", one) for one in codes)
    inside = "".join(code("informationsbereichSDG2", one) for one in codes)
    return element("informationsbereicheSDG", inside) if inside else ""


def _areas(name: str, areas: Iterable[AreaKey]) -> str:
    scheme = attribute("schemeID", AREA_SCHEME)
    return "".join(text(name, ars_of(area), attributes=scheme) for area in areas)


def _validities(validities: Iterable[Validity]) -> str:
    """Days as the beginning of the day, without zone: what a time without a zone means is Berlin's."""
    return "".join(
        element(
            "gueltigkeit",
            text("beginn", one.begins and f"{one.begins}T00:00:00"),
            text("ende", one.ends and f"{one.ends}T00:00:00"),
        )
        for one in validities
    )
