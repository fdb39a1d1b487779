"""Texts, links and codes of an object: what can be read is kept, the rest is noticed."""

import re
from collections.abc import Callable, Iterable
from html import escape

from catalog_sync.catalog.markup import plain_text, sanitise
from catalog_sync.catalog.model import Link, LocalText
from catalog_sync.xzufi import values
from catalog_sync.xzufi.elements import (
    Element,
    Parts,
    attribute,
    code_of,
    first,
    local_name,
    parts_of,
    text_of,
)
from catalog_sync.xzufi.findings import Findings, shown

MAX_HTML = 100_000
"""Characters of a text with markup; real ones have 4,000."""
ALL_CHANNELS = "000"
_WORD = re.compile(r"(?:\A|>)\s*[^<\s]")
"""Something between the tags."""


def html_of(element: Element, found: Findings) -> str:
    """A text that may hold markup, sanitised; empty where there are no words or too many."""
    text = text_of(element)
    if len(text) > MAX_HTML:
        found.note(
            element,
            f"{local_name(element)} has {len(text)} characters, more than {MAX_HTML}; it is left out.",
        )
        return ""
    if len(element):
        found.note(
            element, f"{local_name(element)} holds elements where escaped HTML belongs; its words are kept."
        )
        return escape(text, quote=False)
    html = sanitise(text)
    return html.strip() if _WORD.search(html) else ""


def plain_of(element: Element | None, found: Findings) -> str:
    """A text without markup, on one line; empty where there are no words or too many."""
    if element is None:
        return ""
    text = values.plain(text_of(element))
    if len(text) > values.MAX_PLAIN:
        found.note(
            element,
            f"{local_name(element)} has {len(text)} characters, more than {values.MAX_PLAIN}; it is left out.",
        )
        return ""
    return text


def words_of(element: Element, found: Findings) -> str:
    """A remark that some send with markup, as words."""
    html = html_of(element, found)
    return plain_text(html) if html else ""


def language_of(element: Element, found: Findings) -> str | None:
    """The language that an element says it is in (languageCode); None where that cannot be read."""
    tag = attribute(element, "languageCode")
    try:
        return values.language(tag)
    except ValueError:
        found.note(element, f"{shown(tag)} is no language; what is in it is left out.")
        return None


def language_of_text(element: Element | None, found: Findings) -> str | None:
    """The language that an element's text names; None where there is none or none that can be read."""
    tag = text_of(element)
    if element is None or not tag:
        return None
    try:
        return values.language(tag)
    except ValueError:
        found.note(element, f"{shown(tag)} is no language; it is left out.")
        return None


def local_texts(
    elements: Iterable[Element], found: Findings, read: Callable[[Element, Findings], str] = plain_of
) -> tuple[LocalText, ...]:
    """The same words in several languages: the first that is not empty in each."""
    texts: dict[str, str] = {}
    for element in elements:
        language = language_of(element, found)
        text = read(element, found) if language is not None else ""
        if language is None or not text:
            continue
        if language in texts:
            found.note(element, f"A second {local_name(element)} in language {language}; the first is kept.")
        else:
            texts[language] = text
    return tuple(LocalText(language, text) for language, text in texts.items())


def code(element: Element | None, found: Findings) -> str | None:
    """A code as delivered; None where there is none or none that can be read."""
    if element is None:
        return None
    text = code_of(element)
    if values.is_code(text):
        return text
    found.note(element, f"{shown(text)} is no code; this {local_name(element)} is left out.")
    return None


def codes(elements: Iterable[Element], found: Findings) -> tuple[str, ...]:
    """Codes as delivered, each once."""
    return tuple(dict.fromkeys(text for element in elements if (text := code(element, found)) is not None))


def flag_of(element: Element | None, found: Findings) -> bool | None:
    """A mark; None where there is none or none that can be read."""
    if element is None:
        return None
    text = text_of(element)
    try:
        return values.flag(text)
    except ValueError:
        found.note(element, f"{shown(text)} is neither true nor false; {local_name(element)} is left out.")
        return None


def number_of(element: Element | None, found: Findings) -> int | None:
    """A whole number; None where there is none or none that can be read."""
    if element is None:
        return None
    text = text_of(element)
    try:
        return values.number(text)
    except ValueError:
        found.note(element, f"{shown(text)} is no number; {local_name(element)} is left out.")
        return None


def url_of(element: Element | None, found: Findings) -> str | None:
    """An address of the web; None where there is none or none that people may be sent to."""
    text = text_of(element)
    if element is None or not text:
        return None
    try:
        return values.url(text)
    except ValueError:
        found.note(
            element,
            f"{shown(text)} is no address that the hub passes on (http, https, mailto or tel, "
            f"{values.MAX_URL} characters at most); the link is left out.",
        )
        return None


def link_of(element: Element, found: Findings) -> Link | None:
    """A link (weiterfuehrenderLink, modulUrsprungsportal, Onlinedienst link); None without an address."""
    parts = parts_of(element)
    url = url_of(first(parts, "uri", "link", "url"), found)
    if url is None:
        return None
    return Link(
        url=url,
        title=plain_of(first(parts, "titel"), found) or None,
        description=plain_of(first(parts, "beschreibung"), found) or None,
        language=language_of(element, found) if attribute(element, "languageCode") else None,
        type_code=code(first(parts, "typ"), found),
        position=number_of(first(parts, "positionDarstellung"), found),
    )


def links_of(elements: Iterable[Element], found: Findings) -> tuple[Link, ...]:
    """Those of the links that can be read."""
    return tuple(link for element in elements if (link := link_of(element, found)) is not None)


def channel_of(parts: Parts, found: Findings) -> str | None:
    """The channel that a module is meant for (zugangskanal, 2.3.1); None: all, which is what code 000 says."""
    element = first(parts, "zugangskanal")
    return None if element is None or code_of(element) == ALL_CHANNELS else code(element, found)
