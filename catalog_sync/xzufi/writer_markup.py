"""How an export says single things: elements that always close, texts that are always escaped, codes with their lists.

Everything is a text made of texts, so that a message cannot be malformed; where a model may hold what XML cannot
(XML 1.0, section 2.2), the replacement character stands for it.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from html import escape as escape_html
from typing import Literal

from catalog_sync.catalog.particulars import ForeignId, LocalText

WireVersion = Literal["2.2", "2.3.1"]
"""The versions of XZuFi that are written."""

PREFIX = "xzufi"
AREA_SCHEME = "urn:de:bund:destatis:bevoelkerungsstatistik:schluessel:rs"
LISTS = {
    "anschrifttyp": ("urn:de:xzufi:codeliste:anschrifttyp", "2.0"),
    "begriffimkontexttyp": ("urn:de:xzufi:codeliste:begriffimkontexttyp", "1.0"),
    "bundesland": ("urn:de:bund:destatis:bevoelkerungsstatistik:schluessel:bundesland", "2010-04-01"),
    "dokumenttyp": ("urn:de:xzufi:codeliste:dokumenttyp", "1.0"),
    "fristtyp": ("urn:xoev-de:fim:codeliste:fristtyp", "1.0"),
    "gemeindeschluessel": ("urn:de:bund:destatis:bevoelkerungsstatistik:schluessel:ags", "2026-04-30"),
    "informationsbereichSDG": ("urn:xoev-de:fim:codeliste:sdginformationsbereich", "1.0"),
    "informationsbereichSDG2": ("urn:xoev-de:fim:codeliste:sdginformationsbereich2", "1.0"),
    "kanal": ("urn:de:xoev:codeliste:erreichbarkeit", "3"),
    "kostentyp": ("urn:xoev-de:fim:codeliste:kostentyp", "2.0"),
    "leikaTextmodul": ("urn:de:xzufi:codeliste:leistungstextmodulleika", "20240216"),
    "leistungsadressat": ("urn:xoev-de:fim:codeliste:leistungsadressat", "1.0"),
    "leistungsgruppierungLeiKa": ("urn:de:fim:leika:leistungsgruppierung", "20230106"),
    "linktyp": ("urn:de:xzufi:codeliste:linktyp", "1.0"),
    "onlinedienstlinktyp": ("urn:xoev-de:fim:codeliste:onlinedienstlinktyp", "1.0"),
    "referenzLeiKa": ("urn:de:fim:leika:leistung", "20260115"),
    "referenzLeistungsschluessel": ("urn:de:fim:leika:leistung", "20260115"),
    "regionalschluessel": (AREA_SCHEME, "2026-04-30"),
    "rolle": ("urn:de:xzufi:codeliste:zustaendigkeitsrolle", "1.0"),
    "statusBibliothek": ("urn:xoev-de:xprozess:codeliste:status", "1.0"),
    "statusKatalog": ("urn:xoev-de:xprozess:codeliste:status", "1.0"),
    "typisierung": ("urn:de:fim:leika:typisierung", "20230505"),
    "verrichtungLeiKa": ("urn:de:fim:leika:verrichtung", "20230106"),
    "vertrauensniveau": ("urn:xoev-de:fim:codeliste:vertrauensniveau", "1.0"),
    "zugangskanal": ("urn:xoev-de:fim:codeliste:zugangskanal", "1.0"),
}
"""Element, or kind of `typ` -> URI and version of the code list that its codes are of."""

_NEVER_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPECIAL = re.compile(r"[<>&]")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FAR = timezone(timedelta(hours=23, minutes=59))


def escaped(text: str) -> str:
    """A text between tags."""
    said = _NEVER_IN_XML.sub("\ufffd", text) if _NEVER_IN_XML.search(text) else text
    said = said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return said.replace("\r", "&#13;") if "\r" in said else said


def attribute(name: str, value: str | None) -> str:
    """An attribute with the space before it; nothing where there is no value."""
    if value is None:
        return ""
    said = escaped(value).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
    return f' {name}="{said}"'


def element(name: str, *inside: str, attributes: str = "") -> str:
    """An element of the message's namespace, with elements inside."""
    return f"<{PREFIX}:{name}{attributes}>{''.join(inside)}</{PREFIX}:{name}>"


def text(name: str, said: str | None, *, attributes: str = "") -> str:
    """An element with words; nothing where there are none."""
    return "" if said is None else element(name, escaped(said), attributes=attributes)


def number(name: str, value: int | None) -> str:
    """An element with a number."""
    return "" if value is None else element(name, str(value))


def mark(name: str, value: bool | None) -> str:
    """An element that says true or false."""
    return "" if value is None else element(name, "true" if value else "false")


def code(name: str, value: str | None, *, of: str | None = None, called: str | None = None) -> str:
    """A code element, its list named by the element's name or by `of`; `called` is the code's own name."""
    if value is None:
        return ""
    uri, version = LISTS[of or name]
    words = "" if called is None else f"<name>{escaped(called)}</name>"
    listed = f"{attribute('listURI', uri)}{attribute('listVersionID', version)}"
    return element(name, f"<code>{escaped(value)}</code>{words}", attributes=listed)


def identifier(name: str, agency: str | None, value: str, *, scheme: str | None = None) -> str:
    """An identifier."""
    attributes = attribute("schemeAgencyID", agency) + attribute("schemeID", scheme)
    return text(name, value, attributes=attributes)


def foreign(name: str, one: ForeignId | None) -> str:
    """An identifier of another system."""
    return "" if one is None else identifier(name, one.agency, one.value, scheme=one.scheme)


def texts(name: str, said: Iterable[LocalText]) -> str:
    """The same words in several languages; HTML is text here."""
    return "".join(text(name, one.text, attributes=attribute("languageCode", one.language)) for one in said)


def remarks(name: str, said: Iterable[LocalText]) -> str:
    """Plain words where some send HTML, so that a reader must take them as HTML."""
    return texts(name, (LocalText(one.language, _as_html(one.text)) for one in said))


def _as_html(words: str) -> str:
    if _SPECIAL.search(words) is None:
        return words
    return escape_html(words, quote=False).replace("\n", "<br>")


def moment(name: str, at: int | None) -> str:
    """A time (microseconds since 1970, UTC)."""
    return "" if at is None else element(name, time_text(at))


def time_text(at: int) -> str:
    """A time as XML Schema writes it, in UTC; at the ends of the calendar in a zone where it has a date."""
    since = timedelta(microseconds=at)
    for zone in (UTC, _FAR, timezone(-_FAR.utcoffset(None))):
        try:
            told = (_EPOCH.astimezone(zone).replace(tzinfo=None) + since).isoformat()
        except OverflowError:
            continue
        offset = zone.utcoffset(None)
        return told + ("Z" if not offset else "+23:59" if offset > timedelta() else "-23:59")
    raise ValueError(at)
