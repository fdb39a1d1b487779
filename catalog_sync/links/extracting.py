"""The addresses that an object names, with the place where it does; read from the version as it was kept."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

import msgspec

from catalog_sync.catalog.model import CatalogObject
from catalog_sync.links.addresses import MAX_URL

MAX_LINKS = 200
"""Addresses of one object; an office that names more has the rest not checked."""

MAX_PLACE = 40
_ADDRESSES = ("url", "link")
_HREF = re.compile(r'<a [^<>]*?href="([^"]*)"')
_CALLED = re.compile(r"https?://", re.IGNORECASE)
_SPOKEN = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_PARAMETER = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Named:
    """An address without its fragment, and where it stands: a text module's code, else the part of the object."""

    url: str
    place: str


def links_of(obj: CatalogObject) -> tuple[Named, ...]:
    """The addresses of the web that an object names, each once, at its first place, at most `MAX_LINKS`.

    Texts are sanitised HTML, so that an address stands in ``href``. An address with a parameter in braces is completed
    for each place and leads nowhere as it is; ``mailto`` and ``tel`` lead to no page: all of them are left out.
    """
    found: dict[str, str] = {}
    for place, text in _found(obj):
        url = text.strip().partition("#")[0]
        if len(found) >= MAX_LINKS:
            break
        if _CALLED.match(url) and len(url) <= MAX_URL and not _PARAMETER.search(url):
            found.setdefault(url, place)
    return tuple(Named(url, place[:MAX_PLACE]) for url, place in found.items())


def _found(obj: CatalogObject) -> Iterator[tuple[str, str]]:
    told: Mapping[str, Any] = msgspec.to_builtins(obj)
    for part, value in told.items():
        if part == "modules":
            for module in value:
                yield from ((module["code"] or part, url) for url in _urls(module))
        elif part == "contacts":
            yield from ((part, url) for contact in value if (url := _spoken(contact["value"])))
        else:
            yield from ((part, url) for url in _urls(value))


def _urls(value: Any, key: str = "") -> Iterator[str]:
    """All addresses below a part, in order."""
    if isinstance(value, str):
        if key in _ADDRESSES:
            yield value
        elif 'href="' in value:
            yield from (unescape(url) for url in _HREF.findall(value))
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _urls(inner, name)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _urls(inner, key)


def _spoken(value: str) -> str | None:
    """A website among an authority's contacts, as people write it: often without a scheme."""
    text = value.strip()
    if not _SPOKEN.fullmatch(text):
        return None
    return text if _CALLED.match(text) else f"https://{text}"
