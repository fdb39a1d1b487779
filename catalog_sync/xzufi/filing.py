"""What an office files a description under, and what the hub only hands on.

Nothing of it costs an object: what cannot be read is left out with a notice.
"""

from catalog_sync.catalog.particulars import Category, Coded, Document, ForeignId, Structure
from catalog_sync.xzufi.elements import (
    Element,
    Parts,
    attribute,
    child_named,
    code_of,
    every,
    first,
    local_name,
    parts_of,
    text_of,
)
from catalog_sync.xzufi.findings import Findings, shown
from catalog_sync.xzufi.texts import code, local_texts, plain_of, url_of

MAX_ID = 200


def foreign_id(element: Element | None, found: Findings) -> ForeignId | None:
    """An identifier of another system; None where there is none."""
    value = text_of(element)
    if element is None or not value:
        return None
    attributes = [attribute(element, name) for name in ("schemeAgencyID", "schemeID")]
    if any(len(text) > MAX_ID or not text.isprintable() for text in (value, *attributes)):
        found.note(element, f"{shown(value)} is no identifier; this {local_name(element)} is left out.")
        return None
    return ForeignId(value, attributes[0] or None, attributes[1] or None)


def foreign_ids(elements: list[Element], found: Findings) -> tuple[ForeignId, ...]:
    """Those of the identifiers that can be read."""
    return tuple(one for element in elements if (one := foreign_id(element, found)) is not None)


def structure_of(element: Element | None, found: Findings) -> Structure | None:
    """The parts of the service's name (struktur); verrichtungLeiKa stands in verrichtung, in 2.3.1 in struktur."""
    if element is None:
        return None
    parts = parts_of(element)
    inside = first(parts, "verrichtung")
    activity = first(parts, "verrichtungLeiKa")
    if activity is None and inside is not None:
        activity = child_named(inside, "verrichtungLeiKa")
    named = code(activity, found)
    return Structure(
        object_id=foreign_id(first(parts, "leistungsobjektID"), found),
        group=code(first(parts, "leistungsgruppierungLeiKa"), found),
        activity=named,
        activity_name=_name_in(activity, found) if named else None,
        details=local_texts(every(parts, "verrichtungsdetail"), found),
    )


def categories_of(elements: list[Element], found: Findings) -> tuple[Category, ...]:
    """The categories (kategorie), each once, with their classes."""
    categories: dict[Category, None] = {}
    for element in elements:
        parts = parts_of(element)
        above = first(parts, "klasse")
        of_class = parts_of(above) if above is not None else {}
        category = Category(
            names=local_texts(every(parts, "bezeichnung"), found),
            id=foreign_id(first(parts, "id"), found),
            class_id=foreign_id(first(of_class, "id"), found),
            class_names=local_texts(every(of_class, "bezeichnung"), found),
        )
        if category != Category():
            categories[category] = None
    return tuple(categories)


def classifications_of(elements: list[Element], found: Findings) -> tuple[Coded, ...]:
    """Codes of lists that the sender chose (klassifizierung)."""
    classified: list[Coded] = []
    for element in elements:
        value = code(element, found)
        attributes = [attribute(element, name) for name in ("listURI", "listVersionID")]
        if value is None:
            continue
        if any(len(text) > MAX_ID or not text.isprintable() for text in attributes):
            found.note(element, f"{shown(attributes[0])} is no code list; this klassifizierung is left out.")
            continue
        uri, version = (text or None for text in attributes)
        classified.append(Coded(value, uri, version, _name_in(element, found)))
    return tuple(classified)


def _name_in(element: Element | None, found: Findings) -> str | None:
    """The words beside a code."""
    return None if element is None else plain_of(child_named(element, "name"), found) or None


def documents_of(modules: list[Element], found: Findings) -> tuple[Document, ...]:
    """The documents of the modules (modulDokument), those to hand in first."""
    inside = [parts_of(module) for module in modules]
    documents = [
        _document(element, name == "dokumentEingehend", found)
        for name in ("dokumentEingehend", "dokumentAusgehend")
        for parts in inside
        for element in every(parts, name)
    ]
    return tuple(one for one in documents if one != Document(one.direction))


def _document(element: Element, is_handed_in: bool, found: Findings) -> Document:
    parts: Parts = parts_of(element)
    words = [element] if not parts and text_of(element) else every(parts, "bezeichnung", "titel", "name")
    return Document(
        direction="IN" if is_handed_in else "OUT",
        id=foreign_id(first(parts, "id"), found),
        names=local_texts(words, found),
        descriptions=local_texts(every(parts, "beschreibung"), found),
        type_code=code(first(parts, "typ"), found),
        url=url_of(first(parts, "uri", "link", "url"), found),
    )


def publisher_of(element: Element | None, found: Findings) -> tuple[str | None, ForeignId | None]:
    """Who published it (herausgeber): the name, else the id; and the id."""
    if element is None:
        return None, None
    parts = parts_of(element)
    known_as = foreign_id(first(parts, "id"), found)
    name = plain_of(first(parts, "bezeichnung", "name"), found) or (known_as.value if known_as else "")
    return name or (plain_of(element, found) if len(element) == 0 else "") or None, known_as


def status_of(element: Element | None, found: Findings) -> str | None:
    """A status (statusKatalog, statusBibliothek: 2.3.1)."""
    return code(element, found) if element is not None and code_of(element) else None
