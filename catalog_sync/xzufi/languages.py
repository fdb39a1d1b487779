"""The languages that an object declares (sprachversion), and what the hub calls them."""

from collections.abc import Iterable
from typing import TypedDict

from catalog_sync.catalog.particulars import LanguageName
from catalog_sync.xzufi.elements import Element, first, parts_of
from catalog_sync.xzufi.findings import Findings
from catalog_sync.xzufi.texts import flag_of, language_of_text, plain_of

LANGUAGES = {
    "de": ("Deutsch", "Deutsch"),
    "en": ("Englisch", "English"),
    "fr": ("Französisch", "Français"),
    "es": ("Spanisch", "Español"),
    "it": ("Italienisch", "Italiano"),
    "nl": ("Niederländisch", "Nederlands"),
    "pl": ("Polnisch", "Polski"),
    "da": ("Dänisch", "Dansk"),
    "cs": ("Tschechisch", "Čeština"),
    "hsb": ("Obersorbisch", "Hornjoserbšćina"),
    "dsb": ("Niedersorbisch", "Dolnoserbšćina"),
    "frr": ("Nordfriesisch", "Nordfriisk"),
    "nds": ("Niederdeutsch", "Plattdüütsch"),
    "tr": ("Türkisch", "Türkçe"),
    "ru": ("Russisch", "Русский"),
    "uk": ("Ukrainisch", "Українська"),
    "ar": ("Arabisch", "العربية"),
}
"""Tag -> its name in German and in itself."""


class Declared(TypedDict):
    """Fields of descriptions, specialisations, authorities and online services."""

    languages: tuple[str, ...]
    machine_translated: tuple[str, ...]
    language_names: tuple[LanguageName, ...]


def names_of(tag: str) -> tuple[str, str]:
    """What the hub calls a language, in German and in itself; the tag where it knows no name."""
    return LANGUAGES.get(tag, (tag, tag))


def languages_of(elements: Iterable[Element], found: Findings) -> Declared:
    """The languages in the message's order; those that a machine translated (2.3.1); the names that are not ours."""
    declared: dict[str, bool] = {}
    named: dict[str, LanguageName | None] = {}
    for element in elements:
        parts = parts_of(element)
        tag = language_of_text(first(parts, "languageCode"), found)
        if tag is None:
            continue
        declared[tag] = bool(flag_of(first(parts, "kennzeichenMaschinelleUebersetzung"), found))
        words = (first(parts, f"sprachbezeichnung{of}") for of in ("Deutsch", "Nativ"))
        german, native = (
            text if (text := plain_of(word, found)) and text != ours else None
            for word, ours in zip(words, names_of(tag), strict=True)
        )
        named[tag] = LanguageName(tag, german, native) if german or native else None
    return Declared(
        languages=tuple(declared),
        machine_translated=tuple(tag for tag, by_machine in declared.items() if by_machine),
        language_names=tuple(name for name in named.values() if name is not None),
    )
