"""What descriptions and specialisations share: text modules, fees, deadlines, keywords, validity."""

from typing import TypedDict

from catalog_sync.catalog.model import Deadline, Duration, Fee, Keyword, LocalText, TextModule, Validity
from catalog_sync.xzufi.deadlines import deadlines_of, processing_times_of
from catalog_sync.xzufi.elements import Element, Parts, every, first, local_name, parts_of
from catalog_sync.xzufi.fees import fees_of
from catalog_sync.xzufi.findings import Findings
from catalog_sync.xzufi.texts import code, html_of, language_of, links_of, local_texts, number_of, plain_of
from catalog_sync.xzufi.versions import validities_of

_OWN_MODULE = "modulTextIndividuell"


class Described(TypedDict):
    """Fields of both `ServiceEntry` and `Specialisation`."""

    modules: tuple[TextModule, ...]
    fees: tuple[Fee, ...]
    fee_notes: tuple[LocalText, ...]
    deadlines: tuple[Deadline, ...]
    deadline_notes: tuple[LocalText, ...]
    processing_times: tuple[Duration, ...]
    processing_notes: tuple[LocalText, ...]
    keywords: tuple[Keyword, ...]
    validities: tuple[Validity, ...]


def described(parts: Parts, found: Findings) -> Described:
    """Read what is described; nothing of it costs the object."""
    fees, fee_notes = fees_of(every(parts, "modulKosten"), found)
    deadlines, deadline_notes = deadlines_of(every(parts, "modulFrist"), found)
    times, time_notes = processing_times_of(every(parts, "modulBearbeitungsdauer"), found)
    modules = [_module(element, found) for element in every(parts, "modulText", _OWN_MODULE)]
    return Described(
        modules=tuple(module for module in modules if module is not None),
        fees=fees,
        fee_notes=fee_notes,
        deadlines=deadlines,
        deadline_notes=deadline_notes,
        processing_times=times,
        processing_notes=time_notes,
        keywords=_keywords(every(parts, "modulBegriffImKontext"), found),
        validities=validities_of(every(parts, "gueltigkeit"), found),
    )


def _module(element: Element, found: Findings) -> TextModule | None:
    """A text module (modulText, modulTextIndividuell); None when it says nothing or its code cannot be read."""
    parts = parts_of(element)
    if local_name(element) == _OWN_MODULE:
        kind: str | None = ""
    elif "leikaTextmodul" in parts:
        kind = code(first(parts, "leikaTextmodul"), found)
    else:
        found.note(element, "A text module without its code (leikaTextmodul); it is left out.")
        kind = None
    if kind is None:
        return None
    contents = local_texts(every(parts, "inhalt"), found, html_of)
    links = links_of(every(parts, "weiterfuehrenderLink"), found)
    if not (contents or links):
        return None
    position = number_of(first(parts, "positionDarstellung"), found)
    return TextModule(kind, contents, links, position, code(first(parts, "zugangskanal"), found))


def _keywords(modules: list[Element], found: Findings) -> tuple[Keyword, ...]:
    keywords: dict[Keyword, None] = {}
    for module in modules:
        for element in every(parts_of(module), "begriffImKontext"):
            parts = parts_of(element)
            kind = code(first(parts, "typ"), found)
            for word in every(parts, "begriff"):
                text, language = plain_of(word, found), language_of(word, found)
                if text and language is not None:
                    keywords[Keyword(language, text, kind)] = None
    return tuple(keywords)
